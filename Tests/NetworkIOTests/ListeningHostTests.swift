import Glibc
import Testing

@testable import NetworkIO

@Suite("Listening", .timeLimit(.minutes(1)))
struct ListeningHostTests {
    @Test(
        "a host stands for its addresses",
        arguments: [
            ("127.0.0.1", ["127.0.0.1:80"]), ("::1", ["[::1]:80"]), ("localhost", ["127.0.0.1:80", "[::1]:80"]),
            ("*", ["0.0.0.0:80", "[::]:80"]), ("0.0.0.0", ["0.0.0.0:80"]), ("a.name", nil), ("127.1", nil),
        ])
    func addresses(host: String, expected: [String]?) {
        #expect(ListeningSocket.addresses(of: host, port: 80)?.map(\.description) == expected)
    }

    @Test(
        "each address of a host is listened on, on one port that the system chose",
        arguments: ["localhost", "*", "two.test"])
    func everyAddress(host: String) async throws {
        let resolver = HostResolver { (_, port) throws(TransportError) in
            ["127.0.0.1", "127.0.0.2", "127.0.0.1"].compactMap { SocketAddress(ipAddress: $0, port: port) }
        }
        let listeners = try await ListeningSocket.bind(host: host, port: 0, resolver: resolver)
        #expect(listeners.count == 2)
        let port = try #require(listeners.first).address.port
        #expect(port > 0 && listeners.allSatisfy { $0.address.port == port })
        let bench = try LoopBench()
        var accepted = 0
        let sources = listeners.map { socket in
            bench.loop.accept(on: socket) {
                accepted += 1
                $0.close()
            }
        }
        for place in host == "two.test" ? ["127.0.0.1", "127.0.0.2"] : ["127.0.0.1", "::1"] {
            let before = accepted
            let address = try #require(SocketAddress(ipAddress: place, port: port))
            let peer = EventRecorder(bench.loop.connect(to: address), closesAfterInput: true)
            bench.turn(until: { peer.isClosed })
            #expect(accepted == before + 1)
        }
        for source in sources { source.cancel() }
    }

    @Test("a port that is taken at one address is a failure that names it, and nothing listens then")
    func taken() async throws {
        let holder = try ListeningSocket(try #require(SocketAddress(ipAddress: "::1", port: 0)))
        let port = holder.address.port
        await #expect(throws: ListenFailure(error: .addressInUse, address: holder.address)) {
            try await ListeningSocket.bind(host: "localhost", port: port)
        }
        _ = try ListeningSocket(try #require(SocketAddress(ipAddress: "127.0.0.1", port: port)))
    }

    @Test("a name without an address is a failure without one")
    func noName() async throws {
        let resolver = HostResolver { (host, _) throws(TransportError) in throw .nameNotFound(host) }
        await #expect(throws: ListenFailure(error: .nameNotFound("a.name"), address: nil)) {
            try await ListeningSocket.bind(host: "a.name", port: 0, resolver: resolver)
        }
    }

    @Test("when the chosen port is taken at the second address another one is chosen", arguments: [3, 100])
    func anotherPort(times: Int) throws {
        let addresses = try #require(ListeningSocket.addresses(of: "localhost", port: 0))
        var ports: [Int] = []
        let listen = { () throws(ListenFailure) -> [ListeningSocket] in
            try ListeningSocket.bind(on: addresses) { (address) throws(TransportError) in
                if address.isV6 {
                    ports.append(address.port)
                    guard ports.count > times else { throw .addressInUse }
                }
                return try ListeningSocket(address)
            }
        }
        if times == 3 {
            #expect(try listen().map(\.address.port) == [ports[3], ports[3]])
        } else {
            let failure = #expect(throws: ListenFailure.self) { try listen() }
            #expect(failure?.error == .addressInUse && failure?.address?.isV6 == true)
            #expect(ports.count == 16)
        }
        #expect(!ports.contains(0))
    }

    @Test(
        "a family that the machine does not have is left out, whichever it is",
        arguments: [true, false], [TransportError.system(errno: EAFNOSUPPORT), .addressRefused(errno: EADDRNOTAVAIL)])
    func missingFamily(isV6Missing: Bool, error: TransportError) throws {
        let addresses = try #require(ListeningSocket.addresses(of: "localhost", port: 0))
        let listeners = try ListeningSocket.bind(on: addresses) { (address) throws(TransportError) in
            guard address.isV6 != isV6Missing else { throw error }
            return try ListeningSocket(address)
        }
        #expect(listeners.map(\.address.isV6) == [!isV6Missing])
        // Without any, or alone, it is a failure.
        let none = #expect(throws: ListenFailure.self) {
            try ListeningSocket.bind(on: addresses) { (_) throws(TransportError) in throw error }
        }
        #expect(none?.error == error)
        let alone = #expect(throws: ListenFailure.self) {
            try ListeningSocket.bind(on: [addresses[1]]) { (_) throws(TransportError) in throw error }
        }
        #expect(alone == ListenFailure(error: error, address: addresses[1]))
    }

    @Test("an address that is not the machine's is a failure beside others too")
    func foreign() throws {
        // TEST-NET-1 (RFC 5737): no machine has it.
        let addresses = try ["127.0.0.1", "192.0.2.1"].map { try #require(SocketAddress(ipAddress: $0, port: 0)) }
        let failure = #expect(throws: ListenFailure.self) { try ListeningSocket.bind(on: addresses) }
        #expect(failure?.error == .addressRefused(errno: EADDRNOTAVAIL))
        #expect(failure?.address?.ipAddress == "192.0.2.1")
    }

    @Test("what is told to refuse does so at once, though it is held and a loop still accepts on it")
    func refuse() throws {
        let listener = try ListeningSocket(try #require(SocketAddress(ipAddress: "127.0.0.1", port: 0)))
        let bench = try LoopBench()
        var accepted = 0
        let source = bench.loop.accept(on: listener) {
            accepted += 1
            $0.close()
        }
        listener.refuse()
        let peer = EventRecorder(bench.loop.connect(to: listener.address))
        bench.turn(until: { peer.isClosed })
        #expect(peer.events == ["closed: connection refused"])
        #expect(accepted == 0)
        source.cancel()
    }
}
