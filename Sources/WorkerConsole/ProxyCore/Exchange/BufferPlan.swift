import NetworkIO

/// How many bytes one exchange holds in memory: fewer, the more connections the event loop has.
///
/// One client gets what is fastest. Many slow ones at once must not fill the memory, so from the 129th connection of an
/// event loop on pieces are smaller, and from the 513th on they are what HAProxy has by default (16 KiB each way).
struct BufferPlan: Sendable, Equatable {
    /// Of a connection: what is read at once, what waits to be sent.
    let limits: BufferLimits
    /// Bytes of each body that are kept for the journal.
    let captured: Int

    /// The most that one connection holds of a response that its client does not take: what waits, and the last piece.
    var total: Int { self.limits.high + self.limits.read }

    static let few = BufferPlan(
        limits: BufferLimits(read: 262_144, readsAtOnce: 4, high: 131_072, low: 65_536), captured: .max)
    static let many = BufferPlan(
        limits: BufferLimits(read: 65_536, readsAtOnce: 1, high: 65_536, low: 32_768), captured: 65_536)
    static let crowd = BufferPlan(
        limits: BufferLimits(read: 16_384, readsAtOnce: 1, high: 16_384, low: 8_192), captured: 16_384)

    /// For a connection that `connections` others are open beside, on the same event loop.
    static func beside(_ connections: Int) -> BufferPlan {
        connections < 128 ? .few : connections < 512 ? .many : .crowd
    }
}
