package import WorkerDomain

/// Reads a D1 database that `wrangler dev` keeps on this machine.
///
/// The file is looked for at every call: it may appear, or another candidate's may, while the console is open.
package struct MiniflareD1: SQLDatabase {
    package let state: MiniflareState
    /// Names that the file may have been made from, in wrangler's order.
    package let candidates: [String]
    /// How long one statement may run.
    package let timeLimit: Duration

    package init(state: MiniflareState, candidates: [String], timeLimit: Duration = SQLLimits.statementTime) {
        self.state = state
        self.candidates = candidates
        self.timeLimit = timeLimit
    }

    /// Where the database is or will be; `nil` without a candidate name.
    package var location: MiniflareState.Location? { self.state.locate(.d1, candidates: self.candidates) }

    package func overview() async throws(StorageError) -> DatabaseOverview { try await self.file.overview() }

    package func columns(of table: String) async throws(StorageError) -> [SQLColumn] {
        try await self.file.columns(of: table)
    }

    package func rows(
        of table: String, order: SQLOrder?, offset: Int, limit: Int
    ) async throws(StorageError) -> SQLRows {
        try await self.file.rows(of: table, order: order, offset: offset, limit: limit)
    }

    package func page(_ request: SQLPageRequest) async throws(StorageError) -> SQLPage {
        try await self.file.page(request)
    }

    package func relations(of table: String) async throws(StorageError) -> SQLRelations {
        try await self.file.relations(of: table)
    }

    package func count(of table: String) async throws(StorageError) -> Int { try await self.file.count(of: table) }

    package func query(_ sql: String, limit: Int) async throws(StorageError) -> SQLRows {
        try await self.file.query(sql, limit: limit)
    }

    package func stream(
        _ sql: String, limit: Int?, timeLimit: Duration, to taker: any SQLRowTaker
    ) async throws(StorageError) -> Bool {
        try await self.file.stream(sql, limit: limit, timeLimit: timeLimit, to: taker)
    }

    private var file: SQLiteDatabase {
        let location = self.location
        // Without a name there is no file: a path that cannot exist reads as one that does not exist yet.
        return SQLiteDatabase(
            path: location?.database ?? self.state.root + "/d1/none.sqlite", name: "d1:\(location?.name ?? "")",
            timeLimit: self.timeLimit)
    }
}
