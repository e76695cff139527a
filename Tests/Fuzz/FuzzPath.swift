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
    private static let client = ClientAddress(nil, configuration: ProxyConfiguration())
    private static let cors = CORSFields(CORSConfiguration())

    private let path: FuzzPath
    private let limits: FuzzLimits
    private var requests: RequestHeadParser
    private var answers: ResponseHeadParser
    private var state = State.head
    private var received: [UInt8] = []
    private var searched = 0
    private var output: [UInt8] = []
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
        self.received += piece
        var goesOn = true
        while goesOn, self.received.count > 0 {
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
            if isChunked { self.output += Array("0\r\n\r\n".utf8) }
            self.complete()
        case .head, .body: self.transcript.end = self.received.count == 0 && self.isBetween ? .clean : .waiting
        }
        self.transcript.output = self.output
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
        let outcome = self.received.withUnsafeBytes { self.requests.parse($0, searched: searched) }
        switch outcome {
        case .incomplete:
            self.searched = self.received.count
            if self.searched > self.limits.head + 16 { self.transcript.violation = "a head is kept above its limit" }
            return false
        case .refused(let refusal):
            return self.stop(.refused(refusal.status))
        case .complete(let head):
            self.searched = 0
            self.forward(head)
            self.received.removeFirst(head.end)
            return self.begin(head.framing)
        }
    }

    private mutating func forward(_ head: RequestHead) {
        let fields = self.requests.scanner.fields
        self.received.withUnsafeBytes { bytes in
            if head.end - head.start > self.limits.head { self.transcript.violation = "a head is above its limit" }
            let lines = FieldLines.split(bytes, head.fieldsStart, head.fieldsEnd)
            let method = Array(bytes[head.start..<head.methodEnd])
            let target = Array(bytes[head.targetStart..<head.targetEnd])
            self.transcript.messages.append(
                Transcript.Message(
                    line: method + [0x20] + target, fields: FieldLines.endToEnd(lines, isRequest: true)))
            let size = Self.writer.size(of: head, path: nil, entry: Self.entry, client: Self.client)
            let added = Self.written(atMost: size) { out in
                Self.writer.write(
                    bytes, head: head, path: nil, fields: fields, entry: Self.entry, client: Self.client, ray: 7,
                    into: &out)
            }
            self.output += added
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
        let outcome = self.received.withUnsafeBytes {
            self.answers.parse($0, searched: searched, toHead: toHead)
        }
        switch outcome {
        case .incomplete:
            self.searched = self.received.count
            if self.searched > self.limits.head { self.transcript.violation = "a head is kept above its limit" }
            return false
        case .malformed:
            return self.stop(.malformed)
        case .complete(let head):
            self.searched = 0
            self.forward(head)
            self.received.removeFirst(head.end)
            if head.isInformational {
                self.complete()
                return true
            }
            return self.begin(head.framing)
        }
    }

    private mutating func forward(_ head: ResponseHead) {
        let fields = self.answers.scanner.fields
        self.received.withUnsafeBytes { bytes in
            let lines = FieldLines.split(bytes, head.fieldsStart, head.fieldsEnd)
            let kept = FieldLines.endToEnd(
                lines, isRequest: false, dropsLength: head.status == 204 || head.status < 200)
            // The fields that every answer gets are ours, when what was forwarded is read a second time.
            self.transcript.messages.append(
                Transcript.Message(line: Array(bytes[head.statusStart..<head.lineEnd]), fields: kept))
            let isChunked = head.framing == .chunked || head.framing == .untilClose
            let size = ResponseHeadWriter.size(of: head, cors: Self.cors, origin: nil)
            self.output += Self.written(atMost: size) { out in
                ResponseHeadWriter.write(
                    bytes, head: head, fields: fields, cors: Self.cors, origin: nil,
                    framing: isChunked ? .chunked : .asGiven, connection: .silent, rewriting: nil, into: &out)
            }
        }
    }

    private static func written(atMost size: Int, _ write: (inout HeadOutput) -> Void) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { memory, count in
            var out = HeadOutput(UnsafeMutableRawBufferPointer(memory))
            write(&out)
            count = out.count
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
        var position = 0
        let event = self.received.withUnsafeBytes { decoder.next($0, &position) }
        var payload: ArraySlice<UInt8> = []
        if case .data(let place) = event { payload = self.received[place] }
        self.received.removeFirst(position)
        self.state = .body(decoder, isChunked: isChunked)
        switch event {
        case .needsMore:
            if self.received.count > 0 { self.transcript.violation = "bytes of a body are left lying" }
            return false
        case .data:
            self.transcript.messages[self.transcript.messages.count - 1].body += payload
            if payload.isEmpty {
                self.transcript.violation = "a chunk of no bytes is forwarded"
            } else if isChunked {
                self.writeChunk(payload)
            } else {
                self.output += payload
            }
            return decoder.hasEnded ? self.endBody() : true
        case .end:
            if isChunked { self.output += Array("0\r\n\r\n".utf8) }
            return self.endBody()
        case .trailers(let lines):
            if isChunked {
                self.output += Array("0\r\n".utf8) + TrailerFields.forwarded(lines) + Array("\r\n".utf8)
            }
            return self.endBody()
        case .malformed:
            return self.stop(self.path == .request ? .refused(400) : .malformed)
        }
    }

    /// Byte by byte, so that the output does not depend on how the input was cut.
    private mutating func writeChunk(_ payload: ArraySlice<UInt8>) {
        for byte in payload {
            self.output += Self.written(atMost: ChunkedEncoder.sizeLineLimit) { ChunkedEncoder.writeSize(1, into: &$0) }
            self.output += [byte, 0x0D, 0x0A]
        }
    }

    private mutating func endBody() -> Bool {
        self.complete()
        self.state = .head
        if self.path == .request { return true }
        return self.stop(self.received.count > 0 ? .leftover : .clean)
    }
}
