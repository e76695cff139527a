import NetworkIO
import WorkerDomain

/// The response of one exchange on its way to the client: framing, and the part that is kept for the journal.
struct ResponseStream {
    private(set) var framing = ResponseFraming.asGiven
    private(set) var capture = BodyCapture()
    private var captureLimit = 0
    private var hasSentLastChunk = false

    /// Bytes of the body that have passed.
    var total: Int { self.capture.total }

    /// A response with this framing follows.
    @inline(__always)
    mutating func begin(_ framing: ResponseFraming, body: BodyFraming, captureLimit: Int) {
        self.framing = framing
        self.captureLimit = captureLimit
        self.capture.expect(body, limit: captureLimit)
    }

    /// Is ready for another response.
    @inline(__always)
    mutating func reset() {
        self.framing = .asGiven
        self.capture.reset()
        self.hasSentLastChunk = false
    }

    /// Sends a part of the body; it is not empty.
    @inline(__always)
    mutating func send(_ payload: UnsafeRawBufferPointer, to client: Connection) {
        self.capture.add(payload, limit: self.captureLimit)
        guard self.framing == .chunked else { return client.send(payload) }
        client.send(atMost: ChunkedEncoder.sizeLineLimit) { memory in
            var out = HeadOutput(memory)
            ChunkedEncoder.writeSize(payload.count, into: &out)
            return out.count
        }
        client.send(payload)
        client.send("\r\n")
    }

    /// Nothing of what follows is looked at or kept.
    var isRelayable: Bool { self.framing == .asGiven && self.capture.kept >= self.captureLimit }

    /// So many bytes of the body have passed unseen.
    mutating func skip(_ count: Int) { self.capture.skip(count) }

    /// Keeps a part of a body that the proxy itself sent, or that passed through a tunnel.
    mutating func note(_ payload: UnsafeRawBufferPointer, captureLimit: Int) {
        self.capture.add(payload, limit: captureLimit)
    }

    /// The response's trailers, as they came: they go on when the client gets chunks too, else there is no place for them.
    mutating func sendTrailers(_ lines: [UInt8], to client: Connection) {
        guard self.framing == .chunked else { return }
        let trailers = TrailerFields.forwarded(lines)
        guard !trailers.isEmpty else { return }
        client.send("0\r\n")
        client.send(trailers)
        client.send("\r\n")
        self.hasSentLastChunk = true
    }

    @inline(__always)
    mutating func end(to client: Connection) {
        guard self.framing == .chunked, !self.hasSentLastChunk else { return }
        client.send(ChunkedEncoder.end)
        self.hasSentLastChunk = true
    }
}
