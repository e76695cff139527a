import Foundation
import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("TLS", .timeLimit(.minutes(1)), .enabled(if: TestCertificates.isAvailable, "openssl makes the certificates"))
struct TLSTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// A backend that speaks TLS: a second proxy with a certificate, in front of a plain origin.
    private func withBackend(
        _ certificates: TestCertificates, shown: String = "server",
        _ body: @Sendable (_ port: Int, ScriptedOrigin) async throws -> Void
    ) async throws {
        let origin = try await ScriptedOrigin.start { request in
            request.target == "/cut"
                ? [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), .close] : [.send(Self.ok)]
        }
        try await Bench.run(
            [origin.backend],
            {
                $0.listenTLS = ListenTLS(
                    certificateFile: certificates.path("\(shown).pem"), keyFile: certificates.path("\(shown).key"))
            }
        ) { try await body($0.port, origin) }
        await origin.stop()
    }

    private func backend(_ port: Int, host: String = "127.0.0.1") -> Backend {
        Backend(name: "tls", url: BackendURL(scheme: .https, host: host, port: port))
    }

    @Test(
        "a backend's certificate must be known and have the name, unless that is switched off", .everyEngine,
        arguments: [
            ("address", BackendTLS(), false), ("address", BackendTLS(authorityFile: "ca.pem"), true),
            ("address", BackendTLS(authorityFile: "other-ca.pem"), false),
            ("server", BackendTLS(authorityFile: "ca.pem"), false),
            ("server", BackendTLS(isInsecure: true), true),
            ("server", BackendTLS(authorityFile: "ca.pem", serverName: "backend.test"), true),
            ("server", BackendTLS(authorityFile: "ca.pem", serverName: "evil.test"), false),
        ])
    func verification(shown: String, settings: BackendTLS, isAccepted: Bool) async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        var settings = settings
        settings.authorityFile = settings.authorityFile.map(certificates.path)
        let tls = settings
        try await self.withBackend(certificates, shown: shown) { port, origin in
            try await Bench.run([self.backend(port)], { $0.upstream.tls["tls"] = tls }) { bench in
                let answer = try await bench.get()
                #expect(answer.status == (isAccepted ? 200 : 502))
                let row = await bench.recorder.ended(1).first
                #expect(row?.summary?.ending.cause == (isAccepted ? .completed : .backendUnreachable))
                if !isAccepted {
                    #expect(row?.summary?.ending.reason?.hasPrefix("connect to 127.0.0.1:\(port): TLS failed") == true)
                }
                #expect(origin.requests.count == (isAccepted ? 1 : 0))
            }
        }
    }

    @Test("TLS connections are used again, carry bodies both ways, and say https", .everyEngine)
    func keepAlive() async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        try await self.withBackend(certificates) { port, origin in
            try await Bench.run(
                [self.backend(port)], { $0.upstream.tls["tls"] = BackendTLS(isInsecure: true) }
            ) { bench in
                let client = try await RawClient.connect(port: bench.port)
                let body = String(repeating: "x", count: 300_000)
                for _ in 0..<3 {
                    try await client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                    #expect(try await client.answer().text == "ok")
                }
                client.close()
                #expect(await bench.recorder.ended(3).map(\.reused) == [false, true, true])
            }
            #expect(origin.requests.map(\.body.count) == [300_000, 300_000, 300_000])
            #expect(origin.requests.first?.fields.value(of: "X-Forwarded-Proto") == "https")
            #expect(origin.requests.first?.fields.value(of: "CF-Visitor") == "{\"scheme\":\"https\"}")
        }
    }

    @Test("an answer that breaks off behind TLS never looks complete", .everyEngine)
    func truncated() async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        try await self.withBackend(certificates) { port, _ in
            try await Bench.run(
                [self.backend(port)], { $0.upstream.tls["tls"] = BackendTLS(isInsecure: true) }
            ) { bench in
                let answer = try await bench.get("/cut")
                #expect(answer.status == 200)
                #expect(!answer.isComplete)
                #expect(await bench.recorder.ended(1).first?.summary?.ending.cause == .backendAborted)
            }
        }
    }

    @Test("a plain request to a TLS port gets no answer, and is no row", .everyEngine)
    func plainToTLS() async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        try await self.withBackend(certificates) { port, origin in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await client.ending()
            #expect(RawMessage.headEnd(client.received) == nil)
            #expect(origin.requests.isEmpty)
        }
    }

    @Test(
        "files that cannot be used stop the start and are named",
        arguments: [
            ("server.pem", "client.key"), ("none.pem", "server.key"), ("server.pem", "ca.pem"),
            ("server.key", "server.key"),
        ])
    func badFiles(certificate: String, key: String) async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        var serving = ProxyConfiguration()
        serving.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
        serving.listenTLS = ListenTLS(
            certificateFile: certificates.path(certificate), keyFile: certificates.path(key))
        var asking = ProxyConfiguration()
        asking.listen = serving.listen
        asking.upstream.tls["tls"] = BackendTLS(
            certificateFile: certificates.path(certificate), keyFile: certificates.path(key))
        for configuration in [serving, asking] {
            let server = ProxyServer(configuration: configuration, backends: [self.backend(1)], sink: Recorder())
            let error = await #expect(throws: ProxyError.self) { try await server.start() }
            #expect(error?.code == .certificate)
            #expect(error?.reason.contains(certificates.path("")) == true)
        }
    }
}
