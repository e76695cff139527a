import NetworkIO
import Synchronization
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Names and their addresses", .timeLimit(.minutes(1)))
struct NameTests {
    @Test("of a name's addresses the next one is tried when one refuses", .everyEngine)
    func severalAddresses() async throws {
        let origin = try await ScriptedOrigin.answering(TransportTests.ok)
        let lookups = Atomic<Int>(0)
        let backend = Backend(
            name: "name", url: BackendURL(scheme: .http, host: "backend.test", port: origin.port))
        try await Bench.run(
            [backend],
            lookup: { (_, port) throws(TransportError) in
                lookups.wrappingAdd(1, ordering: .relaxed)
                return ["::1", "127.0.0.2", "127.0.0.1"].compactMap { SocketAddress(ipAddress: $0, port: port) }
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

    @Test("a name without an address is a 502 that says so, and is asked again the next time", .everyEngine)
    func noAddress() async throws {
        let lookups = Atomic<Int>(0)
        let backend = Backend(name: "name", url: BackendURL(scheme: .http, host: "backend.test", port: 80))
        try await Bench.run(
            [backend],
            lookup: { (host, _) throws(TransportError) in
                lookups.wrappingAdd(1, ordering: .relaxed)
                throw .nameNotFound(host)
            }
        ) { bench in
            let first = try await bench.get().status
            #expect(first == 502)
            let reason = await bench.recorder.ended(1).first?.summary?.ending.reason
            #expect(reason == "connect to backend.test:80: no address found for backend.test")
            let before = lookups.load(ordering: .relaxed)
            let second = try await bench.get().status
            #expect(second == 502)
            #expect(lookups.load(ordering: .relaxed) > before)
        }
    }

    @Test("localhost and * are listened on at every address, on one port", .everyEngine, arguments: ["localhost", "*"])
    func everyAddress(host: String) async throws {
        let origin = try await ScriptedOrigin.answering(TransportTests.ok)
        try await Bench.run([origin.backend], { $0.listen = [ListenAddress(host: host, port: 0)] }) { bench in
            for place in ["127.0.0.1", "::1"] {
                let client = try await RawClient.connect(port: bench.port, host: place)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await client.answer()
                #expect(answer.text == "ok")
                client.close()
            }
        }
        await origin.stop()
    }

    @Test("a port that is taken at one of the addresses is told as in use, with the process that has it")
    func taken() async throws {
        let holder = try await ScriptedOrigin.start(host: "::1") { _ in [.hold] }
        var configuration = ProxyConfiguration()
        configuration.listen = [ListenAddress(host: "localhost", port: holder.port)]
        let server = ProxyServer(configuration: configuration, backends: [holder.backend], sink: Recorder())
        let error = await #expect(throws: ProxyError.self) { try await server.start() }
        #expect(error?.code == .addressInUse && error?.address == configuration.listen.first)
        #expect(error?.holder != nil)
        await holder.stop()
    }
}
