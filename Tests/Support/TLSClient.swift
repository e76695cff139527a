import Foundation

/// A version of TLS that a peer is held to.
package enum TLSVersion: String, Sendable, CaseIterable {
    case v12 = "TLSv1.2"
    case v13 = "TLSv1.3"
}

/// A TLS client that shares nothing with the code under test: OpenSSL's own program, or Python's `ssl`.
///
/// Each exchange is a process that ends with it, after twenty seconds at the latest.
package enum TLSClient: String, Sendable, CaseIterable {
    case openssl, python

    /// Whom it asks, and as whom.
    package struct Settings: Sendable {
        package var port: Int
        package var host = "127.0.0.1"
        /// Sent as SNI; the certificate must have it where `authorityFile` is set.
        package var serverName: String?
        /// What the server's certificate must come from; `nil` accepts any.
        package var authorityFile: String?
        /// A certificate and its key to show to a server that asks for one.
        package var identity: (certificate: String, key: String)?
        package var version: TLSVersion?
        /// What it offers to speak, the first one first.
        package var protocols: [String] = []

        package init(port: Int) {
            self.port = port
        }
    }

    /// How the server ended the connection.
    package enum Ending: String, Sendable, Decodable {
        /// With its `close_notify`: what came is all there is.
        case closed
        /// Without it: what came may be a part.
        case truncated
        /// No connection stood, or it was reset.
        case failed
    }

    /// What came of one exchange.
    package struct Answer: Sendable {
        package let bytes: [UInt8]
        package let ending: Ending
        /// As OpenSSL writes it; `nil` when no connection stood.
        package let version: String?
        /// What both agreed to speak, where that was offered; only Python says so.
        package let `protocol`: String?
        /// What the program said of it.
        package let messages: String

        package var text: String { String(decoding: self.bytes, as: UTF8.self) }
    }

    private struct Facts: Decodable {
        let ending: Ending
        let version: String?
        let `protocol`: String?
    }

    /// Connects, sends these bytes, and reads until the server ends the connection.
    package func exchange(_ request: String, _ settings: Settings) async throws -> Answer {
        let bytes = Array(request.utf8)
        switch self {
        case .openssl:
            let done = try await SpawnedProgram.run(Self.command(settings), input: bytes)
            return Answer(
                bytes: done.output, ending: Self.ending(done), version: Self.value("Protocol version", done.errorText),
                protocol: nil, messages: done.errorText)
        case .python:
            let done = try await SpawnedProgram.run(
                ["python3", "-c", Self.script, try Self.arguments(settings)], input: bytes)
            let line = done.errors.split(separator: 10).last ?? []
            let facts = try? JSONDecoder().decode(Facts.self, from: Data(line))
            return Answer(
                bytes: done.output, ending: facts?.ending ?? .failed, version: facts?.version,
                protocol: facts?.protocol, messages: done.errorText)
        }
    }

    // MARK: OpenSSL

    private static func command(_ settings: Settings) -> [String] {
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        var words = ["openssl", "s_client", "-brief", "-ign_eof", "-connect", "\(host):\(settings.port)"]
        words += settings.serverName.map { ["-servername", $0] } ?? ["-noservername"]
        if let file = settings.authorityFile {
            words += ["-CAfile", file, "-verify_return_error"]
            words += settings.serverName.map { ["-verify_hostname", $0] } ?? ["-verify_ip", settings.host]
        }
        if let identity = settings.identity { words += ["-cert", identity.certificate, "-key", identity.key] }
        if let version = settings.version { words.append(version == .v12 ? "-tls1_2" : "-tls1_3") }
        if !settings.protocols.isEmpty { words += ["-alpn", settings.protocols.joined(separator: ",")] }
        return words
    }

    private static func value(_ name: String, _ text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    private static func ending(_ done: SpawnedProgram.Outcome) -> Ending {
        guard done.errorText.contains("CONNECTION ESTABLISHED") else { return .failed }
        if done.errorText.contains("unexpected eof") { return .truncated }
        return done.status == 0 ? .closed : .failed
    }

    // MARK: Python

    private static func arguments(_ settings: Settings) throws -> String {
        let named: [(String, String)] = [
            ("host", settings.host), ("port", "\(settings.port)"), ("name", settings.serverName ?? ""),
            ("authority", settings.authorityFile ?? ""), ("certificate", settings.identity?.certificate ?? ""),
            ("key", settings.identity?.key ?? ""), ("version", settings.version?.rawValue ?? ""),
            ("protocols", settings.protocols.joined(separator: ",")),
        ]
        let texts = Dictionary(uniqueKeysWithValues: named)
        return String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    }

    private static let script = """
        import json, socket, ssl, sys
        asked = json.loads(sys.argv[1])
        request = sys.stdin.buffer.read()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # Some builds of Python take every end for an orderly one unless told not to.
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if asked["authority"]:
            context.load_verify_locations(asked["authority"])
            context.verify_mode = ssl.CERT_REQUIRED
            context.check_hostname = True
        if asked["certificate"]: context.load_cert_chain(asked["certificate"], asked["key"])
        if asked["version"]:
            version = ssl.TLSVersion[asked["version"].replace(".", "_")]
            context.minimum_version = context.maximum_version = version
        if asked["protocols"]: context.set_alpn_protocols(asked["protocols"].split(","))
        facts = {"ending": "failed", "version": None, "protocol": None}
        try:
            plain = socket.create_connection((asked["host"], int(asked["port"])), timeout=10)
            name = asked["name"] or (asked["host"] if asked["authority"] else None)
            # Without this the end of a connection that was cut would look like any other.
            with context.wrap_socket(plain, server_hostname=name, suppress_ragged_eofs=False) as secure:
                facts["version"], facts["protocol"] = secure.version(), secure.selected_alpn_protocol()
                secure.sendall(request)
                while True:
                    try:
                        data = secure.recv(65536)
                    except ssl.SSLError as error:
                        # Before 3.11.3 it has no class of its own with OpenSSL 3.
                        if "EOF" not in str(error).upper(): raise
                        facts["ending"] = "truncated"
                        break
                    if not data:
                        facts["ending"] = "closed"
                        break
                    sys.stdout.buffer.write(data)
        except OSError as error:
            print(error, file=sys.stderr)
        sys.stdout.buffer.flush()
        print(json.dumps(facts), file=sys.stderr)
        """
}
