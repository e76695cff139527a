import SQLite
import WorkerDomain

extension StorageError {
    /// The same in the words of the ports.
    init(_ error: SQLiteError) {
        let code: Code =
            switch error.code {
            case .notFound: .notFound
            case .denied: .denied
            case .unreachable: .unreachable
            case .locked: .locked
            case .malformed: .malformed
            case .invalid: .invalid
            case .limit: .limit
            }
        self.init(code, operation: error.operation, reason: error.reason)
    }
}

extension GuestDatabase {
    /// Runs `body` on one consistent state of the database; `nil` when there is no file.
    /// - Throws: `StorageError` as ``read(_:_:)`` and `body` throw.
    func stored<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (GuestConnection) throws(SQLiteError) -> Value
    ) async throws(StorageError) -> Value? {
        do throws(SQLiteError) {
            return try await self.read(operation, body)
        } catch {
            throw StorageError(error)
        }
    }
}

extension SQLValue {
    init(_ value: SQLiteValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        case .blob(let bytes): self = .blob(bytes)
        }
    }
}
