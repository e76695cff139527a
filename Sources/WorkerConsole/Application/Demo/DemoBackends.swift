import NetworkIO
package import WorkerDomain

/// Two sample backends on loopback, "blue" and "green", with the API of a résumé site.
package final class DemoBackends: Sendable {
    /// Accepts the connections of one backend.
    private final class Acceptor {
        private let loop: EventLoop
        private var sources: [any AcceptSource] = []

        init(loop: EventLoop, _ listeners: [(name: String, socket: ListeningSocket)]) {
            self.loop = loop
            for (name, socket) in listeners {
                self.sources.append(
                    loop.accept(on: socket) { $0.start(DemoBackendConnection($0, name: name)) })
            }
        }
    }

    /// Where they listen, the one to begin with first.
    package let backends: [Backend]
    private let thread: LoopThread
    private let acceptor: LoopBound<Acceptor>

    private init(backends: [Backend], thread: LoopThread, acceptor: LoopBound<Acceptor>) {
        self.backends = backends
        self.thread = thread
        self.acceptor = acceptor
    }

    /// Listens on two ports that the system chooses.
    /// - Throws: `TransportError`, `.noDescriptors` above all.
    package static func start() async throws -> DemoBackends {
        var backends: [Backend] = []
        var listeners: [(name: String, socket: ListeningSocket)] = []
        for name in ["blue", "green"] {
            let socket = try ListeningSocket(SocketAddress.loopback(port: 0))
            listeners.append((name, socket))
            let url = BackendURL(scheme: .http, host: "127.0.0.1", port: socket.address.port)
            backends.append(Backend(name: name, url: url))
        }
        let sockets = listeners
        let (thread, acceptor) = try await LoopThread.start(name: "demo-backends") { Acceptor(loop: $0, sockets) }
        return DemoBackends(backends: backends, thread: thread, acceptor: acceptor)
    }

    /// Stops listening and closes every connection.
    package func stop() async { await self.thread.stop() }
}
