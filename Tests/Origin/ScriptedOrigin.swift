import Glibc
import Synchronization
import TestSupport
package import WorkerDomain

/// A real origin on loopback that does to every request what a script says, down to the byte.
///
/// It stands on the system's sockets with a thread a connection, so that it shares nothing with the network layer under
/// test.
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
        /// As ``close``; the connection counts as open until the peer's system has confirmed its end.
        case closeConfirmed
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
        var isReleased = false
        /// Threads that run: one that accepts, and one a connection.
        var threads = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// What the connections share with the origin.
    final class Shared: Sendable {
        let state = Mutex(State())
        let released: Signal
        let stopped: Signal

        init() throws(SocketError) {
            self.released = try Signal()
            self.stopped = try Signal()
        }

        /// Runs `body` on a thread that ``ScriptedOrigin/stop()`` waits for.
        func start(_ body: @escaping @Sendable () -> Void) throws {
            self.state.withLock { $0.threads += 1 }
            do {
                try SmallThread.start {
                    body()
                    self.ended()
                }
            } catch {
                self.ended()
                throw error
            }
        }

        private func ended() {
            let waiters = self.state.withLock { state in
                state.threads -= 1
                guard state.threads == 0 else { return [CheckedContinuation<Void, Never>]() }
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    package let port: Int
    /// Where it listens.
    package let url: BackendURL
    private let shared: Shared

    private init(url: BackendURL, shared: Shared) {
        self.url = url
        self.port = url.port
        self.shared = shared
    }

    /// One that a test forgot to stop ends with its last use.
    deinit { self.shared.stopped.send() }

    /// Starts one; port 0 lets the system choose, a `socket` is the path of a Unix socket and goes before host and port.
    /// With `.head` the script does not wait for the request's body. A peer that closes its sending side gets the same
    /// unless `closesWithPeer` is false.
    package static func start(
        host: String = "127.0.0.1", port: Int = 0, socket: String? = nil, trigger: Trigger = .wholeRequest,
        readsBody: Bool = true, closesWithPeer: Bool = true, script: @escaping Script
    ) async throws -> ScriptedOrigin {
        let shared = try Shared()
        let listener: Socket
        let url: BackendURL
        if let socket {
            listener = try Socket.listen(path: socket)
            url = BackendURL(socketPath: socket)
        } else {
            listener = try Socket.listen(host: host, port: port)
            url = BackendURL(scheme: .http, host: host, port: listener.localPort)
        }
        let options = OriginConnection.Options(
            trigger: trigger, readsBody: readsBody, closesWithPeer: closesWithPeer, script: script)
        do {
            try shared.start { Self.accept(on: listener, shared, options) }
        } catch {
            listener.close()
            throw error
        }
        return ScriptedOrigin(url: url, shared: shared)
    }

    /// Gives every connection a thread until the origin is stopped; runs on a thread itself.
    private static func accept(on listener: Socket, _ shared: Shared, _ options: OriginConnection.Options) {
        defer { listener.close() }
        while true {
            var poll = Poll(listener, for: POLLIN)
            poll.add(shared.stopped)
            guard poll.wait(until: nil) else { continue }
            if poll.isSignalled(shared.stopped) { return }
            guard let socket = listener.accept() else { continue }
            let number = shared.state.withLock { state in
                state.open += 1
                defer { state.connections += 1 }
                return state.connections
            }
            let serve: @Sendable () -> Void = {
                OriginConnection(socket: socket, number: number, shared: shared, options: options).run()
                shared.state.withLock { $0.open -= 1 }
            }
            if (try? shared.start(serve)) == nil {
                socket.close()
                shared.state.withLock { $0.open -= 1 }
            }
        }
    }

    /// An origin that answers every request with these bytes.
    package static func answering(_ answer: String) async throws -> ScriptedOrigin {
        try await self.start { _ in [.send(answer)] }
    }

    /// The requests that the script was asked about, and those that broke off, in order.
    package var requests: [Request] { self.shared.state.withLock { $0.requests } }
    /// Connections that were accepted.
    package var connections: Int { self.shared.state.withLock { $0.connections } }
    /// Connections that are open now.
    package var openConnections: Int { self.shared.state.withLock { $0.open } }
    /// Bytes that ``Step/flood(_:)`` has handed to the system.
    package var floodedBytes: Int { self.shared.state.withLock { $0.flooded } }
    /// Bytes that ``Step/sink(_:)`` has read.
    package var sunkBytes: Int { self.shared.state.withLock { $0.sunk } }

    package var backend: Backend {
        Backend(name: "origin-\(self.port)", url: self.url)
    }

    /// Lets every ``Step/hold`` go on.
    package func release() {
        self.shared.state.withLock { $0.isReleased = true }
        self.shared.released.send()
    }

    /// Closes the listener and every connection, and returns when their threads have ended.
    package func stop() async {
        self.shared.stopped.send()
        await withCheckedContinuation { continuation in
            let isOver = self.shared.state.withLock { state in
                if state.threads > 0 { state.waiters.append(continuation) }
                return state.threads == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
