import Dispatch
import Glibc
import Synchronization
import TestNetwork
import Testing

@testable import NetworkIO

@Suite("Connector", .timeLimit(.minutes(1)))
struct ConnectorTests {
    private static let second: Int64 = 1_000_000_000

    /// A listener and a connector on one loop.
    private final class Bench {
        let base: LoopBench
        let connector: Connector
        let listener: ListeningSocket
        private(set) var clients: [EventRecorder] = []
        private(set) var results: [Result<Connection, TransportError>] = []
        private var accepting: (any AcceptSource)?

        init(
            _ engine: EngineChoice, host: String = "127.0.0.1", greeting: StaticString = "", closes: Bool = false,
            lookup: @escaping HostResolver.Lookup = { (host, _) throws(TransportError) in throw .nameNotFound(host) }
        ) throws {
            self.base = try LoopBench(engine)
            self.connector = Connector(
                loop: self.base.loop, addresses: AddressCache(lifetime: 0, resolver: HostResolver(lookup)))
            self.listener = try ListeningSocket(try #require(SocketAddress(ipAddress: host, port: 0)))
            self.accepting = self.base.loop.accept(on: self.listener) { [weak self] connection in
                let client = EventRecorder(connection, sends: greeting, closesAfterInput: true)
                if closes { connection.close() }
                self?.clients.append(client)
            }
        }

        @discardableResult
        func connect(_ endpoint: Endpoint? = nil, timeout: Int64 = second) -> ConnectAttempt {
            let attempt = self.connector.connect(to: endpoint ?? .address(self.listener.address), timeout: timeout) {
                self.results.append($0)
            }
            #expect(self.results.isEmpty)
            return attempt
        }

        /// Turns until the attempt has ended.
        func finish() -> Result<Connection, TransportError>? {
            self.base.turn(until: { !self.results.isEmpty })
            return self.results.first
        }
    }

