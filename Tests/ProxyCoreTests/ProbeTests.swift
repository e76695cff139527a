import NetworkIO
import TestNetwork
import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Probes", .timeLimit(.minutes(1)))
struct ProbeTests {
    /// What happens to the connection of a probe.
    enum Event: Sendable {
        case establish
        case fail(TransportError)
        case deliver(String)
        case end
        /// The time limit passes.
        case timeout
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let events: [Event]
        var asks = true
        let code: String
        let detail: String

        var testDescription: String { "\(self.code): \(self.detail)" }
    }

    static let cases = [
        Case(events: [.fail(.refused)], code: "L4CON", detail: "connection refused"),
        Case(events: [.fail(.hostUnreachable)], code: "L4CON", detail: "no route to the host"),
        Case(events: [.fail(.networkUnreachable)], code: "L4CON", detail: "the network is unreachable"),
        Case(events: [.fail(.noDescriptors)], code: "L4CON", detail: "out of file descriptors"),
        Case(events: [.fail(.timedOut)], code: "L4TOUT", detail: "no response to the connection attempt"),
        Case(events: [.timeout], code: "L4TOUT", detail: "no response in time"),
        Case(events: [.establish], asks: false, code: "L4OK", detail: "connected"),
        Case(events: [.establish, .timeout], code: "L7TOUT", detail: "no response in time"),
        Case(events: [.establish, .deliver("HTTP/1.1 2"), .timeout], code: "L7TOUT", detail: "no response in time"),
        Case(
            events: [.establish, .deliver("HTTP/1.1 2"), .deliver("04 No\r\n\r\n")], code: "L7OK", detail: "status 204"),
        Case(events: [.establish, .deliver("HTTP/1.1 500 No\r\n\r\n")], code: "L7STS", detail: "status 500"),
        Case(
            events: [.establish, .deliver("SSH-2.0")], code: "L7RSP",
            detail: "the response does not begin with HTTP/1."),
        Case(
            events: [.establish, .deliver("HTTP/1.1 200 OK\r\n"), .end], code: "L7RSP",
            detail: "the backend closed the connection before responding"),
        Case(events: [.establish, .fail(.reset)], code: "L7RSP", detail: "connection reset"),
        Case(
            events: [.establish, .fail(.closed)], code: "L7RSP",
            detail: "the backend closed the connection before responding"),
        Case(
            events: [.establish, .deliver("HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 70_000))],
            code: "L7RSP", detail: "the response head is longer than 65536 bytes"),
    ]

    @Test("what ends a probe gives it its code and words", arguments: cases)
    func outcome(row: Case) throws {
        let clock = ManualClock()
        let engine = MemoryEngine()
        let loop = EventLoop(engine: engine, clock: clock)
        let connector = Connector(loop: loop, addresses: AddressCache(lifetime: 0))
        var configuration = HealthConfiguration()
        if row.asks { configuration.method = .http(method: "GET", path: "/health") }
        let backend = Backend(
            name: "b", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_000, basePath: "/base"))
        var outcomes: [ProbeOutcome] = []
        ProbeHandler(backend, configuration, on: loop) { outcomes.append($0) }
            .begin(to: backend.url.endpoint, with: connector, tls: nil)
        let wire = try #require(engine.takeConnecting())
        for event in row.events {
            #expect(outcomes.isEmpty)
            switch event {
            case .establish: wire.establish()
            case .fail(let error): wire.fail(error)
            case .deliver(let text): wire.deliver(Array(text.utf8))
            case .end: wire.deliverEnd()
            case .timeout:
                clock.advance(by: configuration.timeout.nanoseconds - 1)
                loop.turn(mayWait: false)
                #expect(outcomes.isEmpty)
                clock.advance(by: 1)
            }
            for _ in 0..<3 { loop.turn(mayWait: false) }
        }
        let passed = row.code.hasSuffix("OK")
        #expect(outcomes == [ProbeOutcome(code: row.code, detail: row.detail, passed: passed)])
        #expect(wire.isClosed && loop.connectionCount == 0)
        clock.advance(by: configuration.timeout.nanoseconds)
        loop.turn(mayWait: false)
        #expect(outcomes.count == 1)
        let request =
            "GET /base/health HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nUser-Agent: worker-console-health\r\n"
            + "Accept: */*\r\nConnection: close\r\n\r\n"
        let hasAsked = row.asks && row.code.hasPrefix("L7")
        #expect(String(decoding: wire.sent, as: UTF8.self) == (hasAsked ? request : ""))
    }

    @Test("a name without an address, a missing socket and a missing certificate are said")
    func notReached() async throws {
        let name = String(repeating: "x", count: 300)
        let nowhere = await NetworkProbe(HealthConfiguration()).probe(
            Backend(name: "b", url: BackendURL(scheme: .http, host: name, port: 80)))
        #expect(nowhere.code == "L4CON" && nowhere.detail == "no address found for \(name)")
        let missing = await NetworkProbe(HealthConfiguration()).probe(
            Backend(name: "b", url: BackendURL(socketPath: "/no/such.sock")))
        #expect(missing.code == "L4CON" && missing.detail == "no such socket file")
        let tls = ["b": BackendTLS(authorityFile: "/no/such.pem")]
        let unread = await NetworkProbe(HealthConfiguration(), tls: tls).probe(
            Backend(name: "b", url: BackendURL(scheme: .https, host: "127.0.0.1", port: 443)))
        #expect(unread.code == "L6RSP" && unread.detail.contains("/no/such.pem") && !unread.passed)
    }

    @Test("what does not answer is L6TOUT or L7TOUT when the time is over; the connection itself is L4OK")
    func silent() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.hold] }
        for (scheme, asks, code) in [
            (BackendURL.Scheme.https, false, "L6TOUT"), (.http, true, "L7TOUT"), (.http, false, "L4OK"),
        ] {
            var configuration = HealthConfiguration()
            if asks { configuration.method = .http(method: "HEAD", path: "/") }
            let url = BackendURL(scheme: scheme, host: "127.0.0.1", port: origin.port)
            let known = origin.connections
            let outcome = try await Self.outcome(of: Backend(name: "b", url: url), configuration) {
                origin.connections > known
            }
            #expect(outcome?.code == code)
        }
        await origin.stop()
    }

    /// A probe over real sockets, whose time is over as soon as the backend's system has accepted it.
    private static func outcome(
        of backend: Backend, _ configuration: HealthConfiguration, isConnected: @Sendable () -> Bool
    ) async throws -> ProbeOutcome? {
        let clock = ManualClock()
        let tls = TLSContexts([backend.name: BackendTLS(isInsecure: true)])
        let (thread, place) = try await LoopThread.start(name: "probe", engine: .epoll, clock: { clock }) { loop in
            (loop: loop, connector: Connector(loop: loop, addresses: AddressCache(lifetime: 0)))
        }
        async let outcome: ProbeOutcome? = place.submit(resuming: { place, continuation in
            let session = backend.url.scheme == .https ? try? tls.session(for: backend) : nil
            ProbeHandler(backend, configuration, on: place.loop) { continuation.resume(returning: $0) }
                .begin(to: backend.url.endpoint, with: place.connector, tls: session)
        })
        while !isConnected() { await Task.yield() }
        // The loop looks at its sockets between these.
        for _ in 0..<3 { _ = await place.submit { _ in true } }
        clock.advance(by: configuration.timeout.nanoseconds)
        _ = await place.submit { _ in true }
        let result = await outcome
        await thread.stop()
        return result
    }

    @Test(
        "over TLS a probe is L6OK or L7OK with a certificate that is known, and L6RSP with one that is not",
        .everyEngine,
        .enabled(if: TestCertificates.isAvailable, "openssl makes the certificates"),
        arguments: [
            (HealthConfiguration.Method.tcp, "ca.pem", "L6OK"), (.http(method: "GET", path: "/"), "ca.pem", "L7OK"),
            (.tcp, "other-ca.pem", "L6RSP"),
        ])
    func tls(method: HealthConfiguration.Method, authority: String, code: String) async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        let origin = try await ScriptedOrigin.answering(TransportTests.ok)
        let listenTLS = ListenTLS(
            certificateFile: certificates.path("address.pem"), keyFile: certificates.path("address.key"))
        try await Bench.run([origin.backend], { $0.listenTLS = listenTLS }) { bench in
            var configuration = HealthConfiguration()
            configuration.method = method
            let backend = Backend(name: "b", url: BackendURL(scheme: .https, host: "127.0.0.1", port: bench.port))
            let tls = ["b": BackendTLS(authorityFile: certificates.path(authority))]
            let result = await NetworkProbe(configuration, tls: tls).probe(backend)
            #expect(result.code == code && result.passed == (code != "L6RSP"))
            if code == "L6RSP" { #expect(result.detail.hasPrefix("TLS failed: ")) }
        }
        await origin.stop()
    }
}
