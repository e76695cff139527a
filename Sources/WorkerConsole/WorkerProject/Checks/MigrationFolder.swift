import FileWatching
import FoundationEssentials
import WorkerDomain

/// The migrations of a D1 database as wrangler finds them: files of a folder, and a table of those that were applied.
struct MigrationFolder {
    /// Names of the files, in the order in which they are applied.
    let files: [String]
    /// As configured.
    let shown: String
    private let table: String

    private static let limit = 2_000

    /// - Returns: `nil` when there is no such folder, or no migration in it.
    init?(of binding: Binding, in context: CheckContext) {
        let entry = context.wrangler?.values["d1_databases"]?.elements?
            .first { ($0["binding"]?.string).map { $0.hasSameBytes(as: binding.name) } ?? false }
        self.shown = entry?["migrations_dir"]?.string ?? "migrations"
        self.table = entry?["migrations_table"]?.string ?? "d1_migrations"
        let path = self.shown.hasPrefix("/") ? self.shown : context.folder + "/" + self.shown
        FileTrace.note(path, listing: true)
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        self.files = entries.filter { $0.hasSuffix(".sql") }.sorted().prefix(Self.limit).map { $0 }
        guard !self.files.isEmpty else { return nil }
    }

    /// Names of the migrations that the database says were applied; empty before the first.
    func applied(in database: any SQLDatabase) async throws(StorageError) -> [String] {
        let overview = try await database.overview()
        guard overview.exists, overview.tables.contains(where: { $0.name.hasSameBytes(as: self.table) }) else {
            return []
        }
        let quoted = "\"" + self.table.replacing("\"", with: "\"\"") + "\""
        let rows = try await database.query("SELECT name FROM \(quoted) ORDER BY id", limit: Self.limit)
        return rows.rows.compactMap { if case .text(let name)? = $0.first { name } else { nil } }
    }
}
