import Foundation
import TestSupport
import Testing

/// The TLS peers against each other.
@Suite("TLS peers", .timeLimit(.minutes(2)), .enabled(if: TestCertificates.isAvailable, "openssl is not installed"))
struct TLSPeerTests {
    private static let get = "GET /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    private func with(
        _ kind: TLSServer.Kind, _ change: (inout TLSServer.Settings, TestCertificates) -> Void = { _, _ in },
        _ body: (TestCertificates, TLSClient.Settings) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        var settings = TLSServer.Settings(
            certificateFile: certificates.path("address.pem"), keyFile: certificates.path("address.key"))
        change(&settings, certificates)
        let server = try await TLSServer.start(kind, settings)
        defer { server.stop() }
        try await body(certificates, TLSClient.Settings(port: server.port))
    }

    @Test(
        "each client gets each server's answer in each version, and sees its orderly end",
        arguments: TLSVersion.allCases)
    func versions(version: TLSVersion) async throws {
        for kind in TLSServer.Kind.allCases {
            try await self.with(kind, { settings, _ in settings.version = version }) { _, settings in
                for client in TLSClient.allCases {
                    let target = kind == .openssl ? "/ok" : "/close"
                    let answer = try await client.exchange("GET \(target) HTTP/1.1\r\n\r\n", settings)
                    #expect(answer.text.hasSuffix(kind == .openssl ? "ok" : "to the end"), "\(client) \(kind)")
                    #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(answer.version == version.rawValue && answer.ending == .closed, "\(client) \(kind)")
                    var other = settings
                    other.version = version == .v12 ? .v13 : .v12
                    let refused = try await client.exchange(Self.get, other)
                    #expect(refused.ending == .failed && refused.bytes.isEmpty && refused.version == nil)
                }
            }
        }
    }

    @Test("authority and name are looked at where that is asked for", arguments: TLSClient.allCases)
    func verification(client: TLSClient) async throws {
        try await self.with(.python) { certificates, settings in
            for (file, name, isAccepted) in [
                ("ca.pem", nil, true), ("other-ca.pem", nil, false), ("ca.pem", "backend.test", false),
            ] as [(String, String?, Bool)] {
                var asked = settings
                asked.authorityFile = certificates.path(file)
                asked.serverName = name
                let answer = try await client.exchange("GET /close HTTP/1.1\r\n\r\n", asked)
                #expect(answer.ending == (isAccepted ? .closed : .failed), "\(file) \(name ?? "-"): \(answer.messages)")
            }
        }
    }

    @Test("a client's certificate is asked for and shown", arguments: TLSClient.allCases, TLSServer.Kind.allCases)
    func clientCertificate(client: TLSClient, kind: TLSServer.Kind) async throws {
        try await self.with(kind, { $0.clientAuthorityFile = $1.path("ca.pem") }) { certificates, settings in
            let target = kind == .openssl ? "/ok" : "/close"
            let refused = try await client.exchange("GET \(target) HTTP/1.1\r\n\r\n", settings)
            #expect(refused.bytes.isEmpty && refused.ending != .closed, "\(refused)")
            var known = settings
            known.identity = (certificates.path("client.pem"), certificates.path("client.key"))
            #expect(try await client.exchange("GET \(target) HTTP/1.1\r\n\r\n", known).ending == .closed)
        }
    }

    @Test("SNI and protocols arrive and are agreed on", arguments: TLSClient.allCases)
    func names(client: TLSClient) async throws {
        try await self.with(.python, { settings, _ in settings.protocols = ["http/1.1"] }) { _, settings in
            var asked = settings
            asked.serverName = "backend.test"
            asked.protocols = ["h2", "http/1.1"]
            let answer = try await client.exchange("GET /facts HTTP/1.1\r\n\r\nGET /close HTTP/1.1\r\n\r\n", asked)
            #expect(client == .openssl || answer.protocol == "http/1.1")
            #expect(answer.text.contains("\"name\": \"backend.test\""))
            #expect(answer.text.contains("\"protocol\": \"http/1.1\""))
        }
    }

    @Test("an answer that is cut off does not look like an end", arguments: TLSClient.allCases)
    func truncated(client: TLSClient) async throws {
        try await self.with(.python) { _, settings in
            let answer = try await client.exchange("GET /cut HTTP/1.1\r\n\r\n", settings)
            #expect(answer.ending == .truncated)
            #expect(answer.text.hasSuffix("half"))
        }
    }

    @Test("much data goes both ways, and what follows an upgrade comes back")
    func data() async throws {
        try await self.with(.python) { _, settings in
            let body = String(repeating: "x", count: 1_000_000)
            let answer = try await TLSClient.python.exchange(
                "POST /count HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                    + "GET /bytes/300000 HTTP/1.1\r\n\r\nGET /close HTTP/1.1\r\n\r\n", settings)
            #expect(answer.text.contains("\r\n\r\n1000000HTTP/1.1 200"))
            #expect(answer.bytes.count { $0 == 0x78 } == 300_000)
            #expect(answer.ending == .closed)
            let upgraded = try await TLSClient.python.exchange("GET /echo HTTP/1.1\r\n\r\nping, bye", settings)
            #expect(upgraded.text.hasSuffix("\r\n\r\nping, bye"))
        }
    }
}