    /// An address at which nothing listens.
    private static func closedPort(_ host: String = "127.0.0.1") throws -> SocketAddress {
        try ListeningSocket(try #require(SocketAddress(ipAddress: host, port: 0))).address
    }

    private static func error(_ result: Result<Connection, TransportError>?) -> TransportError? {
        if case .failure(let error) = result { return error }
        return nil
    }

    @Test("connects, and the owner starts what it got", arguments: engines, ["127.0.0.1", "::1"])
    func connects(engine: EngineChoice, host: String) throws {
        let bench = try Bench(engine, host: host, greeting: "hello")
        bench.connect()
        let connection = try #require(try bench.finish()?.get())
        #expect(connection.remoteAddress == bench.listener.address)
        let peer = EventRecorder(connection, sends: "request")
        #expect(peer.events.isEmpty)
        bench.base.turn(until: { peer.events.count == 2 && bench.clients.first?.events.count == 2 })
        #expect(peer.events == ["opened", "hello"])
        #expect(bench.clients.first?.events == ["opened", "request"])
        peer.close()
        bench.base.turn(until: { bench.base.loop.connectionCount == 0 })
        #expect(peer.events == ["opened", "hello", "closed"])
        #expect(bench.results.count == 1)
    }

    @Test("what arrives before the start is not lost, nor is the end behind it", arguments: engines)
    func lateStart(engine: EngineChoice) throws {
        let bench = try Bench(engine, greeting: "early", closes: true)
        bench.connect()
        let connection = try #require(try bench.finish()?.get())
        bench.base.turn(until: { bench.clients.first?.isClosed == true })
        bench.base.turn()
        let peer = EventRecorder(connection)
        bench.base.turn(until: { peer.events.contains("ended") })
        #expect(peer.events == ["opened", "early", "ended"])
        peer.close()
        bench.base.turn(until: { bench.base.loop.connectionCount == 0 })
    }

    @Test("a connection that its owner has paused before the start stays paused", arguments: engines)
    func pausedStart(engine: EngineChoice) throws {
        let bench = try Bench(engine, greeting: "early")
        bench.connect()
        let connection = try #require(try bench.finish()?.get())
        connection.pauseReading()
        let peer = EventRecorder(connection)
        bench.base.turn()
        #expect(peer.events == ["opened"])
        connection.resumeReading()
        bench.base.turn(until: { peer.events.count == 2 })
        #expect(peer.events == ["opened", "early"])
        peer.close()
        bench.base.turn(until: { bench.base.loop.connectionCount == 0 })
    }

    @Test("an owner that closes instead of starting leaves nothing open", arguments: engines)
    func closedInstead(engine: EngineChoice) throws {
        let bench = try Bench(engine)
        bench.connect()
        let connection = try #require(try bench.finish()?.get())
        connection.close()
        bench.base.turn(until: { bench.clients.first?.isClosed == true })
        // A handler that comes too late is told so.
        let peer = EventRecorder(connection)
        bench.base.turn(until: { peer.isClosed })
        #expect(peer.events == ["closed"])
        #expect(bench.base.loop.connectionCount == 0)
    }

    @Test("a closed port is refused, and so is a missing Unix socket", arguments: engines)
    func refused(engine: EngineChoice) throws {
        let bench = try Bench(engine)
        bench.connect(.address(try Self.closedPort()))
        #expect(Self.error(bench.finish()) == .refused)
        let other = try Bench(engine)
        other.connect(.address(.unix(path: "/no/such/socket")))
        #expect(Self.error(other.finish()) == .system(errno: ENOENT))
        #expect(bench.base.loop.connectionCount == 0 && other.base.loop.connectionCount == 0)
    }

    @Test("of a name's addresses the next one is tried when one refuses", arguments: engines)
    func severalAddresses(engine: EngineChoice) throws {
        let open = Mutex<SocketAddress?>(nil)
        let closed = [try Self.closedPort("::1"), try Self.closedPort()]
        let bench = try Bench(
            engine,
            lookup: { (_, _) throws(TransportError) in
                closed + (open.withLock { $0 }.map { [$0] } ?? [])
            })
        open.withLock { $0 = bench.listener.address }
        bench.connect(.name("several", port: 1))
        let connection = try #require(try bench.finish()?.get())
        #expect(connection.remoteAddress == bench.listener.address)
        connection.close()
        bench.base.turn(until: { bench.base.loop.connectionCount == 0 })
    }

    @Test("when every address refuses the name is refused; without an address it is not found", arguments: engines)
    func noneLeft(engine: EngineChoice) throws {
        let closed = [try Self.closedPort(), try Self.closedPort("::1")]
        let bench = try Bench(engine, lookup: { (_, _) throws(TransportError) in closed })
        bench.connect(.name("closed", port: 1))
        #expect(Self.error(bench.finish()) == .refused)
        let empty = try Bench(engine, lookup: { (_, _) throws(TransportError) in [] })
        empty.connect(.name("empty", port: 1))
        #expect(Self.error(empty.finish()) == .nameNotFound("empty"))
        let unknown = try Bench(engine)
        unknown.connect(.name("unknown", port: 1))
        #expect(Self.error(unknown.finish()) == .nameNotFound("unknown"))
    }

    @Test("an address that does not answer is left for the next one after 250 ms", arguments: engines)
    func silentAddress(engine: EngineChoice) throws {
        let silent = try SilentAddress()
        let open = Mutex<SocketAddress?>(nil)
        let bench = try Bench(
            engine,
            lookup: { (_, _) throws(TransportError) in
                [silent.address] + (open.withLock { $0 }.map { [$0] } ?? [])
            })
        open.withLock { $0 = bench.listener.address }
        bench.connect(.name("silent", port: 1))
        bench.base.turn(until: { bench.base.loop.connectionCount == 1 })
        bench.base.clock.advance(by: 249_000_000)
        bench.base.turn()
        #expect(bench.base.loop.connectionCount == 1 && bench.results.isEmpty)
        bench.base.clock.advance(by: 1_000_000)
        let connection = try #require(try bench.finish()?.get())
        #expect(connection.remoteAddress == bench.listener.address)
        // The first attempt was given up; the winner and the listener's side are left.
        bench.base.turn(until: { bench.clients.count == 1 && bench.base.loop.connectionCount == 2 })
        connection.close()
        bench.base.turn(until: { bench.base.loop.connectionCount == 0 })
    }

    @Test("the time limit covers the lookup and the connect", arguments: engines, [true, false])
    func timesOut(engine: EngineChoice, inLookup: Bool) throws {
        let silent = try SilentAddress()
        let gate = DispatchSemaphore(value: 0)
        let bench = try Bench(
            engine,
            lookup: { (_, _) throws(TransportError) in
                if inLookup { gate.wait() }
                return [silent.address]
            })
        bench.connect(.name("silent", port: 1), timeout: Self.second)
        if !inLookup { bench.base.turn(until: { bench.base.loop.connectionCount == 1 }) }
        bench.base.clock.advance(by: 999_000_000)
        bench.base.turn()
        #expect(bench.results.isEmpty)
        bench.base.clock.advance(by: 1_000_000)
        #expect(Self.error(bench.finish()) == .timedOut)
        gate.signal()
        bench.base.turn()
        #expect(bench.base.loop.connectionCount == 0 && bench.results.count == 1)
    }

    @Test("a cancelled attempt ends in silence and closes its sockets", arguments: engines, [true, false])
    func cancel(engine: EngineChoice, inLookup: Bool) throws {
        let silent = try SilentAddress()
        let gate = DispatchSemaphore(value: 0)
        let bench = try Bench(
            engine,
            lookup: { (_, _) throws(TransportError) in
                if inLookup { gate.wait() }
                return [silent.address]
            })
        let attempt = bench.connect(.name("silent", port: 1))
        if !inLookup { bench.base.turn(until: { bench.base.loop.connectionCount == 1 }) }
        attempt.cancel()
        attempt.cancel()
        gate.signal()
        bench.base.turn(until: { bench.base.loop.connectionCount == 0 })
        bench.base.clock.advance(by: 5_000_000_000)
        bench.base.turn()
        #expect(bench.results.isEmpty && bench.base.loop.connectionCount == 0)
    }

    @Test(
        "one that is cancelled when the connection stands, and before that was told, is closed too", arguments: engines)
    func lateCancel(engine: EngineChoice) throws {
        let bench = try Bench(engine)
        let attempt = bench.connect()
        // The peer's side is accepted in the turn in which the connect ends, or before it.
        bench.base.loop.later { attempt.cancel() }
        bench.base.turn(until: { bench.base.loop.connectionCount == 0 })
        bench.base.turn()
        #expect(bench.results.isEmpty)
        #expect(bench.clients.allSatisfy { $0.isClosed })
    }

    @Test("nothing keeps an attempt that has ended", arguments: engines)
    func released(engine: EngineChoice) throws {
        let bench = try Bench(engine)
        weak var attempt: ConnectAttempt?
        weak var connection: Connection?
        attempt = bench.connect(.address(try Self.closedPort()))
        bench.base.turn(until: { !bench.results.isEmpty })
        #expect(attempt == nil)
        attempt = bench.connector.connect(to: .address(bench.listener.address), timeout: Self.second) { result in
            guard case .success(let made) = result else { return }
            connection = made
            made.close()
        }
        bench.base.turn(until: { attempt == nil && connection == nil && bench.base.loop.connectionCount == 0 })
    }
}

/// A listener whose queue is full: the system answers no further attempt to connect.
private final class SilentAddress: Sendable {
    private let listener: Socket
    private let filling: [Int32]
    let address: SocketAddress

    init() throws {
        let any = try #require(SocketAddress(ipAddress: "127.0.0.1", port: 0))
        let listener = try Socket(family: AF_INET)
        Self.call(any, listener.descriptor, bind)
        listen(listener.descriptor, 0)
        let found = listener.localAddress
        let address = try #require(found)
        // A queue of 0 holds one; the second attempt already waits for ever.
        self.filling = try (0..<3).map { _ in
            let descriptor = try Socket(family: AF_INET).take()
            Self.call(address, descriptor, connect)
            return descriptor
        }
        self.listener = listener
        self.address = address
    }

    deinit {
        for descriptor in self.filling { close(descriptor) }
    }

    private static func call(
        _ address: SocketAddress, _ descriptor: Int32, _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) {
        _ = address.withStorage { pointer, length in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { function(descriptor, $0, length) }
        }
    }
}
