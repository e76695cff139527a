import NetworkIO
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// A running proxy with what a test needs of it.
struct Bench: Sendable {
    let server: ProxyServer
    let recorder: Recorder
    let port: Int

    /// Runs `body` with a proxy on a free port, then stops it and checks that its events were in order.
    static func run<Result: Sendable>(
        _ backends: [Backend], _ configure: (inout ProxyConfiguration) -> Void = { _ in },
        lookup: @escaping HostResolver.Lookup = HostResolver.system,
        _ body: @Sendable (Bench) async throws -> Result
    ) async throws -> Result {
        try await self.run(BackendRegistry(backends: backends), configure, lookup: lookup, body)
    }

    /// As the other one, with a registry that the test steers.
    static func run<Result: Sendable>(
        _ registry: BackendRegistry, _ configure: (inout ProxyConfiguration) -> Void = { _ in },
        lookup: @escaping HostResolver.Lookup = HostResolver.system,
        _ body: @Sendable (Bench) async throws -> Result
    ) async throws -> Result {
        var configuration = ProxyConfiguration()
        configuration.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
        configure(&configuration)
        let recorder = Recorder()
        let server = ProxyServer(configuration: configuration, registry: registry, sink: recorder, lookup: lookup)
        let addresses = try await server.start()
        let bench = Bench(server: server, recorder: recorder, port: addresses.first?.port ?? 0)
        do {
            let result = try await body(bench)
            await server.stop()
            bench.checkEvents()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Every exchange that began has ended, once.
    func checkEvents() {
        #expect(self.recorder.violations.isEmpty)
        #expect(self.recorder.records.allSatisfy { $0.summary != nil })
        #expect(self.server.inFlight == 0)
    }

    /// One request on a connection of its own.
    func exchange(_ request: String, toHead: Bool = false) async throws -> RawClient.Answer {
        try await RawClient.exchange(port: self.port, request, toHead: toHead)
    }

    func get(_ path: String = "/api/x") async throws -> RawClient.Answer {
        try await self.exchange("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
    }
}
