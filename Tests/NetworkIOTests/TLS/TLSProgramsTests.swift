import Foundation
import TestSupport
import Testing

@testable import NetworkIO

@Suite(
    "TLS with other programs", .timeLimit(.minutes(2)),
    .enabled(if: TLSTestFiles.isAvailable, "openssl makes the certificates"))
struct TLSProgramsTests {
    private static let request = "a request\r\n\r\n"

    private static func settings(_ port: Int, _ version: TLSVersion? = nil) -> TLSClient.Settings {
        var settings = TLSClient.Settings(port: port)
        settings.serverName = "backend.test"
        settings.authorityFile = TLSTestFiles.path("ca.pem")
        settings.version = version
        settings.protocols = ["http/1.1"]
        return settings
    }

    // MARK: - As a server

    @Test("clients get everything and an orderly end", arguments: engines, TLSVersion.allCases)
    func clients(engine: EngineChoice, version: TLSVersion) async throws {
        for client in TLSClient.allCases {
            for size in [2, 3_000_000] {
                let server = try await TLSTestServer.start(engine, TLSTestFiles.server(), responseSize: size)
                let answer = try await client.exchange(Self.request, Self.settings(server.port, version))
                #expect(answer.ending == .closed, "\(client): \(answer.messages)")
                #expect(answer.version == version.rawValue)
                #expect(answer.bytes.count == size)
                #expect(await server.stop() == ["opened \(version.rawValue) http/1.1", "closed"])
            }
        }
    }

    /// Sends more than a request, waits until the connection is closed, and reads then.
    private static let lateReader = """
        import socket, ssl, sys, time
        context = ssl.create_default_context(cafile=sys.argv[2])
        # Some builds of Python take every end for an orderly one unless told not to.
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=15)
        connection = context.wrap_socket(plain, server_hostname="backend.test", suppress_ragged_eofs=False)
        connection.sendall(b"a request\\r\\n\\r\\n" + b"x" * int(sys.argv[3]))
        time.sleep(0.3)
        count = 0
        while True:
            data = connection.recv(65536)
            if not data: break
            count += len(data)
        print(count)
        connection.unwrap()
        """

    @Test(
        "a client that sends more than a request, and reads late, gets everything and an orderly end",
        arguments: engines, [0, 100_000])
    func lateReader(engine: EngineChoice, rest: Int) async throws {
        let server = try await TLSTestServer.start(engine, TLSTestFiles.server(), responseSize: 200_000, lingers: true)
        let done = try await SpawnedProgram.run(
            ["python3", "-c", Self.lateReader, "\(server.port)", TLSTestFiles.path("ca.pem"), "\(rest)"], input: [])
        #expect(done.text == "200000\n", "\(done.errorText)")
        #expect(done.status == 0)
        #expect(await server.stop().last == "closed")
    }

    @Test("a client cannot begin a second handshake", arguments: engines)
    func renegotiation(engine: EngineChoice) async throws {
        let server = try await TLSTestServer.start(engine, TLSTestFiles.server())
        let done = try await SpawnedProgram.run(
            [
                "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_2", "-CAfile",
                TLSTestFiles.path("ca.pem"),
            ], input: Array("R\n".utf8))
        #expect(done.errorText.contains("no renegotiation"))
        _ = await server.stop()
    }

    @Test("a client of an old version is told so", arguments: engines)
    func oldVersion(engine: EngineChoice) async throws {
        let server = try await TLSTestServer.start(engine, TLSTestFiles.server())
        let done = try await SpawnedProgram.run(
            [
                "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-tls1_1", "-cipher",
                "DEFAULT@SECLEVEL=0",
            ], input: [])
        #expect(done.errorText.contains("alert protocol version"))
        #expect(await server.stop() == ["closed: TLS failed: the peer does not support TLS 1.2 or later"])
    }

    @Test("a session is resumed by its ticket", arguments: engines, TLSVersion.allCases)
    func tickets(engine: EngineChoice, version: TLSVersion) async throws {
        let server = try await TLSTestServer.start(engine, TLSTestFiles.server())
        let file = NSTemporaryDirectory() + "wc-tls-session-\(UInt64.random(in: 0...UInt64.max))"
        defer { try? FileManager.default.removeItem(atPath: file) }
        for (option, word) in [("-sess_out", "New, "), ("-sess_in", "Reused, ")] {
            let done = try await SpawnedProgram.run(
                [
                    "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)",
                    version == .v12 ? "-tls1_2" : "-tls1_3", "-CAfile", TLSTestFiles.path("ca.pem"), "-ign_eof",
                    option, file,
                ], input: Array(Self.request.utf8))
            #expect(done.text.contains(word))
        }
        _ = await server.stop()
    }

