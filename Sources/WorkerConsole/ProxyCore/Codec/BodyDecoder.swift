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

    /// Bytes of a body of known length that are still to come; 0 for other bodies, and at the end.
    var left: Int { if case .length(let left) = self { left } else { 0 } }

    /// So many bytes have passed another way.
    mutating func skip(_ count: Int) {
        precondition(count <= self.left, "more has passed than was left")
        if count > 0 { self = self.left == count ? .ended : .length(self.left - count) }
    }

    /// Takes what it can from `bytes`, from `position` on, and moves that: call until it says that it needs more, or that
    /// it is over.
    @inline(__always)
    mutating func next(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> ChunkedDecoder.Event {
        switch self {
        case .ended:
            return .end
        case .length(let left):
            let count = min(left, bytes.count - position)
            guard count > 0 else { return .needsMore }
            self = left == count ? .ended : .length(left - count)
            return Self.take(count, &position)
        case .untilClose:
            let count = bytes.count - position
            return count > 0 ? Self.take(count, &position) : .needsMore
        case .chunked(var decoder):
            let event = decoder.next(bytes, &position)
            switch event {
            case .end, .trailers: self = .ended
            case .needsMore, .data, .malformed: self = .chunked(decoder)
            }
            return event
        }
    }

    @inline(__always)
    private static func take(_ count: Int, _ position: inout Int) -> ChunkedDecoder.Event {
        let start = position
        position += count
        return .data(start..<position)
    }
}
