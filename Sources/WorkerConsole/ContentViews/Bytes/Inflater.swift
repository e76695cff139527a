import CZlib

/// Decodes gzip (RFC 1952, several members too), zlib (RFC 1950) and bare deflate (RFC 1951).
struct Inflater: StreamDecoder, ~Copyable {
    enum Format: Sendable, Equatable {
        case gzip
        /// What HTTP calls `deflate` is zlib by its definition, and bare deflate from some servers (RFC 9110 section
        /// 8.4.1.2): told apart by the first byte.
        case deflate
        /// As in a zip archive.
        case raw
    }

    private let format: Format
    private var stream: UnsafeMutablePointer<z_stream>?
    private var hasFailed = false
    /// A member has ended, and none has begun behind it.
    private var isBetweenMembers = false

    init(_ format: Format) { self.format = format }

    deinit { if let stream = self.stream { cz_close(stream) } }

    mutating func decode(_ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], room: Int)
        -> (used: Int, state: StreamDecoderState)
    {
        if self.hasFailed { return (0, .damaged) }
        if self.stream == nil {
            // Two bytes say which kind of deflate it is.
            if input.count < 2, !isLast { return (0, .going) }
            if input.isEmpty { return (0, .going) }
            self.stream = cz_open(self.windowBits(input))
        }
        guard let stream = self.stream else { return (0, .damaged) }
        if self.isBetweenMembers {
            guard let first = input.first else { return (0, isLast ? .ended : .going) }
            if first != 0x1F { return (0, .ended) }
            self.isBetweenMembers = false
        }
        var used = 0
        var state = StreamDecoderState.going
        let decoded = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            input.withUnsafeBufferPointer { bytes in
                // zlib does not write to its input; its C type lacks the const.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
                stream.pointee.avail_in = UInt32(clamping: bytes.count)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(clamping: room)
                let offered = Int(stream.pointee.avail_in)
                let result = inflate(stream, Z_NO_FLUSH)
                used = offered - Int(stream.pointee.avail_in)
                count = room - Int(stream.pointee.avail_out)
                stream.pointee.next_in = nil
                stream.pointee.next_out = nil
                switch result {
                case Z_OK, Z_BUF_ERROR: state = .going
                case Z_STREAM_END: state = .ended
                default: state = .damaged
                }
            }
        }
        output += decoded
        if state == .damaged { self.hasFailed = true }
        if state == .ended, self.format == .gzip { state = self.nextMember(input.dropFirst(used), isLast: isLast) }
        return (used, state)
    }

    /// A gzip file may be several members one after the other (RFC 1952 section 2.2); anything else behind one is left.
    private mutating func nextMember(_ rest: ArraySlice<UInt8>, isLast: Bool) -> StreamDecoderState {
        guard let stream = self.stream, inflateReset(stream) == Z_OK else { return .ended }
        self.isBetweenMembers = true
        guard let first = rest.first else { return isLast ? .ended : .going }
        return first == 0x1F ? .going : .ended
    }

    private func windowBits(_ input: ArraySlice<UInt8>) -> Int32 {
        switch self.format {
        case .gzip: return 15 + 16
        case .raw: return -15
        case .deflate:
            let first = input.first ?? 0
            let second = input.dropFirst().first ?? 0
            let isZlib = first & 0x0F == 8 && (Int(first) << 8 | Int(second)) % 31 == 0
            return isZlib ? 15 : -15
        }
    }
}
