/// How rows are written to a file, by the ending of its name.
package enum RowFileFormat: String, Sendable, CaseIterable {
    case csv, json, sql

    /// By the ending of a file's name.
    package init?(path: String) {
        guard let format = Self.allCases.first(where: { path.lowercased().hasSuffix("." + $0.rawValue) }) else {
            return nil
        }
        self = format
    }
}

/// Rows that a person wants in a file.
package struct RowExport: Sendable {
    package enum Source: Sendable {
        /// All rows of a table or view.
        case table(String)
        case rows(SQLRows)
    }
    package let source: Source
    /// The table that SQL inserts into.
    package let target: String
    /// As typed: relative to the folder that the program runs in, `~` stands for the home folder.
    package let path: String
    /// CSV gets a `'` before texts that a spreadsheet would run as formulas.
    package let isSafe: Bool
    /// A value as it may leave the program, by the number of its column.
    package let shown: @Sendable (SQLValue, Int) -> SQLValue

    package init(
        source: Source, target: String, path: String, isSafe: Bool = false,
        shown: @escaping @Sendable (SQLValue, Int) -> SQLValue
    ) {
        self.source = source
        self.target = target
        self.path = path
        self.isSafe = isSafe
        self.shown = shown
    }
}

/// What was written.
package struct SavedFile: Sendable, Equatable {
    /// Absolute.
    package let path: String
    /// Rows, or bytes of a value.
    package let count: Int
    /// Values that were hidden.
    package let hidden: Int

    package init(path: String, count: Int, hidden: Int = 0) {
        self.path = path
        self.count = count
        self.hidden = hidden
    }
}

/// Writes rows and values to new files; nothing is overwritten.
package protocol RowSaving: Sendable {
    func save(_ export: RowExport, from database: any SQLDatabase) async throws(StorageError) -> SavedFile
    func save(_ bytes: [UInt8], to path: String) async throws(StorageError) -> SavedFile
}

/// Writes nothing.
package struct NoRowSaving: RowSaving {
    package init() {}
    package func save(_: RowExport, from _: any SQLDatabase) async throws(StorageError) -> SavedFile {
        throw StorageError(.denied, operation: "write a file", reason: "files are not written here")
    }
    package func save(_: [UInt8], to _: String) async throws(StorageError) -> SavedFile {
        throw StorageError(.denied, operation: "write a file", reason: "files are not written here")
    }
}
