import Synchronization

@testable import NetworkIO

/// Serves TLS on a thread of its own: each request (it ends with an empty line) is answered, and the connection closed.
final class TLSTestServer: Sendable {
    let port: Int
    private let thread: LoopThread
    private let accepting: LoopBound<any AcceptSource>
    private let log: ServerLog

    static func start(
        _ engine: EngineChoice, _ context: TLSContext, responseSize: Int = 2, lingers: Bool = false
    ) async throws -> TLSTestServer {
        guard let address = SocketAddress(ipAddress: "127.0.0.1", port: 0) else { throw TransportError.closed }
        let listener = try ListeningSocket(address)
        let log = ServerLog()
        let (thread, accepting) = try await LoopThread.start(name: "tls-server", engine: engine) { loop in
            loop.accept(on: listener, tls: context) { connection in
                connection.start(Responder(connection, responseSize: responseSize, lingers: lingers, log: log))
            }
        }
        return TLSTestServer(port: listener.address.port, thread: thread, accepting: accepting, log: log)
    }

    private init(port: Int, thread: LoopThread, accepting: LoopBound<any AcceptSource>, log: ServerLog) {
        self.port = port
        self.thread = thread
        self.accepting = accepting
        self.log = log
    }

    /// Ends the server, and returns what happened.
    func stop() async -> [String] {
        await self.thread.stop()
        return self.log.events.withLock { $0 }
    }
}

/// What happened to the connections of a server.
private final class ServerLog: Sendable {
    let events = Mutex<[String]>([])

    func add(_ event: String) { self.events.withLock { $0.append(event) } }
}

private final class Responder: ConnectionHandler {
    private let connection: Connection
    private let responseSize: Int
    /// Reads until the client's end after the response.
    private let lingers: Bool
    private let log: ServerLog
    private var head: [UInt8] = []
    private var hasAnswered = false

    init(_ connection: Connection, responseSize: Int, lingers: Bool, log: ServerLog) {
        self.connection = connection
        self.lingers = lingers
        self.responseSize = responseSize
        self.log = log
    }

    func opened() {
        guard let facts = self.connection.tlsFacts else { return }
        self.log.add("opened \(facts.version) \(facts.applicationProtocol ?? "-")")
    }

    func received(_ bytes: RawSpan) {
        guard !self.hasAnswered else { return }
        bytes.withUnsafeBytes { self.head += $0 }
        guard String(decoding: self.head, as: UTF8.self).contains("\r\n\r\n") else { return }
        self.hasAnswered = true
        self.connection.send([UInt8](repeating: 120, count: self.responseSize))
        self.connection.tellWhenEmpty()
    }

    func inputEnded() { self.connection.close() }

    func drained() {
        guard self.hasAnswered else { return }
        if self.lingers { self.connection.closeOutput() } else { self.connection.close() }
    }

    func closed(_ error: TransportError?) { self.log.add(error.map { "closed: \($0)" } ?? "closed") }
}

/// What one request over TLS has brought.
struct TLSTestReply: Sendable {
    var facts: TLSFacts?
    var bytes: [UInt8] = []
    var hasEnded = false
    var error: TransportError?

    var text: String { String(decoding: self.bytes, as: UTF8.self) }
}

/// Asks once over TLS, on a thread of its own.
enum TLSTestClient {
    static func ask(
        _ engine: EngineChoice, port: Int, context: TLSContext, name: String = "backend.test", request: [UInt8]
    ) async -> TLSTestReply {
        guard let (thread, loop) = try? await LoopThread.start(name: "tls-client", engine: engine, make: { $0 }) else {
            return TLSTestReply(error: .noDescriptors)
        }
        let reply = await loop.submit(resuming: { (loop: EventLoop, done: CheckedContinuation<TLSTestReply?, Never>) in
            guard let address = SocketAddress(ipAddress: "127.0.0.1", port: port) else {
                return done.resume(returning: nil)
            }
            let connection = loop.connect(to: address, tls: context.makeClientSession(serverName: name))
            connection.start(Requester(connection, request: request, done))
        })
        await thread.stop()
        return reply ?? TLSTestReply()
    }
}

private final class Requester: ConnectionHandler {
    private let connection: Connection
    private let request: [UInt8]
    private let done: CheckedContinuation<TLSTestReply?, Never>
    private var reply = TLSTestReply()

    init(_ connection: Connection, request: [UInt8], _ done: CheckedContinuation<TLSTestReply?, Never>) {
        self.connection = connection
        self.request = request
        self.done = done
    }

    func opened() {
        self.reply.facts = self.connection.tlsFacts
        self.connection.send(self.request)
    }

    func received(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { self.reply.bytes += $0 }
        if self.isComplete { self.connection.close() }
    }

    /// The response says how long it is, and all of it has come.
    private var isComplete: Bool {
        let text = String(decoding: self.reply.bytes.prefix(200), as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n"), let length = text.firstMatch(of: /Content-Length: ([0-9]+)/)
        else { return false }
        let head = text[..<end.upperBound].utf8.count
        return self.reply.bytes.count == head + (Int(length.1) ?? 0)
    }

    func inputEnded() {
        self.reply.hasEnded = true
        self.connection.close()
    }

    func drained() {}

    func closed(_ error: TransportError?) {
        self.reply.error = error
        self.done.resume(returning: self.reply)
    }
}
