import NIOCore
import NIOPosix
import Synchronization
package import WorkerDomain

/// A real origin on loopback that does to every request what a script says, down to the byte.
package final class ScriptedOrigin: Sendable {
    /// A request as it came.
    package struct Request: Sendable, Equatable {
        /// Request line and fields, final empty line included.
        package let head: [UInt8]
        /// The body as it came, chunked framing included.
        package let rawBody: [UInt8]
        /// The payload.
        package let body: [UInt8]
        /// False when the connection ended before the body did.
        package let isComplete: Bool
        /// Counts connections from 0.
        package let connection: Int

        package var fields: MessageHead { MessageHead(self.head) }
        package var method: String { MessageHead.requestLine(of: self.head).method }
        package var target: String { MessageHead.requestLine(of: self.head).target }
    }

    /// One thing to do on the connection.
    package enum Step: Sendable {
        case send(String)
        case bytes([UInt8])
        /// Sends so many bytes of `x` as fast as they are taken.
        case flood(Int)
        /// Reads so many bytes, even when it had stopped reading, and keeps none of them.
        case sink(Int)
        case wait(Duration)
        /// Waits until ``ScriptedOrigin/release()``.
        case hold
        /// Closes in order, after everything was sent.
        case close
        /// Closes only the sending side.
        case finish
        case reset
        /// Sends back what comes from now on.
        case echo
    }

    /// When the script is asked.
    package enum Trigger: Sendable { case head, wholeRequest }

    package typealias Script = @Sendable (Request) -> [Step]

    struct State: Sendable {
        var requests: [Request] = []
        var connections = 0
        var open = 0
        var flooded = 0
        var sunk = 0
        var gates: [EventLoopPromise<Void>] = []
        var isReleased = false
    }

    package let port: Int
    private let channel: any Channel
    private let box: Box

    /// What the connections share with the origin.
    final class Box: Sendable {
        let state = Mutex(State())
    }

    /// Where it listens.
    package let url: BackendURL

    private init(channel: any Channel, url: BackendURL, box: Box) {
        self.channel = channel
        self.url = url
        self.port = url.port
        self.box = box
    }

    /// Starts one; port 0 lets the system choose, a `socket` is the path of a Unix socket and goes before host and port.
    /// With `.head` the script does not wait for the request's body. A peer that closes its sending side gets the same
    /// unless `closesWithPeer` is false.
    package static func start(
        host: String = "127.0.0.1", port: Int = 0, socket: String? = nil, trigger: Trigger = .wholeRequest,
        readsBody: Bool = true, closesWithPeer: Bool = true, script: @escaping Script
    ) async throws -> ScriptedOrigin {
        let box = Box()
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = OriginHandler(
                        box: box, trigger: trigger, readsBody: readsBody, closesWithPeer: closesWithPeer, script: script
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        if let socket {
            let channel = try await bootstrap.bind(unixDomainSocketPath: socket).get()
            return ScriptedOrigin(channel: channel, url: BackendURL(socketPath: socket), box: box)
        }
        bootstrap = bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        let channel = try await bootstrap.bind(host: host, port: port).get()
        let url = BackendURL(scheme: .http, host: host, port: channel.localAddress?.port ?? 0)
        return ScriptedOrigin(channel: channel, url: url, box: box)
    }

    /// An origin that answers every request with these bytes.
    package static func answering(_ answer: String) async throws -> ScriptedOrigin {
        try await self.start { _ in [.send(answer)] }
    }

    /// The requests that the script was asked about, and those that broke off, in order.
    package var requests: [Request] { self.box.state.withLock { $0.requests } }
    /// Connections that were accepted.
    package var connections: Int { self.box.state.withLock { $0.connections } }
    /// Connections that are open now.
    package var openConnections: Int { self.box.state.withLock { $0.open } }
    /// Bytes that ``Step/flood(_:)`` has handed to the system.
    package var floodedBytes: Int { self.box.state.withLock { $0.flooded } }
    /// Bytes that ``Step/sink(_:)`` has read.
    package var sunkBytes: Int { self.box.state.withLock { $0.sunk } }

    package var backend: Backend {
        Backend(name: "origin-\(self.port)", url: self.url)
    }

    /// Lets every ``Step/hold`` go on.
    package func release() {
        let gates = self.box.state.withLock { state in
            state.isReleased = true
            defer { state.gates = [] }
            return state.gates
        }
        for gate in gates { gate.succeed() }
    }

    /// Accepts nothing more; open connections stay until their peers close them.
    package func stop() async {
        self.release()
        try? await self.channel.close().get()
    }
}
