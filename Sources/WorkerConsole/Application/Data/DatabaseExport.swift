import CommandLineArguments
import TextOutput
import WorkerDomain

/// Writes a database as SQL that makes it again: tables with their rows, then indexes, triggers and views.
struct DatabaseExport {
    private let database: any SQLDatabase
    private let overview: DatabaseOverview
    private let time: Duration

    init(_ database: any SQLDatabase, _ overview: DatabaseOverview, time: Duration) {
        self.database = database
        self.overview = overview
        self.time = time
    }

    /// - Parameters:
    ///   - table: That one alone, with its indexes and triggers; `nil` for all.
    ///   - limit: Rows of a table at most.
    /// - Throws: ``CommandFailure`` when the database cannot be read or the output not be written.
    func run(only table: String? = nil, limit: Int? = nil) async throws(CommandFailure) {
        try StandardOutput.write("PRAGMA defer_foreign_keys=TRUE;\n")
        let entries = self.overview.schema.filter { entry in table.map { $0.hasSameBytes(as: entry.table) } ?? true }
        for entry in entries where entry.type == "table" {
            guard let kind = self.kind(of: entry.name), kind != .shadow, let sql = entry.sql else { continue }
            try StandardOutput.write(sql + ";\n")
            try await self.rows(of: entry.name, limit: limit)
        }
        if table == nil { try await self.sequences() }
        for type in ["index", "trigger", "view"] {
            for entry in entries where entry.type == type {
                if let sql = entry.sql { try StandardOutput.write(sql + ";\n") }
            }
        }
    }

    private func kind(of name: String) -> DatabaseOverview.Table.Kind? {
        self.overview.tables.first { $0.name.hasSameBytes(as: name) }?.kind
    }

    /// Generated columns are computed again.
    private func rows(of table: String, limit: Int?) async throws(CommandFailure) {
        let database = self.database
        let columns = try await reading { () async throws(StorageError) in try await database.columns(of: table) }
        let names = columns.filter { !$0.isGenerated }.map { Self.quoted($0.name) }.joined(separator: ",")
        guard !names.isEmpty else { return }
        let printer = RowPrinter(.sql, target: "\(Self.quoted(table)) (\(names))")
        let time = self.time
        let hasMore = try await reading { () async throws(StorageError) in
            let hasMore = try await database.stream(
                "SELECT \(names) FROM \(Self.quoted(table))", limit: limit, timeLimit: time, to: printer)
            try printer.finish()
            return hasMore
        }
        if hasMore { StandardError.say("stopped at --limit \(limit ?? 10_000), more exist") }
    }

    /// What AUTOINCREMENT has reached.
    private func sequences() async throws(CommandFailure) {
        let hasAny = self.overview.schema.contains { $0.sql?.lowercased().contains("autoincrement") ?? false }
        guard hasAny else { return }
        let (database, time) = (self.database, self.time)
        let printer = RowPrinter(.sql, target: "sqlite_sequence (name,seq)")
        try StandardOutput.write("DELETE FROM sqlite_sequence;\n")
        _ = try await reading { () async throws(StorageError) in
            _ = try await database.stream(
                "SELECT name, seq FROM sqlite_sequence WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'", limit: nil,
                timeLimit: time, to: printer)
            try printer.finish()
        }
    }

    static func quoted(_ name: String) -> String { name.quoted("\"") }
}
