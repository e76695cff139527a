import NIOCore

/// How many bytes of an answer wait in the proxy for one slow client: fewer, the more clients there are.
///
/// One client gets what is fastest. Many slow ones at once must not fill the memory, so from the 129th connection of an
/// event loop on pieces are smaller, and from the 2,049th on they are what HAProxy has by default (16 KiB each way).
struct BufferPlan: Sendable, Equatable {
    /// Bytes that are read from a backend at once, at most.
    let piece: Int
    /// Pieces that are read before anybody asks whether the client takes them.
    let pieces: Int
    /// Bytes that wait to be sent before reading stops; it goes on at half of them.
    let waiting: Int

    /// The most that one connection holds of an answer.
    var total: Int { self.pieces * self.piece + self.waiting }

    var waterMark: ChannelOptions.Types.WriteBufferWaterMark { .init(low: self.waiting / 2, high: self.waiting) }

    /// Starts small, because most answers are.
    ///
    /// A long one is read in pieces of up to 256 KiB, which costs a tenth less processor time than 64 KiB, and four of
    /// them at once a sixth less than one.
    var receiving: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2_048, maximum: self.piece)
    }

    static let few = BufferPlan(piece: 262_144, pieces: 4, waiting: 131_072)
    static let many = BufferPlan(piece: 65_536, pieces: 1, waiting: 65_536)
    static let crowd = BufferPlan(piece: 16_384, pieces: 1, waiting: 16_384)

    /// For a connection that `connections` others are open beside, on the same event loop.
    static func beside(_ connections: Int) -> BufferPlan {
        connections < 128 ? .few : connections < 2_048 ? .many : .crowd
    }
}
