import NetworkIO
import WorkerDomain
import WorkerProject

/// The backend of the parity check on a port of loopback that the system chooses: one request a connection.
enum ParityBackend {
    private final class Acceptor {
        private let source: any AcceptSource

        init(_ loop: EventLoop, _ socket: ListeningSocket) {
            self.source = loop.accept(on: socket) { $0.start(Responder($0)) }
        }
    }

    /// Reads one head, responds, and closes.
    private final class Responder: ConnectionHandler {
        private static let headLimit = 65_536
        private let connection: Connection
        private var received: [UInt8] = []
        private var hasResponded = false

        init(_ connection: Connection) { self.connection = connection }

        func opened() {}

        func received(_ bytes: RawSpan) {
            guard !self.hasResponded else { return }
            bytes.withUnsafeBytes { self.received.append(contentsOf: $0) }
            guard self.received.count <= Self.headLimit else { return self.connection.close() }
            let end: [UInt8] = [13, 10, 13, 10]
            guard self.received.indices.contains(where: { self.received[$0...].starts(with: end) }) else { return }
            self.hasResponded = true
            let line = MessageHead.requestLine(of: self.received)
            self.connection.send(ParityScriptedBackend.response(method: line.method, target: line.target))
            self.connection.close()
        }

        func inputEnded() { self.connection.close() }
        func drained() {}
        func closed(_: TransportError?) {}
    }

    /// A port that was free a moment ago.
    static func freePort() -> Int? { (try? ListeningSocket(SocketAddress.loopback(port: 0)))?.address.port }

    /// - Returns: `nil` when it cannot listen.
    static func start() async -> EmbeddedCore? {
        guard let socket = try? ListeningSocket(SocketAddress.loopback(port: 0)),
            let (thread, acceptor) = try? await LoopThread.start(name: "wc-parity", make: { Acceptor($0, socket) })
        else { return nil }
        let url = BackendURL(scheme: .http, host: "127.0.0.1", port: socket.address.port)
        return EmbeddedCore(backend: Backend(name: "parity", url: url)) {
            await thread.stop()
            withExtendedLifetime(acceptor) {}
        }
    }
}
