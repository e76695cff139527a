import NIOCore
import WorkerDomain

@testable import ProxyCore

/// The way of a request or of an answer through the proxy, from parser over writer to body, without sockets.
enum FuzzPath: Equatable {
    case request
    case answer(toHead: Bool)

    /// Reads what comes in these pieces.
    func read(_ pieces: [[UInt8]], limits: FuzzLimits) -> Transcript {
        var reading = FuzzReading(path: self, limits: limits)
        for piece in pieces where !piece.isEmpty { reading.take(piece) }
        return reading.finish()
    }
}

/// One reading of a stream.
private struct FuzzReading {
    private enum State { case head, body(BodyDecoder, isChunked: Bool), over }

    private static let entry = BackendEntry(
        Backend(name: "b", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_000)), slot: 0)
    private static let writer = RequestHeadWriter(ProxyConfiguration())
    private static let client = ClientIdentity(nil, configuration: ProxyConfiguration())
    private static let cors = CORSFields(CORSConfiguration())

    private let path: FuzzPath
    private let limits: FuzzLimits
    private var requests: RequestHeadParser
    private var answers: ResponseHeadParser
    private var state = State.head
    private var received = ByteBuffer()
    private var searched = 0
    private var output = ByteBuffer()
    private var transcript = Transcript()

    init(path: FuzzPath, limits: FuzzLimits) {
        self.path = path
        self.limits = limits
        self.requests = RequestHeadParser(requestLineLimit: limits.line, headLimit: limits.head)
        self.answers = ResponseHeadParser(headLimit: limits.head)
    }

    mutating func take(_ piece: [UInt8]) {
        if case .over = self.state {
            if self.transcript.end == .clean { self.transcript.end = .leftover }
            return
        }
        self.received.writeBytes(piece)
        var goesOn = true
        while goesOn, self.received.readableBytes > 0 {
            switch self.state {
            case .head: goesOn = self.path == .request ? self.readRequest() : self.readAnswer()
            case .body(let decoder, let isChunked): goesOn = self.readBody(decoder, isChunked)
            case .over: goesOn = false
            }
        }
    }

    mutating func finish() -> Transcript {
        switch self.state {
        case .over: break
        case .body(.untilClose, let isChunked):
            if isChunked { self.output.writeStaticString(ChunkedEncoder.end) }
            self.complete()
        case .head, .body: self.transcript.end = self.received.readableBytes == 0 && self.isBetween ? .clean : .waiting
        }
        self.transcript.output = Array(self.output.readableBytesView)
        return self.transcript
    }

    private var isBetween: Bool { self.transcript.messages.last?.isComplete ?? true }

    private mutating func complete() {
        let last = self.transcript.messages.count - 1
        if last >= 0 { self.transcript.messages[last].isComplete = true }
    }

    private mutating func stop(_ end: Transcript.End) -> Bool {
        self.transcript.end = end
        self.state = .over
        return false
    }

    // MARK: - Heads

    private mutating func readRequest() -> Bool {
        let searched = self.searched
        let outcome = self.received.withUnsafeReadableBytes { self.requests.parse($0, searched: searched) }
        switch outcome {
        case .incomplete:
            self.searched = self.received.readableBytes
            if self.searched > self.limits.head + 16 { self.transcript.violation = "a head is kept above its limit" }
            return false
        case .refused(let refusal):
            return self.stop(.refused(refusal.status))
        case .complete(let head):
            self.searched = 0
            self.forward(head)
            self.received.moveReaderIndex(forwardBy: head.end)
            return self.begin(head.framing)
        }
    }

    private mutating func forward(_ head: RequestHead) {
        let fields = self.requests.scanner.fields
        self.received.withUnsafeReadableBytes { bytes in
            if head.end - head.start > self.limits.head { self.transcript.violation = "a head is above its limit" }
            let lines = FieldLines.split(bytes, head.fieldsStart, head.fieldsEnd)
            let method = Array(bytes[head.start..<head.methodEnd])
            let target = Array(bytes[head.targetStart..<head.targetEnd])
            self.transcript.messages.append(
                Transcript.Message(
                    line: method + [0x20] + target, fields: FieldLines.endToEnd(lines, isRequest: true)))
            let start = self.output.writerIndex
            Self.writer.write(
                bytes, head: head, fields: fields, entry: Self.entry, client: Self.client, ray: 7, into: &self.output)
            let added = self.output.getBytes(at: start, length: self.output.writerIndex - start) ?? []
            added.withUnsafeBytes { self.checkForwarded($0) }
        }
    }

    private mutating func checkForwarded(_ bytes: UnsafeRawBufferPointer) {
        let names = FieldLines.split(bytes, 0, bytes.count).dropFirst().map { FieldLines.name($0) }
        for name in ["host", "x-forwarded-for", "cf-ray", "cf-connecting-ip", "cdn-loop", "x-forwarded-proto"]
        where names.filter({ $0 == name }).count != 1 {
            self.transcript.violation = "\(name) is not forwarded once"
        }
        if names.filter({ $0 == "transfer-encoding" || $0 == "content-length" }).count > 1 {
            self.transcript.violation = "a request is forwarded with two framings"
        }
    }

    private mutating func readAnswer() -> Bool {
        let searched = self.searched
        let toHead = self.path == .answer(toHead: true)
        let outcome = self.received.withUnsafeReadableBytes {
            self.answers.parse($0, searched: searched, toHead: toHead)
        }
        switch outcome {
        case .incomplete:
            self.searched = self.received.readableBytes
            if self.searched > self.limits.head { self.transcript.violation = "a head is kept above its limit" }
            return false
        case .malformed:
            return self.stop(.malformed)
        case .complete(let head):
            self.searched = 0
            self.forward(head)
            self.received.moveReaderIndex(forwardBy: head.end)
            if head.isInformational {
                self.complete()
                return true
            }
            return self.begin(head.framing)
        }
    }

    private mutating func forward(_ head: ResponseHead) {
        let fields = self.answers.scanner.fields
        self.received.withUnsafeReadableBytes { bytes in
            let lines = FieldLines.split(bytes, head.fieldsStart, head.fieldsEnd)
            let kept = FieldLines.endToEnd(
                lines, isRequest: false, dropsLength: head.status == 204 || head.status < 200)
            // The fields that every answer gets are ours, when what was forwarded is read a second time.
            self.transcript.messages.append(
                Transcript.Message(line: Array(bytes[head.statusStart..<head.lineEnd]), fields: kept))
            let isChunked = head.framing == .chunked || head.framing == .untilClose
            ResponseHeadWriter.write(
                bytes, head: head, fields: fields, cors: Self.cors, origin: nil,
                framing: isChunked ? .chunked : .asGiven, connection: .silent, into: &self.output)
        }
    }

    // MARK: - Bodies

    private mutating func begin(_ framing: BodyFraming) -> Bool {
        let decoder = BodyDecoder(framing, trailerLimit: self.limits.head)
        guard !decoder.hasEnded else { return self.endBody() }
        self.state = .body(decoder, isChunked: framing == .chunked || framing == .untilClose)
        return true
    }

    private mutating func readBody(_ known: BodyDecoder, _ isChunked: Bool) -> Bool {
        var decoder = known
        let event = decoder.next(&self.received)
        self.state = .body(decoder, isChunked: isChunked)
        switch event {
        case .needsMore:
            if self.received.readableBytes > 0 { self.transcript.violation = "bytes of a body are left lying" }
            return false
        case .data(let slice):
            self.transcript.messages[self.transcript.messages.count - 1].body += slice.readableBytesView
            if slice.readableBytes == 0 {
                self.transcript.violation = "a chunk of no bytes is forwarded"
            } else if isChunked {
                self.writeChunk(slice)
            } else {
                self.output.writeImmutableBuffer(slice)
            }
            return decoder.hasEnded ? self.endBody() : true
        case .end:
            if isChunked { self.output.writeStaticString(ChunkedEncoder.end) }
            return self.endBody()
        case .trailers(let lines):
            if isChunked { ChunkedEncoder.writeEnd(trailers: TrailerFields.forwarded(lines), into: &self.output) }
            return self.endBody()
        case .malformed:
            return self.stop(self.path == .request ? .refused(400) : .malformed)
        }
    }

    /// Byte by byte, so that the output does not depend on how the input was cut.
    private mutating func writeChunk(_ slice: ByteBuffer) {
        for byte in slice.readableBytesView {
            ChunkedEncoder.writeSize(1, into: &self.output)
            self.output.writeInteger(byte)
            self.output.writeStaticString("\r\n")
        }
    }

    private mutating func endBody() -> Bool {
        self.complete()
        self.state = .head
        if self.path == .request { return true }
        return self.stop(self.received.readableBytes > 0 ? .leftover : .clean)
    }
}
