import Dispatch
import WorkerDomain

/// Runs work that waits for a disk on threads of its own, so that the cooperative ones stay free.
enum BlockingWork {
    /// A thread for each call that is under way; there are as many as people and probes ask for.
    private static let queue = DispatchQueue(label: "storage", attributes: .concurrent)

    /// Runs work that cannot fail.
    static func value<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            self.queue.async { continuation.resume(returning: body()) }
        }
    }

    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StorageError) -> Value
    ) async -> Result<Value, StorageError> {
        await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, StorageError>, Never>) in
            self.queue.async {
                do throws(StorageError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
    }
}
