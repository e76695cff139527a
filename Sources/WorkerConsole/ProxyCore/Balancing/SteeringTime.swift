package import WorkerDomain

/// The clock of what lasts a while: drains, canaries, faults.
package struct SteeringTime: Sendable {
    /// Nanoseconds of a monotonic clock.
    package let now: @Sendable () -> Int64
    package let wall: @Sendable () -> WallTime

    package init(now: @escaping @Sendable () -> Int64, wall: @escaping @Sendable () -> WallTime) {
        self.now = now
        self.wall = wall
    }

    package static let system = SteeringTime(now: { SystemTime.now() }, wall: { SystemTime.wall() })
}
