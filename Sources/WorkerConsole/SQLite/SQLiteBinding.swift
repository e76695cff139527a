import CSQLite

/// Gives values to the parameters of statements; SQLite keeps copies.
enum SQLiteBinding {
    /// - Returns: SQLite's code.
    static func bind(_ value: SQLiteValue, to statement: OpaquePointer, _ index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .real(let number): sqlite3_bind_double(statement, index, number)
        case .text(let text): self.bind(text: Array(text.utf8), to: statement, index)
        case .blob(let bytes): self.bind(blob: bytes, to: statement, index)
        }
    }

    /// Bytes need not be valid UTF-8.
    static func bind(text bytes: [UInt8], to statement: OpaquePointer, _ index: Int32) -> Int32 {
        guard !bytes.isEmpty else { return sqlite3_bind_text(statement, index, "", 0, self.copied) }
        return bytes.withUnsafeBytes { buffer in
            sqlite3_bind_text64(
                statement, index, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64(buffer.count),
                self.copied, UInt8(SQLITE_UTF8))
        }
    }

    private static func bind(blob bytes: [UInt8], to statement: OpaquePointer, _ index: Int32) -> Int32 {
        guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
        return bytes.withUnsafeBytes {
            sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), self.copied)
        }
    }

    /// The destructor -1, SQLITE_TRANSIENT, makes SQLite keep its own copy.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
