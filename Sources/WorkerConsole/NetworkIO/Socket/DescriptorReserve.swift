import Glibc
import Synchronization

/// Descriptors that are kept back for connections to backends: when none is left, new clients wait, and those who are
/// connected are served.
///
/// The limit is the process's (`RLIMIT_NOFILE`), and so is the reserve. Nothing is accepted while it is not whole.
package final class DescriptorReserve: Sendable {
    package static let process = DescriptorReserve()

    private struct State {
        /// Descriptors of `/dev/null`.
        var held: [Int32] = []
        var lastShortage: ContinuousClock.Instant?
        var observers: [@Sendable () -> Void] = []
    }

    /// A shortage that comes so long after the last one is a new one, which is told again.
    private static let episode = Duration.seconds(60)

    /// The most descriptors that the process may have.
    package let limit: Int
    private let size: Int
    private let isWhole = Atomic(false)
    private let state = Mutex(State())

    init() {
        var values = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &values) == 0
        self.limit = isKnown ? Int(clamping: values.rlim_cur) : 1_024
        self.size = min(max(self.limit / 16, 2), 32)
    }

    deinit { for descriptor in self.state.withLock({ $0.held }) { close(descriptor) } }

    /// Calls `tell` when no descriptor is left, once for a shortage however long it lasts; it must not wait.
    package func whenShort(_ tell: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.observers.append(tell) }
    }

    /// A descriptor was missing within the last seconds.
    package var isShort: Bool {
        self.state.withLock { $0.lastShortage }.map { $0.duration(to: .now) < .seconds(5) } ?? false
    }

    /// Puts descriptors back until the reserve is whole.
    /// - Returns: False when there are not enough: then nothing should be accepted.
    @inline(__always)
    func refill() -> Bool { self.isWhole.load(ordering: .relaxed) || self.refillNow() }

    private func refillNow() -> Bool {
        let isShort = self.state.withLock { state in
            while state.held.count < self.size {
                let descriptor = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
                // Without such a file there is no reserve, but what can be served is.
                guard descriptor >= 0 else { return errno == EMFILE || errno == ENFILE }
                state.held.append(descriptor)
            }
            self.isWhole.store(true, ordering: .relaxed)
            return false
        }
        if isShort { self.noteShortage() }
        return !isShort
    }

    /// Makes a descriptor, from the reserve when no other is left.
    /// - Parameter make: Returns a descriptor, or -errno.
    /// - Returns: What `make` returned last.
    func open(_ make: () -> Int32) -> Int32 {
        var result = make()
        while result == -EMFILE || result == -ENFILE {
            self.noteShortage()
            guard self.release() else { break }
            result = make()
        }
        return result
    }

    /// Gives one back for whatever needs it.
    /// - Returns: False when none is left.
    func release() -> Bool {
        self.state.withLock { state in
            guard let descriptor = state.held.popLast() else { return false }
            self.isWhole.store(false, ordering: .relaxed)
            close(descriptor)
            return true
        }
    }

    func noteShortage() {
        let observers = self.state.withLock { state in
            let now = ContinuousClock.now
            let isNew = state.lastShortage.map { $0.duration(to: now) > Self.episode } ?? true
            state.lastShortage = now
            return isNew ? state.observers : []
        }
        for tell in observers { tell() }
    }
}
