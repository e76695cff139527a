import FileWatching
import WorkerDomain

/// The migrations of the project and those of the local database are the same.
struct MigrationsCheck: DeployCheck {
    static let id = "bindings.migrations"
    static let title = "Migrations"
    static let chineseTitle = "数据库迁移"
    static let about =
        "Every migration of a D1 database is applied locally, every applied one is still in its folder, and the tables are those that they make."

    func run(_ context: CheckContext) async -> [CheckResult] {
        await BindingReads(context: context).result(
            of: self, nothing: "no D1 database has migrations",
            rule: "`wrangler deploy` applies no migration: `wrangler d1 migrations apply` does"
        ) { resource in
            guard let reader = resource.migrations else { return nil }
            let report: MigrationReport
            do throws(StorageError) {
                report = try await reader.report()
            } catch {
                return [Self.line(of: error)]
            }
            FileTrace.note(report.folder, listing: true)
            return report.migrations.isEmpty
                ? nil : Self.lines(of: report, named: resource.binding.resource ?? resource.binding.name)
        }
    }

    private static func line(of error: StorageError) -> BindingReads.Line {
        switch error.code {
        // One fault is one finding.
        case .malformed, .invalid:
            .init(words: "not known: \(error.reason): see the check of D1 databases", isKnown: false)
        case .denied:
            .init(
                words: "no permission to read the database or its migrations: \(error.reason)",
                fix: StateFault.permission, isFile: true)
        default: StateFault(error, reading: "the database or its migrations").line
        }
    }

    private static func lines(of report: MigrationReport, named name: String) -> [BindingReads.Line] {
        func names(_ state: MigrationReport.State) -> [String] {
            report.migrations.filter { $0.state == state }.map(\.name)
        }
        var lines: [BindingReads.Line] = []
        let (pending, missing, applied) = (names(.pending), names(.missing), names(.applied))
        if !pending.isEmpty {
            lines.append(
                .init(
                    words: "\(Counted.text(pending.count, "migration is", "migrations are")) not applied locally: "
                        + pending.prefix(5).joined(separator: ", "),
                    fix: "run `wrangler d1 migrations apply \(name) --local`"))
        }
        if !missing.isEmpty {
            lines.append(
                .init(
                    words: "applied and not in the folder of migrations: \(missing.prefix(5).joined(separator: ", "))",
                    fix: "put the file back: a new database would not get what it did"))
        }
        // What differs before the pending ones have run says nothing yet.
        if !report.drift.isEmpty, pending.isEmpty {
            let drift = report.drift.prefix(5).map { "\($0.type) \($0.name)" }.joined(separator: ", ")
            lines.append(
                .init(
                    words: "differs from what its migrations make: \(drift)",
                    fix: "write a migration for it: a new database would not have it"))
        }
        return lines.isEmpty ? [.init(words: "\(Counted.text(applied.count, "migration")) applied, 0 pending")] : lines
    }
}
