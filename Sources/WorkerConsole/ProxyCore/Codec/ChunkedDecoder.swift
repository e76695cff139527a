/// Takes the chunked coding off a body (RFC 9112 section 7.1), strictly; trailers are checked and handed over.
struct ChunkedDecoder: Sendable, Equatable {
    /// What the next bytes are.
    enum Event: Sendable, Equatable {
        case needsMore
        /// Payload: the place of it in the bytes that were given.
        case data(Range<Int>)
        case end
        /// The end, with the trailer field lines as they came, each with its line end.
        case trailers([UInt8])
        /// A sentence for a person.
        case malformed(String)
    }

    private enum State: Sendable, Equatable {
        case sizeStart
        case size(Int, digits: Int)
        case chunkExtension(Int, length: Int)
        case sizeLineFeed(Int)
        case data(Int)
        case dataReturn, dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case endLineFeed
        case ended
        case failed
    }

    private static let extensionLimit = 4_096
    /// Bytes of all trailers together.
    private let trailerLimit: Int
    private var state = State.sizeStart
    private var trailers: [UInt8] = []

    init(trailerLimit: Int) {
        self.trailerLimit = trailerLimit
    }

    /// Takes what it can from `bytes`, from `position` on, and moves that: call until it says that it needs more, or that
    /// it is over.
    mutating func next(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Event {
        while true {
            if case .data(let left) = self.state {
                let count = min(left, bytes.count - position)
                guard count > 0 else { return .needsMore }
                self.state = left == count ? .dataReturn : .data(left - count)
                position += count
                return .data((position - count)..<position)
            }
            let (end, event) = self.readFraming(bytes, from: position)
            position = end
            if let event { return event }
        }
    }

    /// - Returns: Where it stopped, and the event; `nil` when chunk data follows.
    private mutating func readFraming(_ bytes: UnsafeRawBufferPointer, from start: Int) -> (Int, Event?) {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch self.state {
            case .sizeStart:
                guard let digit = Self.digit(byte) else { return self.fail(position, "a chunk size is not a number") }
                self.state = .size(digit, digits: 1)
            case .size(let size, let digits):
                if let digit = Self.digit(byte) {
                    guard digits < 15 else { return self.fail(position, "a chunk size is too large") }
                    self.state = .size(size * 16 + digit, digits: digits + 1)
                } else if byte == ASCII.carriageReturn {
                    self.state = .sizeLineFeed(size)
                } else if byte == 0x3B {
                    self.state = .chunkExtension(size, length: 1)
                } else {
                    return self.fail(position, "invalid byte in a chunk size")
                }
            case .chunkExtension(let size, let length):
                if byte == ASCII.carriageReturn {
                    self.state = .sizeLineFeed(size)
                } else if (byte < 0x20 && byte != ASCII.tab) || byte == 0x7F || length >= Self.extensionLimit {
                    return self.fail(position, "chunk extensions are not supported")
                } else {
                    self.state = .chunkExtension(size, length: length + 1)
                }
            case .sizeLineFeed(let size):
                guard byte == ASCII.lineFeed else { return self.fail(position, "a chunk size ends with a bare CR") }
                guard size > 0 else {
                    self.state = .trailerStart
                    continue
                }
                self.state = .data(size)
                return (position, nil)
            case .dataReturn:
                guard byte == ASCII.carriageReturn else {
                    return self.fail(position, "a chunk is longer than its size")
                }
                self.state = .dataLineFeed
            case .dataLineFeed:
                guard byte == ASCII.lineFeed else { return self.fail(position, "a chunk is longer than its size") }
                self.state = .sizeStart
            case .trailerStart:
                if byte == ASCII.carriageReturn {
                    self.state = .endLineFeed
                } else if ASCII.isToken(byte) {
                    self.state = .trailerName
                    guard self.keep(byte) else { return self.fail(position, "the trailers are too long") }
                } else {
                    return self.fail(position, "malformed trailer field")
                }
            case .trailerName:
                guard byte == ASCII.colon || ASCII.isToken(byte) else {
                    return self.fail(position, "malformed trailer field name")
                }
                guard self.keep(byte) else { return self.fail(position, "the trailers are too long") }
                if byte == ASCII.colon { self.state = .trailerValue }
            case .trailerValue:
                guard byte >= 0x20 || byte == ASCII.tab || byte == ASCII.carriageReturn, byte != 0x7F else {
                    return self.fail(position, "malformed trailer field")
                }
                guard self.keep(byte) else { return self.fail(position, "the trailers are too long") }
                if byte == ASCII.carriageReturn { self.state = .trailerLineFeed }
            case .trailerLineFeed:
                guard byte == ASCII.lineFeed else { return self.fail(position, "malformed trailer field") }
                guard self.keep(byte) else { return self.fail(position, "the trailers are too long") }
                self.state = .trailerStart
            case .endLineFeed:
                guard byte == ASCII.lineFeed else { return self.fail(position, "the last chunk ends with a bare CR") }
                self.state = .ended
                return (position, self.trailers.isEmpty ? .end : .trailers(self.trailers))
            case .data, .ended, .failed:
                return (position - 1, .malformed("bytes after the last chunk"))
            }
        }
        return (position, .needsMore)
    }

    private mutating func keep(_ byte: UInt8) -> Bool {
        self.trailers.append(byte)
        return self.trailers.count <= self.trailerLimit
    }

    private mutating func fail(_ position: Int, _ reason: String) -> (Int, Event?) {
        self.state = .failed
        return (position, .malformed(reason))
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte - 0x30)
        case 0x41...0x46: Int(byte - 0x37)
        case 0x61...0x66: Int(byte - 0x57)
        default: nil
        }
    }
}

/// Writes the chunked coding.
enum ChunkedEncoder {
    static let end: StaticString = "0\r\n\r\n"
    /// The most bytes that a size line takes.
    static let sizeLineLimit = 18

    /// Writes the size line that stands before `size` bytes of data; a CRLF must follow them.
    @inline(__always)
    static func writeSize(_ size: Int, into out: inout HeadOutput) {
        precondition(size > 0, "a chunk of no bytes would end the body")
        var shift = (Int.bitWidth - size.leadingZeroBitCount + 3) / 4 * 4
        while shift > 0 {
            shift -= 4
            let digit = UInt8((size >> shift) & 0xF)
            out.writeByte(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
        out.writeStaticString("\r\n")
    }
}
