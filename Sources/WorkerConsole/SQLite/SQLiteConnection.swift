import CSQLite

/// One connection to a database; closed with its owner, and used by one thread at a time.
package struct SQLiteConnection: ~Copyable {
    /// The largest single value that a guest reads, in bytes.
    static let largestGuestValue: Int32 = 64 << 20

    private let handle: OpaquePointer
    /// Lives as long as the handle, whose progress handler points at it.
    private let deadline: SQLiteDeadline?

    /// Opens a database for reading and writing; makes the file when there is none. Foreign keys are enforced.
    package init(path: String) throws(SQLiteError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        self.handle = try Self.open(path, flags, layer: nil, pragmas: ["foreign_keys=ON"])
        self.deadline = nil
    }

    /// Opens a database for reading through the guest's file layer; statements end with SQLITE_INTERRUPT at the
    /// deadline.
    /// - Parameters:
    ///   - address: A URI of the file (https://sqlite.org/uri.html).
    ///   - deadline: Kept by the connection.
    /// - Throws: `SQLiteError` — `.unreachable`, `.busy`, `.malformed`.
    init(guest address: String, deadline: SQLiteDeadline) throws(SQLiteError) {
        guard GuestFileSystem.isRegistered else {
            throw SQLiteError(.unreachable, message: "SQLite has no file layer here")
        }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        self.handle = try Self.open(
            address, flags, layer: GuestFileSystem.name,
            pragmas: ["temp_store=MEMORY", "trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"])
        self.deadline = deadline
        self.bound(by: deadline)
    }

    /// Makes a database in memory for somebody's script, which cannot leave it: see ``ScratchRules``. It holds 256 MiB at
    /// most; statements end with SQLITE_INTERRUPT at the deadline.
    package init(scratch deadline: SQLiteDeadline) throws(SQLiteError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        self.handle = try Self.open(
            ":memory:", flags, layer: nil,
            pragmas: ["page_size=4096", "max_page_count=65536", "temp_store=MEMORY", "trusted_schema=OFF"])
        self.deadline = deadline
        self.bound(by: deadline)
        sqlite3_set_authorizer(
            self.handle, { _, action, first, second, _, _ in ScratchRules.check(action, first, second) }, nil)
    }

    private func bound(by deadline: SQLiteDeadline) {
        sqlite3_limit(self.handle, SQLITE_LIMIT_LENGTH, Self.largestGuestValue)
        sqlite3_limit(self.handle, SQLITE_LIMIT_ATTACHED, 0)
        let context = Unmanaged.passUnretained(deadline).toOpaque()
        sqlite3_progress_handler(
            self.handle, 2_000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<SQLiteDeadline>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
            }, context)
    }

    /// Opens a database of somebody else's that is there, for writing; statements end with SQLITE_INTERRUPT at the
    /// deadline. Foreign keys are enforced.
    package init(writing path: String, deadline: SQLiteDeadline) throws(SQLiteError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        self.handle = try Self.open(
            path, flags, layer: nil,
            pragmas: ["foreign_keys=ON", "temp_store=MEMORY", "trusted_schema=OFF", "cell_size_check=ON"])
        self.deadline = deadline
        self.bound(by: deadline)
        sqlite3_busy_timeout(self.handle, 5_000)
    }

    deinit {
        // Statements that are still there keep the handle alive, but not the deadline.
        sqlite3_progress_handler(self.handle, 0, nil, nil)
        sqlite3_close_v2(self.handle)
    }

    /// Runs statements, one after the other, without rows.
    package func run(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(self.handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(result: code, of: self.handle) }
    }

    /// Runs one statement with values for its parameters, without rows.
    package func run(_ sql: String, _ values: [SQLiteValue]) throws(SQLiteError) {
        let statement = try self.prepare(sql)
        for (index, value) in values.enumerated() { try statement.bind(Int32(index + 1), value) }
        while try statement.step() {}
    }

    /// Runs `body` in a transaction of its own, which holds the write lock from the start; what it throws undoes all.
    package func transaction(_ body: () throws -> Void) throws {
        try self.run("BEGIN IMMEDIATE")
        do {
            try body()
            try self.run("COMMIT")
        } catch {
            // It fails when the error ended the transaction already.
            try? self.run("ROLLBACK")
            throw error
        }
    }

    /// Compiles exactly one statement.
    /// - Throws: `SQLiteError` — `.invalid` with SQLite's own words, without a statement, and for a second one.
    package func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        var sql = sql
        var pointer: OpaquePointer?
        var second: OpaquePointer?
        var hasSecond = false
        let code = sql.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { text in
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v2(
                    self.handle, text.baseAddress, Int32(clamping: text.count), &pointer, &tail)
                guard code == SQLITE_OK, let start = text.baseAddress, let tail, tail < start + text.count else {
                    return code
                }
                // What is left may be white space and comments; SQLite tells.
                let count = Int32(clamping: start + text.count - tail)
                hasSecond = sqlite3_prepare_v2(self.handle, tail, count, &second, nil) != SQLITE_OK || second != nil
                return code
            }
        }
        sqlite3_finalize(second)
        guard code == SQLITE_OK else { throw SQLiteError(result: code, of: self.handle) }
        guard let pointer else { throw SQLiteError(.invalid, message: "no statement") }
        let statement = SQLiteStatement(pointer)
        if hasSecond { throw SQLiteError(.invalid, message: "only one statement is run at a time") }
        return statement
    }

    /// Compiles what a person typed, if it is one statement that only reads; call it last, because the rules stay.
    /// - Throws: `SQLiteError` — as ``prepare(_:)``, and `.invalid` for a statement that writes or has parameters.
    package func prepareReading(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        // It stays for what SQLite itself compiles while the statement runs.
        sqlite3_set_authorizer(
            self.handle, { _, action, first, second, _, _ in ReadingRules.check(action, first, second) }, nil)
        let statement = try self.prepare(sql)
        guard statement.isReadOnly else { throw SQLiteError(.invalid, message: ReadingRules.refusal) }
        guard statement.parameterCount == 0 else {
            throw SQLiteError(.invalid, message: "statement parameters are not supported here")
        }
        return statement
    }

    /// Compiles one statement that may write: see ``WritingRules``, which hold until ``endRules()``.
    package func prepareWriting(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        sqlite3_set_authorizer(
            self.handle, { _, action, first, second, _, _ in WritingRules.check(action, first, second) }, nil)
        let statement: SQLiteStatement
        do throws(SQLiteError) {
            statement = try self.prepare(sql)
        } catch {
            throw error.message == ReadingRules.refusal ? SQLiteError(.invalid, message: WritingRules.refusal) : error
        }
        guard statement.parameterCount == 0 else {
            throw SQLiteError(.invalid, message: "statement parameters are not supported here")
        }
        return statement
    }

    package func endRules() { sqlite3_set_authorizer(self.handle, nil, nil) }

    /// Rows that were changed since the connection was opened, by triggers and foreign keys as well.
    package var changes: Int { Int(sqlite3_total_changes64(self.handle)) }

    /// Copies the state that this connection sees into a file, which is overwritten.
    package func copy(to path: String) throws(SQLiteError) {
        let target = try SQLiteConnection(path: path)
        guard let backup = sqlite3_backup_init(target.handle, "main", self.handle, "main") else {
            throw SQLiteError(result: sqlite3_extended_errcode(target.handle), of: target.handle)
        }
        var code = SQLITE_OK
        // In pieces, so that the work can end; the state does not change meanwhile: this connection holds it.
        repeat { code = sqlite3_backup_step(backup, 1_000) } while code == SQLITE_OK && self.deadline?.isOver != true
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else {
            throw code == SQLITE_OK
                ? SQLiteError(result: SQLITE_INTERRUPT, of: nil)
                : SQLiteError(result: end == SQLITE_OK ? code : end, of: target.handle)
        }
    }

    /// Compiles a statement once more to learn which columns it reads; call it before ``prepareReading(_:)``, whose rules
    /// stay.
    /// - Returns: Nothing read when the statement cannot be compiled.
    package func reads(of sql: String) -> SQLiteReads {
        let notes = SQLiteReads.Notes()
        sqlite3_set_authorizer(
            self.handle,
            { context, action, first, second, _, accessor in
                guard let context, ReadingRules.check(action, first, second) == SQLITE_OK else { return SQLITE_DENY }
                Unmanaged<SQLiteReads.Notes>.fromOpaque(context).takeUnretainedValue()
                    .note(action, table: first, column: second, accessor: accessor)
                return SQLITE_OK
            }, Unmanaged.passUnretained(notes).toOpaque())
        defer { sqlite3_set_authorizer(self.handle, nil, nil) }
        // The notes are pointed at until the authorizer is gone.
        return withExtendedLifetime(notes) {
            _ = try? self.prepare(sql)
            return notes.reads
        }
    }

    /// True when there is a table of this name.
    package func hasTable(_ name: String) throws(SQLiteError) -> Bool {
        let statement = try self.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1")
        try statement.bind(1, name)
        return try statement.step()
    }

    /// Ends a guest's statements at `end` already; `nil` takes that back.
    package func limitTime(until end: ContinuousClock.Instant?) {
        self.deadline?.limit(until: end)
    }

    /// Opens a handle, or closes it again when that or one of the pragmas fails.
    private static func open(
        _ name: String, _ flags: Int32, layer: String?, pragmas: [String]
    ) throws(SQLiteError) -> OpaquePointer {
        var handle: OpaquePointer?
        var code = sqlite3_open_v2(name, &handle, flags, layer)
        // Without memory there is no handle either.
        guard let handle else { throw SQLiteError(result: code, of: nil) }
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 500)
        for pragma in pragmas where code == SQLITE_OK {
            code = sqlite3_exec(handle, "PRAGMA \(pragma)", nil, nil, nil)
        }
        guard code == SQLITE_OK else {
            let error = SQLiteError(result: code, of: handle)
            sqlite3_close_v2(handle)
            throw error
        }
        return handle
    }
}
