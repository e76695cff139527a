import NetworkIO
import WorkerDomain

/// One probe, from the lookup of a name to its outcome. Confined to its event loop.
final class ProbeHandler: ConnectionHandler {
    /// More than this of a response is not looked at.
    private static let headLimit = 65_536
    private static let closedEarly = "the backend closed the connection before responding"

    private let backend: Backend
    private let configuration: HealthConfiguration
    private unowned let loop: EventLoop
    private var phase = ProbePhase.connecting
    private var attempt: ConnectAttempt?
    private var connection: Connection?
    private var timer: LoopTimer?
    private var received: [UInt8] = []
    /// `nil` when the outcome is known.
    private var done: ((ProbeOutcome) -> Void)?

    /// - Parameters:
    ///   - backend: What is probed.
    ///   - configuration: What to ask, and how long to wait for it.
    ///   - loop: Whose thread everything happens on.
    ///   - done: Called once with the outcome.
    init(
        _ backend: Backend, _ configuration: HealthConfiguration, on loop: EventLoop,
        _ done: @escaping (ProbeOutcome) -> Void
    ) {
        self.backend = backend
        self.configuration = configuration
        self.loop = loop
        self.done = done
    }

    /// Connects and asks; the time limit keeps the probe until it has its outcome.
    /// - Parameters:
    ///   - endpoint: Where the backend listens.
    ///   - connector: Of the same loop.
    ///   - tls: What is spoken first; `nil` for a backend without TLS.
    func begin(to endpoint: Endpoint, with connector: Connector, tls: TLSSession?) {
        let timeout = self.configuration.timeout.nanoseconds
        self.timer = self.loop.schedule(after: timeout) {
            self.finish(ProbeOutcome(code: self.phase.timeoutCode, detail: "no response in time"))
        }
        self.attempt = connector.connect(to: endpoint, timeout: timeout, tls: { tls }) { [weak self] result in
            self?.connected(result, isSecure: tls != nil)
        }
    }

    private func connected(_ result: Result<Connection, TransportError>, isSecure: Bool) {
        switch result {
        case .success(let connection):
            self.phase = isSecure ? .handshaking : .asking
            self.connection = connection
            connection.start(self)
        case .failure(let error): self.fail(error)
        }
    }

    private func fail(_ error: TransportError?) {
        let reason = error == nil || error == .closed ? Self.closedEarly : "\(error ?? .closed)"
        self.finish(ProbeOutcome(code: self.phase.code(of: error ?? .closed), detail: reason))
    }

    private func finish(_ outcome: ProbeOutcome) {
        guard let done = self.done else { return }
        self.done = nil
        if let timer = self.timer { self.loop.cancel(timer) }
        self.attempt?.cancel()
        self.connection?.close()
        done(outcome)
    }

    // MARK: - ConnectionHandler

    func opened() {
        let isSecure = self.phase == .handshaking
        self.phase = .asking
        switch self.configuration.method {
        case .tcp: self.finish(ProbeOutcome(code: isSecure ? "L6OK" : "L4OK", detail: "connected", passed: true))
        case .http(let method, let path):
            let url = self.backend.url
            let text =
                "\(method) \(url.basePath)\(path) HTTP/1.1\r\nHost: \(url.bracketedHost):\(url.port)\r\n"
                + "User-Agent: worker-console-health\r\nAccept: */*\r\nConnection: close\r\n\r\n"
            self.connection?.send(Array(text.utf8))
        }
    }

    func received(_ bytes: RawSpan) {
        guard self.done != nil, self.received.count < Self.headLimit else { return }
        bytes.withUnsafeBytes { self.received.append(contentsOf: $0) }
        var parser = ResponseHeadParser(headLimit: Self.headLimit)
        switch self.received.withUnsafeBytes({ parser.parse($0, searched: 0, toHead: true) }) {
        case .incomplete: return
        case .malformed(let reason): self.finish(ProbeOutcome(code: "L7RSP", detail: reason))
        case .complete(let head):
            let passed = self.configuration.passingStatuses.contains { $0.contains(head.status) }
            self.finish(ProbeOutcome(code: passed ? "L7OK" : "L7STS", detail: "status \(head.status)", passed: passed))
        }
    }

    func inputEnded() { self.fail(nil) }

    func drained() {}

    func closed(_ error: TransportError?) {
        self.fail(error)
        self.connection = nil
    }
}
