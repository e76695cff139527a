import NIOCore
import NIOPosix
import Synchronization
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Names and their addresses", .timeLimit(.minutes(1)))
struct NameTests {
    @Test("of a name's addresses the next one is tried when one refuses")
    func severalAddresses() async throws {
        let origin = try await ScriptedOrigin.answering(TransportTests.ok)
        let lookups = Atomic<Int>(0)
        let addresses = try ["::1", "127.0.0.2", "127.0.0.1"].map {
            try SocketAddress(ipAddress: $0, port: origin.port)
        }
        let backend = Backend(
            name: "name", url: BackendURL(scheme: .http, host: "backend.test", port: origin.port))
        try await Bench.run(
            [backend],
            lookup: { _, _ in
                lookups.wrappingAdd(1, ordering: .relaxed)
                return addresses
            }
        ) { bench in
            // Every request on a connection of its own, on both sides.
            for _ in 0..<3 {
                let answer = try await bench.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(answer.text == "ok")
            }
        }
        #expect(lookups.load(ordering: .relaxed) == 1)
        #expect(origin.requests.first?.fields.value(of: "Host") == "backend.test:\(origin.port)")
        await origin.stop()
    }

    @Test("a name without an address is a 502 that says so, and is asked again the next time")
    func noAddress() async throws {
        let lookups = Atomic<Int>(0)
        let backend = Backend(name: "name", url: BackendURL(scheme: .http, host: "backend.test", port: 80))
        try await Bench.run(
            [backend],
            lookup: { host, _ in
                lookups.wrappingAdd(1, ordering: .relaxed)
                throw NameLookupError(host: host)
            }
        ) { bench in
            let first = try await bench.get().status
            #expect(first == 502)
            let reason = await bench.recorder.ended(1).first?.summary?.ending.reason
            #expect(reason == "connect to backend.test:80: the name backend.test has no address")
            let before = lookups.load(ordering: .relaxed)
            let second = try await bench.get().status
            #expect(second == 502)
            #expect(lookups.load(ordering: .relaxed) > before)
        }
    }

    @Test(
        "addresses are kept for their time and then looked up again; with no time they never are", arguments: [30, 0])
    func lifetime(seconds: Int) async throws {
        let lookups = Atomic<Int>(0)
        let time = Atomic<Int64>(1)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        let cache = AddressCache(
            lifetime: .seconds(seconds),
            lookup: { _, _ in
                lookups.wrappingAdd(1, ordering: .relaxed)
                return [address]
            }, now: { time.load(ordering: .relaxed) })
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        for _ in 0..<2 { #expect(try await cache.addresses(of: "a", port: 1, on: loop).get() == [address]) }
        #expect(lookups.load(ordering: .relaxed) == (seconds == 0 ? 2 : 1))
        time.store(Int64(seconds) * 1_000_000_000 + 2, ordering: .relaxed)
        #expect(try await cache.addresses(of: "a", port: 1, on: loop).get() == [address])
        #expect(lookups.load(ordering: .relaxed) == (seconds == 0 ? 3 : 2))
    }

    @Test("the system's resolver gives every address of localhost")
    func systemResolver() throws {
        let addresses = try AddressCache.system("localhost", 80)
        #expect(addresses.contains { $0.ipAddress == "127.0.0.1" && $0.port == 80 })
        #expect(throws: (any Error).self) { try AddressCache.system("no such name.invalid", 80) }
    }
}
