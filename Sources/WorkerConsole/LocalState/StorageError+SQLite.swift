import SQLite
import WorkerDomain

extension StorageError {
    /// An error of SQLite during an operation, which is named in the user's words.
    init(_ error: SQLiteError, operation: String) {
        let code: StorageError.Code =
            switch error.code {
            case .busy, .readOnly: .locked
            case .malformed: .malformed
            case .denied: .denied
            case .unreachable: .unreachable
            case .tooLarge, .interrupted: .limit
            case .invalid: .invalid
            }
        self.init(code, operation: operation, reason: error.message)
    }
}
