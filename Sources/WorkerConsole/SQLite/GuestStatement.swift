import CSQLite

/// One compiled statement of a ``GuestConnection``.
package final class GuestStatement {
    private let pointer: OpaquePointer
    private let connection: GuestConnection

    init(_ pointer: OpaquePointer, of connection: GuestConnection) {
        self.pointer = pointer
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(self.pointer)
    }

    /// True when the statement itself changes nothing.
    package var isReadOnly: Bool { sqlite3_stmt_readonly(self.pointer) != 0 }

    package var columnCount: Int { Int(sqlite3_column_count(self.pointer)) }

    package var columnNames: [String] {
        (0..<self.columnCount).map { index in
            sqlite3_column_name(self.pointer, Int32(index)).map { String(cString: $0) } ?? ""
        }
    }

    package var parameterCount: Int { Int(sqlite3_bind_parameter_count(self.pointer)) }

    /// Binds text to the parameter at `index`, 1 or more; bytes need not be valid UTF-8.
    package func bind(_ index: Int32, _ bytes: [UInt8]) {
        _ = SQLiteBinding.bind(text: bytes, to: self.pointer, index)
    }

    package func bind(_ index: Int32, _ text: String) {
        self.bind(index, Array(text.utf8))
    }

    package func bind(_ index: Int32, _ number: Int64) {
        sqlite3_bind_int64(self.pointer, index, number)
    }

    /// Moves to the next row; false behind the last one.
    package func step() throws(SQLiteError) -> Bool {
        let code = sqlite3_step(self.pointer)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw self.connection.error(code)
        }
    }

    /// Makes the statement ready for other parameters.
    package func reset() {
        sqlite3_reset(self.pointer)
        sqlite3_clear_bindings(self.pointer)
    }

    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(self.pointer, column) == SQLITE_NULL }

    package func isInteger(_ column: Int32) -> Bool { sqlite3_column_type(self.pointer, column) == SQLITE_INTEGER }

    package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(self.pointer, column) }

    /// The bytes of a text, NUL included, or of a blob.
    package func bytes(_ column: Int32) -> [UInt8] {
        let type = sqlite3_column_type(self.pointer, column)
        let start =
            type == SQLITE_BLOB
            ? sqlite3_column_blob(self.pointer, column)
            : sqlite3_column_text(self.pointer, column).map { UnsafeRawPointer($0) }
        let count = Int(sqlite3_column_bytes(self.pointer, column))
        guard let start, count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

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
}
