import Glibc
import Synchronization
import TextOutput
import WorkerDomain

/// Writes rows and values to new files of the user.
struct RowFile: RowSaving {
    /// The folder that relative names are below, absolute.
    let folder: String
    let home: String?

    /// A table may be long.
    private static let timeLimit = Duration.seconds(24 * 3_600)

    func save(_ export: RowExport, from database: any SQLDatabase) async throws(StorageError) -> SavedFile {
        let operation = "write the file \(export.path)"
        let format: RowFormat
        switch RowFileFormat(path: export.path) {
        case .csv: format = export.isSafe ? .safeCSV : .csv
        case .json: format = .json
        case .sql: format = .sql
        case nil:
            throw StorageError(.invalid, operation: operation, reason: "the name has to end in .csv, .json or .sql")
        }
        let file = try NewFile(self.absolute(export.path), operation: operation)
        do throws(StorageError) {
            let taker = try await self.taker(export, format, file, database)
            switch export.source {
            case .rows(let rows):
                try taker.take(columns: rows.columns)
                for row in rows.rows { try taker.take(row: row) }
            case .table(let table):
                let names = format == .sql ? try await self.stored(table, database) : "*"
                _ = try await database.stream(
                    "SELECT \(names) FROM \(DatabaseExport.quoted(table))", limit: nil, timeLimit: Self.timeLimit,
                    to: taker)
            }
            try taker.printer.finish()
            try file.close()
            return SavedFile(path: file.path, count: taker.counts.rows, hidden: taker.counts.hidden)
        } catch {
            file.discard()
            throw error
        }
    }

    func save(_ bytes: [UInt8], to path: String) async throws(StorageError) -> SavedFile {
        let file = try NewFile(self.absolute(path), operation: "write the file \(path)")
        do throws(StorageError) {
            try file.write(bytes)
            try file.close()
        } catch {
            file.discard()
            throw error
        }
        return SavedFile(path: file.path, count: bytes.count)
    }

    private func absolute(_ path: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        if let home = self.home, path == "~" || path.hasPrefix("~/") { return home + path.dropFirst() }
        return self.folder + "/" + path
    }

    /// The columns of a table that are stored: generated ones cannot be inserted.
    private func stored(_ table: String, _ database: any SQLDatabase) async throws(StorageError) -> String {
        let columns = try await database.columns(of: table).filter { !$0.isGenerated }
        return columns.map { DatabaseExport.quoted($0.name) }.joined(separator: ",")
    }

    private func taker(
        _ export: RowExport, _ format: RowFormat, _ file: NewFile, _ database: any SQLDatabase
    ) async throws(StorageError) -> MaskingTaker {
        var target = DatabaseExport.quoted(export.target)
        // The number of a column among those that are shown, where only some are written.
        var places: [Int]?
        switch export.source {
        case .rows(let rows):
            target += " (\(rows.columns.map { DatabaseExport.quoted($0) }.joined(separator: ",")))"
        case .table(let table) where format == .sql:
            let columns = try await database.columns(of: table)
            places = columns.indices.filter { !columns[$0].isGenerated }
            target += " (\(try await self.stored(table, database)))"
        case .table: break
        }
        let printer = RowPrinter(format, target: target) { bytes throws(StorageError) in try file.write(bytes) }
        return MaskingTaker(printer, places: places, shown: export.shown)
    }
}

/// Hands rows on as they may leave the program.
private final class MaskingTaker: SQLRowTaker {
    let printer: RowPrinter
    private let places: [Int]?
    private let shown: @Sendable (SQLValue, Int) -> SQLValue
    private let state = Mutex((rows: 0, hidden: 0))

    init(_ printer: RowPrinter, places: [Int]?, shown: @escaping @Sendable (SQLValue, Int) -> SQLValue) {
        self.printer = printer
        self.places = places
        self.shown = shown
    }

    var counts: (rows: Int, hidden: Int) { self.state.withLock { $0 } }

    func take(columns: [String]) throws(StorageError) { try self.printer.take(columns: columns) }

    func take(row: [SQLValue]) throws(StorageError) {
        var hidden = 0
        let values = row.enumerated().map { index, value in
            let shown = self.shown(value, self.places.map { index < $0.count ? $0[index] : index } ?? index)
            if shown != value { hidden += 1 }
            return shown
        }
        self.state.withLock { state in
            state.rows += 1
            state.hidden += hidden
        }
        try self.printer.take(row: values)
    }
}

/// A file that was not there before; the user's alone.
private final class NewFile: Sendable {
    let path: String
    private let operation: String
    private let descriptor: Mutex<Int32>

    init(_ path: String, operation: String) throws(StorageError) {
        guard !path.utf8.contains(0) else {
            throw StorageError(.invalid, operation: operation, reason: "a name of a file holds no NUL")
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            guard errno != EEXIST else {
                throw StorageError(.invalid, operation: operation, reason: "it is there already; choose another name")
            }
            throw StorageError(system: errno, operation: operation)
        }
        self.path = path
        self.operation = operation
        self.descriptor = Mutex(descriptor)
    }

    func write(_ bytes: [UInt8]) throws(StorageError) {
        let number = self.descriptor.withLock { DescriptorOutput.write(bytes[...], to: $0) }
        if let number { throw StorageError(system: number, operation: self.operation) }
    }

    func close() throws(StorageError) {
        let descriptor = self.take()
        guard descriptor >= 0, Glibc.close(descriptor) != 0 else { return }
        throw StorageError(system: errno, operation: self.operation)
    }

    /// Removes what was begun.
    func discard() {
        let descriptor = self.take()
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        unlink(self.path)
    }

    private func take() -> Int32 {
        self.descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
    }
}
