import CSQLite

/// One compiled statement; finalized with its owner.
///
/// Columns are numbered from 0, parameters from 1, as in SQLite. A column is only read between a ``step()`` that
/// returned true and the next call.
package struct SQLiteStatement: ~Copyable {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        sqlite3_finalize(self.pointer)
    }

    /// True when the statement itself changes nothing.
    package var isReadOnly: Bool { sqlite3_stmt_readonly(self.pointer) != 0 }

    package var columnCount: Int { Int(sqlite3_column_count(self.pointer)) }

    package var columnNames: [String] {
        (0..<sqlite3_column_count(self.pointer)).map { index in
            sqlite3_column_name(self.pointer, index).map { String(cString: $0) } ?? ""
        }
    }

    /// For each column the name of the table's column that it is, through views and subqueries; `nil` for an
    /// expression. Of a compound statement SQLite tells the first part's.
    package var columnOrigins: [String?] {
        (0..<sqlite3_column_count(self.pointer)).map { index in
            sqlite3_column_origin_name(self.pointer, index).map { String(cString: $0) }
        }
    }

    /// Steps through whole tables, without an index, so far.
    package var scannedRows: Int { Int(sqlite3_stmt_status(self.pointer, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0)) }

    package var parameterCount: Int { Int(sqlite3_bind_parameter_count(self.pointer)) }

    // MARK: - Parameters

    /// Binds a value; text keeps what stands behind a NUL.
    package func bind(_ index: Int32, _ value: SQLiteValue) throws(SQLiteError) {
        switch value {
        case .null: try self.check(sqlite3_bind_null(self.pointer, index))
        case .integer(let number): try self.bind(index, number)
        case .real(let number): try self.check(sqlite3_bind_double(self.pointer, index, number))
        case .text(let text): try self.bind(index, text)
        case .blob(let bytes):
            let code = bytes.withUnsafeBytes { buffer in
                // A null pointer would bind NULL instead of a blob of no bytes.
                guard let start = buffer.baseAddress, !buffer.isEmpty else {
                    return sqlite3_bind_zeroblob(self.pointer, index, 0)
                }
                return sqlite3_bind_blob64(self.pointer, index, start, UInt64(buffer.count), Self.copied)
            }
            try self.check(code)
        }
    }

    /// Binds text that need not be valid UTF-8; it keeps what stands behind a NUL.
    package func bind(_ index: Int32, text bytes: [UInt8]) throws(SQLiteError) {
        let code = bytes.withUnsafeBytes { buffer in
            // A null pointer would bind NULL instead of a text of no bytes.
            guard let start = buffer.baseAddress, !buffer.isEmpty else {
                return sqlite3_bind_text(self.pointer, index, "", 0, Self.copied)
            }
            return sqlite3_bind_text64(
                self.pointer, index, start.assumingMemoryBound(to: CChar.self), UInt64(buffer.count), Self.copied,
                UInt8(SQLITE_UTF8))
        }
        try self.check(code)
    }

    package func bind(_ index: Int32, _ text: String) throws(SQLiteError) {
        try self.bind(index, text: Array(text.utf8))
    }

    package func bind(_ index: Int32, _ number: Int64) throws(SQLiteError) {
        try self.check(sqlite3_bind_int64(self.pointer, index, number))
    }

    /// SQLite's SQLITE_TRANSIENT, a cast that Swift does not import: it keeps a copy of its own.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    // MARK: - Rows

    /// Moves to the next row; false behind the last one.
    package func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(self.pointer)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw self.error(code)
        }
    }

    /// Makes the statement ready for other parameters; all are NULL until they are bound.
    package func reset() {
        // It repeats the error of the last step, which was thrown there.
        sqlite3_reset(self.pointer)
        sqlite3_clear_bindings(self.pointer)
    }

    // MARK: - Columns

    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(self.pointer, column) == SQLITE_NULL }

    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(self.pointer, column) }

    /// The bytes of a text, NUL included, or of a blob.
    package func bytes(_ column: Int32) -> [UInt8] {
        let type = sqlite3_column_type(self.pointer, column)
        let start =
            type == SQLITE_BLOB
            ? sqlite3_column_blob(self.pointer, column)
            : sqlite3_column_text(self.pointer, column).map { UnsafeRawPointer($0) }
        // The count is asked for second: it is that of the form which was asked for first.
        let count = Int(sqlite3_column_bytes(self.pointer, column))
        guard let start, count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Lends the bytes of a text, NUL included, where they stand.
    package func withBytes<Result>(_ column: Int32, _ body: (RawSpan) -> Result) -> Result {
        guard let start = sqlite3_column_text(self.pointer, column) else { return body(RawSpan()) }
        let buffer = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(self.pointer, column)))
        return body(buffer.bytes)
    }

    /// The value as text; bytes that are not valid UTF-8 are replaced.
    package func text(_ column: Int32) -> String { String(decoding: self.bytes(column), as: UTF8.self) }

    /// The value with its storage class.
    package func value(_ column: Int32) -> SQLiteValue {
        switch sqlite3_column_type(self.pointer, column) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(self.pointer, column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(self.pointer, column))
        case SQLITE_TEXT: .text(self.text(column))
        case SQLITE_BLOB: .blob(self.bytes(column))
        default: .null
        }
    }

    // MARK: - Errors

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw self.error(code) }
    }

    private func error(_ code: Int32) -> SQLiteError {
        SQLiteError(result: code, of: sqlite3_db_handle(self.pointer))
    }
}
