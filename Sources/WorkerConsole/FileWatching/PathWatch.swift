import Dispatch
import Glibc
import Synchronization
import WorkerDomain

/// Watches what stands at some paths with inotify; costs nothing while nothing happens in the folders on the way.
package final class PathWatch: ChangeWatch {
    private struct State: ~Copyable {
        var paths: WatchedPaths
        /// `errno` of what could not be watched.
        var problem: Int32?
        /// Something has changed that nobody has been told of.
        var isChanged = false
        var waiter: CheckedContinuation<Bool, Never>?
        /// Looks in a row that found nothing of interest.
        var idleLooks = 0
        var isPaused = false
    }

    private let state: Mutex<State>
    /// Dispatch allows its sources to be used from every thread, and its Swift names do not say so.
    private nonisolated(unsafe) let source: any DispatchSourceRead
    private let clock: any Clock<Duration>

    private static let queue = DispatchQueue(label: "file changes")
    /// Between two looks at what has happened: ten thousand events make few of them. Where only other files change, as
    /// in a folder for temporary ones above the project, they become rare.
    private static let pauses = [50, 100, 200, 400, 800]

    /// Watches databases with their write-ahead logs.
    ///
    /// - Returns: `nil` when inotify has no room for another one, or the folders may not be read.
    package convenience init?(databases paths: [String], clock: any Clock<Duration> = ContinuousClock()) {
        guard let descriptor = Self.open() else { return nil }
        var watched = WatchedPaths(descriptor: descriptor, kind: .databases, paths: paths)
        guard watched.arm() == nil, !watched.isEmpty else {
            close(descriptor)
            return nil
        }
        self.init(watched, descriptor, clock)
    }

    /// Watches texts; which ones, ``follow(_:listings:)`` says.
    ///
    /// - Returns: `nil` when inotify has no room for another one.
    package convenience init?(clock: any Clock<Duration> = ContinuousClock()) {
        guard let descriptor = Self.open() else { return nil }
        self.init(WatchedPaths(descriptor: descriptor, kind: .files, paths: []), descriptor, clock)
    }

    private static func open() -> Int32? {
        let descriptor = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        return descriptor >= 0 ? descriptor : nil
    }

    private init(_ paths: consuming WatchedPaths, _ descriptor: Int32, _ clock: any Clock<Duration>) {
        self.state = Mutex(State(paths: paths))
        self.clock = clock
        self.source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: Self.queue)
        self.source.setEventHandler { [weak self] in self?.look() }
        self.source.setCancelHandler { close(descriptor) }
        self.source.resume()
    }

    deinit {
        self.source.cancel()
        // One that is suspended must not be released.
        if self.state.withLock({ $0.isPaused }) { self.source.resume() }
    }

    /// Watches these paths from now on, and no others.
    ///
    /// - Parameters:
    ///   - paths: Absolute.
    ///   - listings: Folders in which every name that comes or goes counts.
    package func follow(_ paths: [String], listings: [String]) {
        self.state.withLock { state in
            state.paths.paths = paths
            state.paths.listings = listings
            state.problem = state.paths.arm()
        }
    }

    /// `errno` of the first path that could not be watched; `nil` while all of them are.
    package var problem: Int32? { self.state.withLock { $0.problem } }

    private func look() {
        let (waiter, pause) = self.state.withLock { state -> (CheckedContinuation<Bool, Never>?, Int) in
            let news = state.paths.drain()
            if news.isStale { state.problem = state.paths.arm() }
            state.idleLooks = news.isChanged ? 0 : min(state.idleLooks + 1, Self.pauses.count - 1)
            state.isPaused = true
            let pause = Self.pauses[state.idleLooks]
            guard news.isChanged else { return (nil, pause) }
            let waiter = state.waiter
            state.waiter = nil
            state.isChanged = waiter == nil
            return (waiter, pause)
        }
        self.source.suspend()
        Self.queue.asyncAfter(deadline: .now() + .milliseconds(pause)) { [weak self] in self?.goOn() }
        waiter?.resume(returning: true)
    }

    private func goOn() {
        self.state.withLock { $0.isPaused = false }
        self.source.resume()
    }

    /// Tells of a change that was found otherwise.
    package func tell() {
        let waiter = self.state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isChanged = state.isChanged || waiter == nil
            return waiter
        }
        waiter?.resume(returning: true)
    }

    /// True when something has changed that nobody has been told of; it then has been told.
    package func takeChange() -> Bool {
        // What the system has noted already counts, also while the next look is waited for.
        self.state.withLock { state in
            let news = state.paths.drain()
            if news.isStale { state.problem = state.paths.arm() }
            defer { state.isChanged = false }
            return state.isChanged || news.isChanged
        }
    }

    package func next(pause: Duration) async -> Bool {
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
