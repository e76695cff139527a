import NetworkIO
import Synchronization

/// A loop's clock that a test moves; several loops, each on a thread of its own, may have the same one.
package final class ManualClock: LoopClock, Sendable {
    private let time: Atomic<Int64>

    /// Not at zero, which the proxy takes for what has not happened.
    package init(_ time: Int64 = 1_000_000_000) {
        self.time = Atomic(time)
    }

    package func now() -> Int64 { self.time.load(ordering: .acquiring) }

    package func advance(by nanoseconds: Int64) { self.time.wrappingAdd(nanoseconds, ordering: .releasing) }
}