    // MARK: - As a client

    private static func server(_ kind: TLSServer.Kind, _ version: TLSVersion) async throws -> TLSServer {
        var settings = TLSServer.Settings(
            certificateFile: TLSTestFiles.path("server.pem"), keyFile: TLSTestFiles.path("server.key"))
        settings.clientAuthorityFile = TLSTestFiles.path("ca.pem")
        settings.version = version
        settings.protocols = ["h2", "http/1.1"]
        return try await TLSServer.start(kind, settings)
    }

    private static func ask(
        _ engine: EngineChoice, _ server: TLSServer, _ target: String, body: Int = 0, authority: String = "ca",
        identity: String? = "client"
    ) async throws -> TLSTestReply {
        let head = "GET \(target) HTTP/1.1\r\nContent-Length: \(body)\r\n\r\n"
        return try await TLSTestClient.ask(
            engine, port: server.port, context: TLSTestFiles.client(authority, identity: identity),
            request: Array(head.utf8) + [UInt8](repeating: 120, count: body))
    }

    @Test(
        "servers get a client's certificate, and their answer comes whole", arguments: engines, TLSVersion.allCases)
    func servers(engine: EngineChoice, version: TLSVersion) async throws {
        for kind in TLSServer.Kind.allCases {
            let server = try await Self.server(kind, version)
            defer { server.stop() }
            let reply = try await Self.ask(engine, server, kind == .openssl ? "/ok" : "/close")
            #expect(reply.text.hasSuffix(kind == .openssl ? "ok" : "to the end"), "\(kind)")
            // The other answer has a length, so we end first.
            #expect(reply.hasEnded == (kind == .python) && reply.error == nil, "\(kind)")
            #expect(reply.facts?.version == version.rawValue)
            #expect(reply.facts?.applicationProtocol == "http/1.1")
        }
    }

    @Test("a server learns our name for it and who we are", arguments: engines, TLSVersion.allCases)
    func facts(engine: EngineChoice, version: TLSVersion) async throws {
        let server = try await Self.server(.python, version)
        defer { server.stop() }
        let reply = try await Self.ask(engine, server, "/facts")
        #expect(reply.text.contains("\"client\": \"Test client\""))
        #expect(reply.text.contains("\"name\": \"backend.test\""))
        #expect(reply.text.contains("\"protocol\": \"http/1.1\""))
    }

    @Test("large bodies pass both ways", arguments: engines, TLSVersion.allCases)
    func large(engine: EngineChoice, version: TLSVersion) async throws {
        let server = try await Self.server(.python, version)
        defer { server.stop() }
        #expect(try await Self.ask(engine, server, "/count", body: 3_000_000).text.hasSuffix("\r\n\r\n3000000"))
        let reply = try await Self.ask(engine, server, "/bytes/3000000")
        #expect(reply.bytes.count { $0 == 120 } == 3_000_000)
    }

    @Test("an answer that breaks off is told apart", arguments: engines, TLSVersion.allCases)
    func cut(engine: EngineChoice, version: TLSVersion) async throws {
        let server = try await Self.server(.python, version)
        defer { server.stop() }
        let reply = try await Self.ask(engine, server, "/cut")
        #expect(reply.text.hasSuffix("half"))
        #expect(!reply.hasEnded && reply.error == .truncated)
    }

    @Test(
        "who has no certificate, or believes another authority, gets nothing", arguments: engines, TLSVersion.allCases)
    func refused(engine: EngineChoice, version: TLSVersion) async throws {
        for kind in TLSServer.Kind.allCases {
            let server = try await Self.server(kind, version)
            defer { server.stop() }
            let nobody = try await Self.ask(engine, server, "/ok", identity: nil)
            #expect(nobody.bytes.isEmpty && !nobody.hasEnded)
            // In TLS 1.3 the client learns it after its handshake, and its request can meet a closed connection before.
            let alerts = ["handshake failure", "certificate required"].map { "the peer sent the alert \($0)" }
            #expect((alerts.map { .tls($0) } + [.reset, .closed]).contains(nobody.error), "\(kind)")
            let stranger = try await Self.ask(engine, server, "/ok", authority: "other-ca")
            let reason = "certificate verify failed: self-signed certificate in certificate chain"
            #expect(stranger.error == .tls(reason), "\(kind)")
        }
    }
}
