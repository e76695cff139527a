import NetworkIO

/// A loop's clock that a test moves.
package final class ManualClock: LoopClock {
    private var time: Int64

    /// Not at zero, which the proxy takes for what has not happened.
    package init(_ time: Int64 = 1_000_000_000) {
        self.time = time
    }

    package func now() -> Int64 { self.time }

    package func advance(by nanoseconds: Int64) { self.time += nanoseconds }
}
