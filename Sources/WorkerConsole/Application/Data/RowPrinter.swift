import CommandLineArguments
import Synchronization
import TextOutput
import WorkerDomain

/// Prints rows as they come, in pieces of some kilobytes.
final class RowPrinter: SQLRowTaker {
    private struct State {
        var held: [UInt8] = []
        var hasRows = false
    }

    /// What a row is printed as.
    private let format: RowFormat
    /// Of `INSERT INTO`, for SQL.
    private let target: String
    /// Where it goes.
    private let write: @Sendable ([UInt8]) throws(StorageError) -> Void
    private let state = Mutex(State())
    private static let pieceSize = 64 << 10

    init(
        _ format: RowFormat, target: String = "\"result\"",
        to write: @escaping @Sendable ([UInt8]) throws(StorageError) -> Void = { bytes throws(StorageError) in
            try RowPrinter.print(bytes)
        }
    ) {
        self.write = write
        self.format = format
        self.target = target
    }

    func take(columns: [String]) throws(StorageError) {
        let line =
            switch self.format {
            case .text: columns.map { ObjectText.key($0) }.joined(separator: "\t") + "\n"
            case .csv: columns.map { RowText.csv(.text($0)) }.joined(separator: ",") + "\r\n"
            case .safeCSV: columns.map { RowText.safeCSV(.text($0)) }.joined(separator: ",") + "\r\n"
            case .json:
                "{\"columns\":[" + columns.map { RowText.json(.text($0)) }.joined(separator: ",") + "],\"rows\":["
            case .sql: ""
            }
        try self.add(line)
    }

    func take(row: [SQLValue]) throws(StorageError) {
        switch self.format {
        case .text: try self.add(row.map { RowText.text($0) }.joined(separator: "\t") + "\n")
        case .csv: try self.add(row.map { RowText.csv($0) }.joined(separator: ",") + "\r\n")
        case .safeCSV: try self.add(row.map { RowText.safeCSV($0) }.joined(separator: ",") + "\r\n")
        case .json:
            let isFirst = self.state.withLock { state in
                defer { state.hasRows = true }
                return !state.hasRows
            }
            try self.add((isFirst ? "[" : ",[") + row.map { RowText.json($0) }.joined(separator: ",") + "]")
        case .sql:
            try self.add("INSERT INTO \(self.target) VALUES(\(row.map { RowText.sql($0) }.joined(separator: ",")));\n")
        }
    }

    /// Prints what is held, and the end that the format has.
    /// - Parameter members: Of the object, beside columns and rows, for JSON.
    /// - Throws: `StorageError` when it cannot be written.
    func finish(_ members: [(name: String, value: SQLValue)] = []) throws(StorageError) {
        if self.format == .json {
            let rest = members.map { ",\(RowText.json(.text($0.name))):\(RowText.json($0.value))" }
            try self.add("]\(rest.joined())}\n")
        }
        try self.flush()
    }

    func add(_ text: String) throws(StorageError) {
        let isFull = self.state.withLock { state in
            state.held += text.utf8
            return state.held.count >= Self.pieceSize
        }
        if isFull { try self.flush() }
    }

    private func flush() throws(StorageError) {
        let bytes = self.state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        try self.write(bytes)
    }

    /// Prints to standard output.
    private static func print(_ bytes: [UInt8]) throws(StorageError) {
        do throws(CommandFailure) {
            try StandardOutput.write(bytes)
        } catch {
            throw StorageError(.unreachable, operation: "print", reason: error.message ?? "")
        }
    }
}
