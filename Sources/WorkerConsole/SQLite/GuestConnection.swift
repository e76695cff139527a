import CSQLite
import Glibc

/// One read-only connection; lives for one read and stays on its thread.
package final class GuestConnection {
    /// What is being done, in the user's words.
    package let operation: String

    private var handle: OpaquePointer?
    private let deadline: GuestDeadline
    private let path: String

    /// The largest single value that is read, in bytes.
    package static let largestValue: Int32 = 64 << 20

    init(path: String, hasLog: Bool, operation: String, deadline: GuestDeadline) throws(SQLiteError) {
        self.path = path
        self.operation = operation
        self.deadline = deadline
        guard GuestFileSystem.isRegistered else {
            throw SQLiteError(.unreachable, operation: operation, reason: "SQLite has no file layer here")
        }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        let code = sqlite3_open_v2(Self.address(of: path, hasLog: hasLog), &self.handle, flags, GuestFileSystem.name)
        guard code == SQLITE_OK else {
            let error = self.error(code)
            self.close()
            throw error
        }
        sqlite3_extended_result_codes(self.handle, 1)
        sqlite3_limit(self.handle, SQLITE_LIMIT_LENGTH, Self.largestValue)
        sqlite3_limit(self.handle, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_busy_timeout(self.handle, 500)
        // The deadline outlives the connection: both belong to the same read.
        let context = Unmanaged.passUnretained(deadline).toOpaque()
        sqlite3_progress_handler(
            self.handle, 2_000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<GuestDeadline>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
            }, context)
        for pragma in ["temp_store=MEMORY", "trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"] {
            try self.run("PRAGMA \(pragma)")
        }
    }

    /// Starts the read transaction that all statements share.
    func begin() throws(SQLiteError) {
        try self.run("BEGIN")
        // The first read takes the lock, finds the write-ahead log and says whether this is a database at all.
        try self.run("SELECT count(*) FROM sqlite_master")
    }

    func usesWriteAheadLog() throws(SQLiteError) -> Bool {
        let statement = try self.prepare("PRAGMA journal_mode")
        return try statement.step() && statement.text(0) == "wal"
    }

    func close() {
        sqlite3_close_v2(self.handle)
        self.handle = nil
    }

    /// Compiles one statement; what stands behind it is ignored.
    package func prepare(_ sql: String) throws(SQLiteError) -> GuestStatement {
        let (statement, _) = try self.compile(sql)
        guard let statement else {
            throw SQLiteError(.invalid, operation: self.operation, reason: "there is no statement")
        }
        return statement
    }

    /// Compiles the first statement of `sql`.
    /// - Returns: The statement, `nil` for white space and comments, and the bytes of `sql` behind it.
    package func compile(_ sql: String) throws(SQLiteError) -> (statement: GuestStatement?, rest: [UInt8]) {
        var bytes = sql.utf8.map { CChar(bitPattern: $0) }
        bytes.append(0)
        var pointer: OpaquePointer?
        var used = 0
        let code = bytes.withUnsafeBufferPointer { buffer -> Int32 in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(
                self.handle, buffer.baseAddress, Int32(clamping: buffer.count), &pointer, &tail)
            if let base = buffer.baseAddress, let tail { used = tail - base }
            return code
        }
        guard code == SQLITE_OK else { throw self.error(code) }
        let rest = bytes[min(used, bytes.count - 1)..<(bytes.count - 1)].map { UInt8(bitPattern: $0) }
        return (pointer.map { GuestStatement($0, of: self) }, rest)
    }

    /// True when there is a table of this name.
    package func hasTable(_ name: String) throws(SQLiteError) -> Bool {
        let statement = try self.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1")
        statement.bind(1, name)
        return try statement.step()
    }

    /// Compiles what a person typed, if it is one statement that only reads; call it last.
    /// - Throws: `SQLiteError` — `.invalid` with SQLite's own words, for a second statement, and for one that writes.
    package func prepareReading(_ sql: String) throws(SQLiteError) -> GuestStatement {
        // It stays for what SQLite itself compiles while the statement runs.
        sqlite3_set_authorizer(
            self.handle, { _, action, first, second, _, _ in ReadingRules.check(action, first, second) }, nil)
        let (statement, rest) = try self.compile(sql)
        guard let statement else { throw self.refusal("there is no statement") }
        guard statement.isReadOnly else { throw self.refusal(ReadingRules.refusal) }
        guard statement.parameterCount == 0 else { throw self.refusal("parameters have no values here") }
        // What is left may be white space and comments; SQLite tells.
        if !rest.isEmpty {
            let second = Result { try self.compile(String(decoding: rest, as: UTF8.self)).statement }
            guard case .success(nil) = second else { throw self.refusal("only one statement is run at a time") }
        }
        return statement
    }

    /// Ends statements at `end` already; `nil` takes that back.
    package func limitTime(until end: ContinuousClock.Instant?) {
        self.deadline.limit(until: end)
    }

    private func refusal(_ reason: String) -> SQLiteError {
        SQLiteError(.invalid, operation: self.operation, reason: reason)
    }

    /// What SQLite's code means for the caller.
    func error(_ code: Int32) -> SQLiteError {
        let message = self.handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
        let reason = message.map { String(cString: $0) } ?? "SQLite error \(code)"
        let kind: SQLiteError.Code
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: kind = .locked
        case SQLITE_READONLY:
            // The owner left something that only it can put in order; it does when it opens the file next.
            let text = "the last writer did not finish and nobody has put the file in order yet"
            return SQLiteError(.locked, operation: self.operation, reason: "\(text) (\(reason))")
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: kind = .malformed
        case SQLITE_PERM: kind = .denied
        case SQLITE_CANTOPEN: kind = self.isUnreadable ? .denied : .unreachable
        case SQLITE_AUTH: return self.refusal(ReadingRules.refusal)
        case SQLITE_TOOBIG, SQLITE_NOMEM: kind = .limit
        case SQLITE_INTERRUPT:
            return SQLiteError(.limit, operation: self.operation, reason: "stopped: it took too long")
        case SQLITE_IOERR: kind = .unreachable
        default: kind = .invalid
        }
        return SQLiteError(kind, operation: self.operation, reason: reason)
    }

    private var isUnreadable: Bool {
        let path = GuestFiles.resolved(self.path)
        return ["", "-wal", "-shm"].contains { access(path + $0, R_OK) != 0 && errno == EACCES }
    }

    private func run(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(self.handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw self.error(code) }
    }

    private static var currentFolder: String {
        guard let folder = getcwd(nil, 0) else { return "" }
        defer { free(folder) }
        return String(cString: folder)
    }

    /// The path as a URI: every byte that could mean something else is escaped.
    private static func address(of path: String, hasLog: Bool) -> String {
        let absolute = path.hasPrefix("/") ? path : Self.currentFolder + "/" + path
        var text = "file:"
        for byte in absolute.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += byte < 16 ? "%0\(String(byte, radix: 16))" : "%\(String(byte, radix: 16))"
            }
        }
        return text + "?mode=ro&readonly_shm=1" + (hasLog ? "&has_log=1" : "")
    }
}
