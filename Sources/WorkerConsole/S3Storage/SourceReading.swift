import Dispatch
import WorkerDomain

/// Reads what is uploaded on threads that may wait for a disk.
enum SourceReading {
    private static let queue = DispatchQueue(label: "uploads", attributes: .concurrent)

    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StorageError) -> Value
    ) async -> Result<Value, StorageError> {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, StorageError>, Never>) in
            self.queue.async { continuation.resume(returning: Result { () throws(StorageError) in try body() }) }
        }
    }
}
