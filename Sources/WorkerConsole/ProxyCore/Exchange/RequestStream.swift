import NetworkIO
import WorkerDomain

/// The request body of one exchange on its way to the backend: framing, limit, and the part that is kept.
struct RequestStream {
    /// What came of passing on what was received.
    enum Outcome: Equatable {
        /// More is to come.
        case needsMore
        case complete
        case tooLong
        /// A sentence for a person.
        case malformed(String)
    }

    private var decoder = BodyDecoder.ended
    private(set) var capture = BodyCapture()
    private var captureLimit = 0
    private var isChunked = false
    /// Field lines behind a chunked body that go on; each with its line end.
    private var trailers: [UInt8] = []

    var total: Int { self.capture.total }
    /// All of it has been received.
    var isComplete: Bool { self.decoder.hasEnded }

    @inline(__always)
    mutating func begin(_ framing: BodyFraming, trailerLimit: Int, captureLimit: Int) {
        self.decoder = BodyDecoder(framing, trailerLimit: trailerLimit)
        self.isChunked = framing == .chunked
        self.captureLimit = captureLimit
        self.capture.expect(framing, limit: captureLimit)
    }

    /// Is ready for another request.
    @inline(__always)
    mutating func reset() {
        self.decoder = .ended
        self.capture.reset()
        self.isChunked = false
        self.trailers = []
    }

    /// Passes on what has been received, from `position` on, and moves that.
    ///
    /// Without an `upstream` the body is thrown away, as for a request that the proxy itself responds to.
    mutating func pass(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, to upstream: Connection?, limit: Int
    ) -> Outcome {
        while !self.decoder.hasEnded {
            switch self.decoder.next(bytes, &position) {
            case .needsMore: return .needsMore
            case .data(let place):
                let payload = UnsafeRawBufferPointer(rebasing: bytes[place])
                self.capture.add(payload, limit: self.captureLimit)
                guard self.capture.total <= limit else { return .tooLong }
                if let upstream { self.send(payload, to: upstream) }
            case .end: break
            case .trailers(let lines): self.trailers = TrailerFields.forwarded(lines)
            case .malformed(let reason): return .malformed(reason)
            }
        }
        if let upstream { self.sendEnd(to: upstream) }
        return .complete
    }

    /// Sends again what has been received until now: only while ``capture`` is whole.
    func resend(to upstream: Connection) {
        self.capture.body.bytes.withUnsafeBytes { if $0.count > 0 { self.send($0, to: upstream) } }
        if self.decoder.hasEnded { self.sendEnd(to: upstream) }
    }

    /// Keeps a part of what the client sent into a tunnel.
    mutating func note(_ payload: UnsafeRawBufferPointer, captureLimit: Int) {
        self.capture.add(payload, limit: captureLimit)
    }

    private func send(_ payload: UnsafeRawBufferPointer, to upstream: Connection) {
        guard self.isChunked else { return upstream.send(payload) }
        upstream.send(atMost: ChunkedEncoder.sizeLineLimit) { memory in
            var out = HeadOutput(memory)
            ChunkedEncoder.writeSize(payload.count, into: &out)
            return out.count
        }
        upstream.send(payload)
        upstream.send("\r\n")
    }

    private func sendEnd(to upstream: Connection) {
        guard self.isChunked else { return }
        guard !self.trailers.isEmpty else { return upstream.send(ChunkedEncoder.end) }
        upstream.send("0\r\n")
        upstream.send(self.trailers)
        upstream.send("\r\n")
    }
}
