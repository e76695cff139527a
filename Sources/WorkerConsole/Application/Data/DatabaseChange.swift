import CommandLineArguments
import Glibc
import TextOutput
import WorkerDomain

/// `d1 query --write`: a backup first, then one statement in a transaction of its own.
struct DatabaseChange {
    private let resource: BoundResource
    private let format: RowFormat
    private let limit: Int?

    /// Rows of RETURNING that are printed without a limit.
    private static let rows = 10_000

    init(_ resource: BoundResource, format: RowFormat, limit: Int?) {
        self.resource = resource
        self.format = format
        self.limit = limit
    }

    func run(_ sql: String) async throws(CommandFailure) {
        let name = self.resource.binding.name
        guard let writer = self.resource.databaseWriter else {
            throw .cannotRun("\(name) is not changed here: its store is not the local state")
        }
        let backup = try await reading { () async throws(StorageError) in try await writer.backUp() }
        let change: SQLChange
        do throws(StorageError) {
            change = try await writer.write(sql, limit: self.limit ?? Self.rows)
        } catch {
            throw Self.failure(error, backup)
        }
        let changed = "\(Counted.text(change.changed, "row")) changed; the backup is \(backup)"
        do throws(CommandFailure) {
            try await self.print(change, backup)
        } catch {
            // Whoever does not see the result must not take the statement for one that failed.
            StandardError.say(changed)
            throw error
        }
        if change.rows.hasMore {
            StandardError.say("the result is cut: \(Counted.text(change.rows.rows.count, "row")) printed")
        }
        if self.format != .json { StandardError.say(changed) }
    }

    /// The backup of a database that certainly is as it was goes again: a script that tries once more would leave one each
    /// time.
    private static func failure(_ error: StorageError, _ backup: String) -> CommandFailure {
        let code = CommandFailure.of(error).exitCode
        switch error.code {
        case .invalid, .locked, .limit:
            unlink(backup)
            return CommandFailure(exitCode: code, message: "\(error); nothing was changed")
        case .notFound, .denied, .unreachable, .malformed, .remote, .unsupported:
            return CommandFailure(exitCode: code, message: "\(error); the backup is \(backup)")
        }
    }

    private func print(_ change: SQLChange, _ backup: String) async throws(CommandFailure) {
        let printer = RowPrinter(self.format)
        let rows = change.rows
        try await reading { () async throws(StorageError) in
            // Most statements that write have no rows.
            if self.format == .json || !rows.columns.isEmpty { try printer.take(columns: rows.columns) }
            for row in rows.rows { try printer.take(row: row) }
            var members = [("changed", SQLValue.integer(Int64(change.changed))), ("backup", .text(backup))]
            if rows.hasMore { members.append(("printed", .integer(Int64(rows.rows.count)))) }
            try printer.finish(members.map { (name: $0.0, value: $0.1) })
        }
    }
}
