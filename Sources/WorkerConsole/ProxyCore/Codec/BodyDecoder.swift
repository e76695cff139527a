import NIOCore

/// Takes a message's payload out of the bytes of its connection, by the message's framing.
enum BodyDecoder: Sendable, Equatable {
    /// All of it has been taken.
    case ended
    /// So many bytes are left; never zero.
    case length(Int)
    case chunked(ChunkedDecoder)
    case untilClose

    /// - Parameters:
    ///   - framing: What the head says.
    ///   - trailerLimit: Bytes that trailers may have.
    init(_ framing: BodyFraming, trailerLimit: Int) {
        switch framing {
        case .none, .length(0): self = .ended
        case .length(let count): self = .length(count)
        case .chunked: self = .chunked(ChunkedDecoder(trailerLimit: trailerLimit))
        case .untilClose: self = .untilClose
        }
    }

    var hasEnded: Bool {
        if case .ended = self { return true }
        return false
    }

    /// Takes what it can from `buffer`: call until it says that it needs more, or that it is over.
    @inline(__always)
    mutating func next(_ buffer: inout ByteBuffer) -> ChunkedDecoder.Event {
        switch self {
        case .ended:
            return .end
        case .length(let left):
            let available = buffer.readableBytes
            guard available > 0 else { return .needsMore }
            let count = min(left, available)
            guard let slice = buffer.readSlice(length: count) else { return .needsMore }
            self = left == count ? .ended : .length(left - count)
            return .data(slice)
        case .untilClose:
            let available = buffer.readableBytes
            guard available > 0, let slice = buffer.readSlice(length: available) else { return .needsMore }
            return .data(slice)
        case .chunked(var decoder):
            let event = decoder.next(&buffer)
            switch event {
            case .end, .trailers: self = .ended
            case .needsMore, .data, .malformed: self = .chunked(decoder)
            }
            return event
        }
    }
}
