import WorkerDomain

/// The migrations of the project and those of the local database are the same.
struct MigrationsCheck: DeployCheck {
    static let id = "bindings.migrations"
    static let title = "Migrations"
    static let chineseTitle = "数据库迁移"
    static let about =
        "Every migration of a D1 database is applied locally, and every applied one is still in its folder."

    func run(_ context: CheckContext) async -> [CheckResult] {
        await BindingReads(context: context).result(
            of: self, nothing: "no D1 database has migrations",
            rule: "`wrangler deploy` applies no migration: `wrangler d1 migrations apply` does"
        ) { resource in
            guard case .database(let database) = resource.reader,
                let folder = MigrationFolder(of: resource.binding, in: context)
            else { return nil }
            return await Self.lines(of: database, folder, named: resource.binding.resource ?? resource.binding.name)
        }
    }

    private static func lines(
        of database: any SQLDatabase, _ folder: MigrationFolder, named name: String
    ) async -> [BindingReads.Line] {
        let applied: [String]
        do throws(StorageError) {
            applied = try await folder.applied(in: database)
        } catch {
            return [.init(words: "not known: \(error.reason)", isKnown: false)]
        }
        let known = Set(applied.map { ByteString($0) })
        let pending = folder.files.filter { !known.contains(ByteString($0)) }
        let there = Set(folder.files.map { ByteString($0) })
        let gone = applied.filter { !there.contains(ByteString($0)) }
        var lines: [BindingReads.Line] = []
        if !pending.isEmpty {
            lines.append(
                .init(
                    words: "\(Counted.text(pending.count, "migration is", "migrations are")) not applied locally: "
                        + pending.prefix(5).joined(separator: ", "),
                    fix: "run `wrangler d1 migrations apply \(name) --local`"))
        }
        if !gone.isEmpty {
            lines.append(
                .init(
                    words: "applied and not in \(folder.shown): \(gone.prefix(5).joined(separator: ", "))",
                    fix: "put the file back: a new database would not get what it did"))
        }
        return lines.isEmpty ? [.init(words: "\(Counted.text(applied.count, "migration")) applied, 0 pending")] : lines
    }
}
