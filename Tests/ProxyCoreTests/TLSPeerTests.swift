import Foundation
import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

/// TLS on either side against what shares nothing with this program's: OpenSSL's own programs and Python's `ssl`.
@Suite(
    "TLS against other programs", .everyEngine, .timeLimit(.minutes(2)),
    .enabled(if: TestCertificates.isAvailable, "openssl makes the certificates"))
struct TLSPeerTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    /// A proxy that is asked over TLS, before a plain origin.
    private func listening(
        _ script: @escaping ScriptedOrigin.Script,
        _ body: @Sendable (Bench, ScriptedOrigin, TLSClient.Settings) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        let origin = try await ScriptedOrigin.start(script: script)
        let listenTLS = ListenTLS(
            certificateFile: certificates.path("address.pem"), keyFile: certificates.path("address.key"))
        try await Bench.run([origin.backend], { $0.listenTLS = listenTLS }) { bench in
            var settings = TLSClient.Settings(port: bench.port)
            settings.authorityFile = certificates.path("ca.pem")
            try await body(bench, origin, settings)
        }
        await origin.stop()
    }

    /// A proxy before a TLS server, with one backend named `tls`.
    private func asking(
        _ kind: TLSServer.Kind, _ change: (inout TLSServer.Settings, TestCertificates) -> Void = { _, _ in },
        tls: (TestCertificates) -> BackendTLS = { BackendTLS(authorityFile: $0.path("ca.pem")) },
        _ body: @Sendable (Bench) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        var settings = TLSServer.Settings(
            certificateFile: certificates.path("address.pem"), keyFile: certificates.path("address.key"))
        change(&settings, certificates)
        let server = try await TLSServer.start(kind, settings)
        defer { server.stop() }
        let backend = Backend(name: "tls", url: BackendURL(scheme: .https, host: "127.0.0.1", port: server.port))
        let given = tls(certificates)
        try await Bench.run([backend], { $0.upstream.tls["tls"] = given }, body)
    }

    // MARK: Clients

    @Test(
        "a client is answered over TLS, with an orderly end, and the backend is told https",
        arguments: TLSClient.allCases, TLSVersion.allCases)
    func client(client: TLSClient, version: TLSVersion) async throws {
        try await self.listening({ _ in [.send(Self.ok)] }) { bench, origin, settings in
            var settings = settings
            settings.version = version
            let answer = try await client.exchange(Self.get, settings)
            #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.text.hasSuffix("\r\n\r\nok"))
            #expect(answer.ending == .closed && answer.version == version.rawValue, "\(answer.messages)")
            #expect(origin.requests.first?.fields.value(of: "X-Forwarded-Proto") == "https")
            #expect(await bench.recorder.ended(1).first?.summary?.ending == .completed)
        }
    }

    @Test("large bodies go through TLS both ways, on one kept connection")
    func clientBodies() async throws {
        let size = 3_000_000
        let script: ScriptedOrigin.Script = { request in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"), .flood(request.body.count)]
        }
        try await self.listening(script) { bench, origin, settings in
            let body = String(repeating: "y", count: size)
            let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n"
            let answer = try await TLSClient.python.exchange(
                "\(post)\r\n\(body)\(post)Connection: close\r\n\r\n\(body)", settings)
            // Each head has one of its own, in Access-Control-Max-Age.
            #expect(answer.bytes.count { $0 == 0x78 } == 2 * (size + 1))
            #expect(answer.ending == .closed)
            #expect(origin.requests.map(\.body.count) == [size, size])
            #expect(await bench.recorder.ended(2).map(\.summary?.ending) == [.completed, .completed])
        }
    }

    @Test("an answer that its backend cuts off has no orderly end for the client", arguments: TLSClient.allCases)
    func clientTruncated(client: TLSClient) async throws {
        let script: ScriptedOrigin.Script = { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), .close]
        }
        try await self.listening(script) { bench, _, settings in
            let answer = try await client.exchange(Self.get, settings)
            #expect(answer.text.hasSuffix("half"))
            #expect(answer.ending != .closed)
            #expect(await bench.recorder.ended(1).first?.summary?.ending.cause == .backendAborted)
        }
    }

    @Test("a client that does not accept the certificate leaves, and is no row", arguments: TLSClient.allCases)
    func clientRefuses(client: TLSClient) async throws {
        try await self.listening({ _ in [.send(Self.ok)] }) { bench, origin, settings in
            var settings = settings
            settings.serverName = "backend.test"
            let ending = try await client.exchange(Self.get, settings).ending
            #expect(ending == .failed)
            while bench.server.connections > 0 { await Task.yield() }
            #expect(bench.recorder.records.isEmpty && origin.connections == 0)
        }
    }

    // MARK: Backends

    @Test("a backend is asked over TLS", arguments: TLSServer.Kind.allCases, TLSVersion.allCases)
    func backend(kind: TLSServer.Kind, version: TLSVersion) async throws {
        try await self.asking(kind, { settings, _ in settings.version = version }) { bench in
            for _ in 0..<2 {
                let answer = try await bench.get("/ok")
                #expect(answer.status == 200 && answer.text == "ok")
            }
            #expect(await bench.recorder.ended(2).map(\.summary?.ending) == [.completed, .completed])
        }
    }

    @Test(
        "a client certificate is shown to a backend that wants one, and its lack is a 502",
        arguments: [true, false], TLSServer.Kind.allCases)
    func clientCertificate(isShown: Bool, kind: TLSServer.Kind) async throws {
        func tls(_ certificates: TestCertificates) -> BackendTLS {
            BackendTLS(
                authorityFile: certificates.path("ca.pem"),
                certificateFile: isShown ? certificates.path("client.pem") : nil,
                keyFile: isShown ? certificates.path("client.key") : nil)
        }
        try await self.asking(kind, { $0.clientAuthorityFile = $1.path("ca.pem") }, tls: tls) { bench in
            let answer = try await bench.get("/ok")
            #expect(answer.status == (isShown ? 200 : 502))
        }
    }

    @Test("a backend is told the name that was set, and none for an address", arguments: [nil, "backend.test"])
    func serverName(name: String?) async throws {
        try await self.asking(.python, tls: { _ in BackendTLS(serverName: name, isInsecure: true) }) { bench in
            let facts = try await bench.get("/facts").text
            #expect(facts.contains(name.map { "\"name\": \"\($0)\"" } ?? "\"name\": null"), "\(facts)")
        }
    }

    @Test("a backend that ends without a close_notify never makes an answer complete")
    func backendTruncated() async throws {
        try await self.asking(.python) { bench in
            let cut = try await bench.get("/cut")
            #expect(cut.status == 200 && !cut.isComplete && cut.text == "half")
            let whole = try await bench.get("/close")
            #expect(whole.status == 200 && whole.isComplete && whole.text == "to the end")
            let endings = await bench.recorder.ended(2).map(\.summary?.ending.cause)
            #expect(endings == [.backendAborted, .completed])
        }
    }

    @Test("bodies go to a backend and come from it over one TLS connection")
    func backendBodies() async throws {
        try await self.asking(.python) { bench in
            let client = try await RawClient.connect(port: bench.port)
            let body = String(repeating: "x", count: 1_000_000)
            try await client.send(
                "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(try await client.answer().text == "\(body.utf8.count)")
            try await client.send("GET /bytes/3000000 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer().body.count == 3_000_000)
            try await client.send("GET /facts HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer().text.contains("\"connection\": 0"))
            client.close()
            #expect(await bench.recorder.ended(3).map(\.reused) == [false, true, true])
        }
    }

    @Test("an upgrade becomes a tunnel through TLS")
    func tunnel() async throws {
        try await self.asking(.python) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(
                "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            #expect(try await client.answer().status == 101)
            try await client.send("ping, bye")
            #expect(try await client.bytes(9) == Array("ping, bye".utf8))
            #expect(try await client.ending() == .closed)
            client.close()
            #expect(await bench.recorder.ended(1).first?.summary?.ending.phase == .tunnel)
        }
    }
}
