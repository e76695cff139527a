import NetworkIO
import Synchronization
import TestNetwork
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// A running proxy with what a test needs of it.
///
/// Its engine is the one of ``EveryEngine``. Its time stands still until a test moves it: only then is a limit reached.
struct Bench: Sendable {
    let server: ProxyServer
    let recorder: Recorder
    let port: Int
    let clock: ManualClock

    /// Runs `body` with a proxy on a free port, then stops it and checks that its events were in order.
    static func run<Result: Sendable>(
        _ backends: [Backend], _ configure: (inout ProxyConfiguration) -> Void = { _ in },
        lookup: @escaping HostResolver.Lookup = HostResolver.system, clock: ManualClock = ManualClock(),
        _ body: @Sendable (Bench) async throws -> Result
    ) async throws -> Result {
        try await self.run(BackendRegistry(backends: backends), configure, lookup: lookup, clock: clock, body)
    }

    /// As the other one, with a registry that the test steers.
    static func run<Result: Sendable>(
        _ registry: BackendRegistry, _ configure: (inout ProxyConfiguration) -> Void = { _ in },
        lookup: @escaping HostResolver.Lookup = HostResolver.system, clock: ManualClock = ManualClock(),
        _ body: @Sendable (Bench) async throws -> Result
    ) async throws -> Result {
        var configuration = ProxyConfiguration()
        configuration.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.engine = try #require(EveryEngine.current, "a test with a proxy has the trait .everyEngine")
        configure(&configuration)
        let recorder = Recorder()
        let server = ProxyServer(
            configuration: configuration, registry: registry, sink: recorder, lookup: lookup, clock: { clock })
        let addresses = try await server.start()
        let bench = Bench(server: server, recorder: recorder, port: addresses.first?.port ?? 0, clock: clock)
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

    /// Exchanges that have ended.
    var ended: Int { self.recorder.records.count { $0.summary != nil } }

    // MARK: - Time

    /// Waits until every event loop has handled what had arrived, and done what was due.
    func turn() async {
        let loops = self.server.backends.state.withLock { $0.cutters }
        // The first round may fall into a turn that had looked at its sockets already. No backend has this slot.
        for _ in 0..<3 { for loop in loops { _ = await loop(-1) } }
    }

    /// Lets time pass at once, and what becomes due in it happen.
    ///
    /// What a loop is at ends before: an exchange is seen before its limits are set, which would count from later.
    func advance(by time: Duration) async {
        await self.turn()
        self.clock.advance(by: time.nanoseconds)
        await self.turn()
    }

    /// Lets a time limit pass: just before its end nothing has happened, and at the next look at the limits, half a second
    /// later at the latest, something has.
    ///
    /// With `isExact` false it may be later, where the test does not see what the limit counts from, or sees its end late.
    func pass(
        _ limit: Duration, isExact: Bool = true, _ location: SourceLocation = #_sourceLocation,
        until isOver: @Sendable () -> Bool
    ) async throws {
        let begin = self.clock.now()
        await self.advance(by: limit - .nanoseconds(1))
        #expect(!isOver(), "the limit of \(limit) was not over yet", sourceLocation: location)
        try await self.advance(until: isOver)
        let time = Duration.nanoseconds(self.clock.now() - begin)
        #expect(!isExact || time <= limit + .milliseconds(500), "the limit is \(limit)", sourceLocation: location)
    }

    /// Lets time pass until something has happened.
    func advance(until isOver: @Sendable () -> Bool) async throws {
        while !isOver() {
            try Task.checkCancellation()
            await self.advance(by: .milliseconds(500))
        }
    }
}
