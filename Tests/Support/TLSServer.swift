import Foundation

/// A TLS server that shares nothing with the code under test: OpenSSL's own program, or Python's `ssl`.
///
/// It lives until ``stop()``, its own end, or two minutes, whichever comes first.
///
/// | target | what it answers |
/// |---|---|
/// | `/ok` | 200 with `ok`; OpenSSL's server then closes with a `close_notify` |
/// | `/facts` | Python only: a JSON object of TLS version, SNI, protocol, client's name and number of the connection |
/// | `/cut` | Python only: half of an answer, and then the end without a `close_notify` |
/// | `/close` | Python only: an answer without a length that ends with a `close_notify` |
/// | `/bytes/N` | Python only: N bytes of `x` |
/// | `/count` | Python only: reads the body and says how many bytes it had |
/// | `/echo` | Python only: 101, and from then on what comes, until that ends with `bye` |
package final class TLSServer: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case openssl, python }

    /// What it shows, and what it asks of its clients.
    package struct Settings: Sendable {
        package var certificateFile: String
        package var keyFile: String
        /// Clients must show a certificate of this one.
        package var clientAuthorityFile: String?
        package var version: TLSVersion?
        /// What it can speak, the one it likes best first.
        package var protocols: [String] = []

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    private static let lifetime = 120
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    package let port: Int
    private let program: SpawnedProgram
    private let folder: String?

    private init(port: Int, program: SpawnedProgram, folder: String?) {
        self.port = port
        self.program = program
        self.folder = folder
    }

    deinit { self.stop() }

    package static func start(_ kind: Kind, _ settings: Settings) async throws -> TLSServer {
        var folder: String?
        var command = ["timeout", "-s", "KILL", "\(self.lifetime)"]
        switch kind {
        case .openssl:
            let files = FileManager.default.temporaryDirectory.appendingPathComponent(
                "wc-tls-server-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: files, withIntermediateDirectories: false)
            try Data(self.ok.utf8).write(to: files.appendingPathComponent("ok"))
            folder = files.path
            command += ["env", "-C", files.path] + self.command(settings)
        case .python: command += ["python3", "-u", "-c", self.script, try self.arguments(settings)]
        }
        let program = try SpawnedProgram(command)
        // Both say `ACCEPT 127.0.0.1:41234` when they listen.
        let line = try await program.line(beginning: "ACCEPT")
        let port = line.split(separator: ":").last.flatMap { Int($0) } ?? 0
        return TLSServer(port: port, program: program, folder: folder)
    }

    /// Ends it at once; the system closes its connections.
    package func stop() {
        self.program.kill()
        if let folder = self.folder { try? FileManager.default.removeItem(atPath: folder) }
    }

    private static func command(_ settings: Settings) -> [String] {
        var words = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-HTTP"]
        words += ["-cert", settings.certificateFile, "-key", settings.keyFile]
        if let file = settings.clientAuthorityFile {
            words += ["-CAfile", file, "-Verify", "1", "-verify_return_error"]
        }
        if let version = settings.version { words.append(version == .v12 ? "-tls1_2" : "-tls1_3") }
        if !settings.protocols.isEmpty { words += ["-alpn", settings.protocols.joined(separator: ",")] }
        return words
    }

    private static func arguments(_ settings: Settings) throws -> String {
        let texts = [
            "certificate": settings.certificateFile, "key": settings.keyFile,
            "authority": settings.clientAuthorityFile ?? "", "version": settings.version?.rawValue ?? "",
            "protocols": settings.protocols.joined(separator: ","),
        ]
        return String(decoding: try JSONEncoder().encode(texts), as: UTF8.self)
    }

    private static let script = """
        import json, os, socket, ssl, sys, threading
        asked = json.loads(sys.argv[1])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # Some builds of Python take every end for an orderly one unless told not to.
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        context.load_cert_chain(asked["certificate"], asked["key"])
        if asked["authority"]:
            context.load_verify_locations(asked["authority"])
            context.verify_mode = ssl.CERT_REQUIRED
        if asked["version"]:
            version = ssl.TLSVersion[asked["version"].replace(".", "_")]
            context.minimum_version = context.maximum_version = version
        if asked["protocols"]: context.set_alpn_protocols(asked["protocols"].split(","))
        names = {}
        context.sni_callback = lambda secure, name, _: names.__setitem__(id(secure), name)

        def answer(secure, body, more=""):
            head = "HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n%s\\r\\n" % (len(body), more)
            secure.sendall(head.encode() + body)

        def facts(secure, number):
            subject = (secure.getpeercert() or {}).get("subject", ())
            client = [value for part in subject for name, value in part if name == "commonName"]
            return json.dumps({"version": secure.version(), "name": names.get(id(secure)), "connection": number,
                "protocol": secure.selected_alpn_protocol(), "client": client[0] if client else None}).encode()

        def serve(secure, number):
            held = b""
            while True:
                while b"\\r\\n\\r\\n" not in held:
                    data = secure.recv(65536)
                    if not data: return
                    held += data
                head, _, held = held.partition(b"\\r\\n\\r\\n")
                target = head.split(b" ")[1].decode()
                length = int(head.lower().partition(b"content-length:")[2].split(b"\\r")[0] or 0)
                count = length
                while len(held) < length:
                    length -= len(held)
                    held = secure.recv(65536)
                    if not held: return
                held = held[length:]
                if target == "/facts": answer(secure, facts(secure, number))
                elif target == "/cut":
                    secure.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhalf")
                    # The descriptor alone is closed, so that no close_notify is sent.
                    os.close(secure.detach())
                    return
                elif target == "/close":
                    secure.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\nto the end")
                    secure.unwrap().close()
                    return
                elif target.startswith("/bytes/"): answer(secure, b"x" * int(target[7:]))
                elif target == "/count": answer(secure, b"%d" % count)
                elif target == "/echo":
                    secure.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n")
                    data = held
                    while True:
                        if data: secure.sendall(data)
                        if data.endswith(b"bye"): break
                        data = secure.recv(65536)
                        if not data: return
                    secure.unwrap().close()
                    return
                else: answer(secure, b"ok")

        def connection(plain, number):
            plain.settimeout(60)
            try: serve(context.wrap_socket(plain, server_side=True), number)
            except OSError: plain.close()

        def parent():
            sys.stdin.buffer.read()
            os._exit(0)

        threading.Thread(target=parent, daemon=True).start()
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        print("ACCEPT 127.0.0.1:%d" % listener.getsockname()[1])
        number = 0
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=connection, args=(plain, number), daemon=True).start()
            number += 1
        """
}
