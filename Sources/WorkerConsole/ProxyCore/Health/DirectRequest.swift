import NetworkIO
import WorkerDomain

/// One request and its response. Confined to its event loop.
final class DirectRequest: ConnectionHandler {
    typealias Done = (Result<CheckResponse, CheckRequestFailure>) -> Void

    private static let headLimit = 65_536

    private let backend: Backend
    private let request: CheckRequest
    private let bodyLimit: Int
    private unowned let loop: EventLoop
    private var phase = ProbePhase.connecting
    private var attempt: ConnectAttempt?
    private var connection: Connection?
    private var timer: LoopTimer?
    /// Of the head, until it is complete.
    private var received: [UInt8] = []
    private var head: (status: Int, bytes: [UInt8])?
    private var decoder = BodyDecoder.ended
    private var body: [UInt8] = []
    private var isUntilClose = false
    private var done: Done?

    init(
        _ backend: Backend, _ request: CheckRequest, bodyLimit: Int, on loop: EventLoop, _ done: @escaping Done
    ) {
        self.backend = backend
        self.request = request
        self.bodyLimit = bodyLimit
        self.loop = loop
        self.done = done
    }

    func begin(with connector: Connector, tls: TLSSession?, timeout: Int64) {
        self.timer = self.loop.schedule(after: timeout) {
            self.fail(self.phase.timeoutCode, "no response in time")
        }
        self.attempt = connector.connect(to: self.backend.url.endpoint, timeout: timeout, tls: { tls }) {
            [weak self] result in
            switch result {
            case .success(let connection):
                self?.phase = tls == nil ? .asking : .handshaking
                self?.connection = connection
                if let self { connection.start(self) }
            case .failure(let error): self?.fail(self?.phase.code(of: error) ?? "L4CON", "\(error)")
            }
        }
    }

    private func fail(_ code: String, _ reason: String) {
        self.finish(.failure(CheckRequestFailure(code: code, reason: reason)))
    }

    private func finish(_ result: Result<CheckResponse, CheckRequestFailure>) {
        guard let done = self.done else { return }
        self.done = nil
        if let timer = self.timer { self.loop.cancel(timer) }
        self.attempt?.cancel()
        self.connection?.close()
        done(result)
    }

    private func complete(isCut: Bool = false) {
        guard let head = self.head else { return }
        self.finish(
            .success(
                CheckResponse(
                    status: head.status, head: head.bytes, body: self.body, isCut: isCut,
                    certificateSeconds: self.connection?.certificateSeconds)))
    }

    // MARK: - ConnectionHandler

    func opened() {
        self.phase = .asking
        let url = self.backend.url
        // Neither can a target end its line, whoever wrote it (RFC 9112, section 3.2).
        guard !self.request.target.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            return self.fail("L7RSP", "the target has a blank or a control character")
        }
        var text = "\(self.request.method) \(url.basePath)\(self.request.target) HTTP/1.1\r\n"
        text += "Host: \(url.bracketedHost):\(url.port)\r\n"
        let fields = [("User-Agent", "worker-console-check"), ("Accept", "*/*"), ("Connection", "close")]
        for (name, value) in fields + self.request.fields.map({ ($0.name, $0.value) }) {
            // Nothing of a recorded request can end a line.
            guard !(name + value).utf8.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) else { continue }
            text += "\(name): \(value)\r\n"
        }
        self.connection?.send(Array((text + "\r\n").utf8))
    }

    func received(_ bytes: RawSpan) {
        guard self.done != nil else { return }
        guard self.head == nil else { return bytes.withUnsafeBytes { self.take($0) } }
        bytes.withUnsafeBytes { self.received.append(contentsOf: $0) }
        while self.done != nil, self.head == nil {
            var parser = ResponseHeadParser(headLimit: Self.headLimit)
            let isHead = self.request.method == "HEAD"
            switch self.received.withUnsafeBytes({ parser.parse($0, searched: 0, toHead: isHead) }) {
            case .incomplete: return
            case .malformed(let reason): return self.fail("L7RSP", reason)
            case .complete(let head) where head.isInformational: self.received.removeFirst(head.end)
            case .complete(let head):
                self.head = (head.status, Array(self.received[..<head.end]))
                self.decoder = BodyDecoder(head.framing, trailerLimit: 16_384)
                self.isUntilClose = head.framing == .untilClose
                let rest = Array(self.received[head.end...])
                self.received = []
                rest.withUnsafeBytes { self.take($0) }
            }
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while self.done != nil {
            switch self.decoder.next(bytes, &position) {
            case .needsMore: return
            case .data(let range):
                let free = self.bodyLimit - self.body.count
                self.body.append(contentsOf: bytes[range].prefix(free))
                if range.count > free { self.complete(isCut: true) }
            case .end, .trailers: self.complete()
            case .malformed(let reason): self.fail("L7RSP", reason)
            }
        }
    }

    func inputEnded() {
        if self.isUntilClose { self.complete() } else { self.fail("L7RSP", "the backend closed the connection early") }
    }

    func drained() {}

    func closed(_ error: TransportError?) {
        if error == nil || error == .closed, self.isUntilClose { self.complete() }
        self.fail(
            self.phase.code(of: error ?? .closed),
            error == nil || error == .closed
                ? "the backend closed the connection before responding" : "\(error ?? .closed)")
        self.connection = nil
    }
}
