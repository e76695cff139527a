import CSQLite

/// What a statement reads, as SQLite's authorizer is asked for it while the statement is compiled.
package struct SQLiteReads: Sendable, Equatable {
    /// Names of columns, whichever table they are of.
    package private(set) var columns: Set<String> = []
    /// Views that stand between the statement and a table.
    package private(set) var views: Set<String> = []

    /// Nothing is read, or it is not known.
    package init() {}

    /// Takes down the questions; the authorizer points at it.
    final class Notes {
        private(set) var reads = SQLiteReads()

        func note(
            _ action: Int32, table: UnsafePointer<CChar>?, column: UnsafePointer<CChar>?,
            accessor: UnsafePointer<CChar>?
        ) {
            guard action == SQLITE_READ || action == SQLITE_SELECT else { return }
            // An empty name is a table that is read for its rows alone.
            if action == SQLITE_READ, let column, column.pointee != 0 {
                self.reads.columns.insert(String(cString: column))
            }
            if let accessor { self.reads.views.insert(String(cString: accessor)) }
        }
    }
}
