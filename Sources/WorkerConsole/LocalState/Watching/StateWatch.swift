import Dispatch
import Glibc
import Synchronization
import WorkerDomain

/// Watches the files of one binding with inotify; costs nothing while nothing is written.
final class StateWatch: ChangeWatch {
    private struct State: ~Copyable {
        var folders: WatchedFolders
        /// Something has changed that nobody has been told of.
        var isChanged = false
        var waiter: CheckedContinuation<Bool, Never>?
    }

    private let state: Mutex<State>
    /// Dispatch allows its sources to be used from every thread, and its Swift names do not say so.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let clock: any Clock<Duration>

    private static let queue = DispatchQueue(label: "state changes")

    /// - Returns: `nil` when inotify has no room for another one, or the folders may not be read.
    init?(folder: String, names: [String], clock: any Clock<Duration>) {
        let descriptor = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        var folders = WatchedFolders(descriptor: descriptor, folder: folder, names: names)
        guard folders.arm() else {
            close(descriptor)
            return nil
        }
        self.state = Mutex(State(folders: folders))
        self.clock = clock
        self.source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: Self.queue)
        self.source.setEventHandler { [weak self] in self?.look() }
        self.source.setCancelHandler { close(descriptor) }
        self.source.resume()
    }

    deinit {
        self.source.cancel()
    }

    private func look() {
        let waiter = self.state.withLock { state -> CheckedContinuation<Bool, Never>? in
            let news = state.folders.drain()
            if news.isStale { _ = state.folders.arm() }
            guard news.isChanged else { return nil }
            let waiter = state.waiter
            state.waiter = nil
            state.isChanged = waiter == nil
            return waiter
        }
        waiter?.resume(returning: true)
    }

    func next(pause: Duration) async -> Bool {
        do { try await self.clock.sleep(for: pause) } catch { return false }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (known, replaced) = self.state.withLock { state -> (Bool?, CheckedContinuation<Bool, Never>?) in
                    if Task.isCancelled { return (false, nil) }
                    if state.isChanged {
                        state.isChanged = false
                        return (true, nil)
                    }
                    let replaced = state.waiter
                    state.waiter = continuation
                    return (nil, replaced)
                }
                replaced?.resume(returning: false)
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            let waiter = self.state.withLock { state -> CheckedContinuation<Bool, Never>? in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: false)
        }
    }
}
