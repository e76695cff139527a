import Foundation
import ProxyCore
import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import Application
@testable import WorkerProject

/// The Worker on stand-ins for the runtime, beside the embedded proxy.
@Suite("Parity", .timeLimit(.minutes(3)), .enabled(if: python != nil, "python3 runs the Worker"))
struct ParityTests {
    private static let toml =
        "name = 'a'\nmain = 'worker.py'\ncompatibility_date = '2025-12-23'\ncompatibility_flags = ['python_workers']\n"
        + "[vars]\nBACKEND_URL = 'https://backend.example'\nMODE = 'x'\n[[kv_namespaces]]\nbinding = 'KV'\n"
    private static let head =
        "from workers import WorkerEntrypoint, Response\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n"
    private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"

    /// The user's Worker.
    private static func behaviour() throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: tests.appendingPathComponent("WorkerProjectTests/Fixtures/behaviour-worker.py"), encoding: .utf8
        )
    }

    private func check(
        _ source: String, modules: [String: String] = [:], console: String = "", path: String = Self.path,
        exchanges: [Exchange] = []
    ) async throws -> (result: CheckResult, folder: String) {
        let folder = try temporaryFolder()
        let files = ["wrangler.toml": Self.toml, "worker.py": source, "worker-console.toml": console]
        for (name, text) in files.merging(modules, uniquingKeysWith: { $1 }) {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        let settings = try ProjectSettings(folder: folder, environment: nil)
        var context = CheckContext(project: settings.project, searchPath: path)
        let probe = settings.probe
        let proxy = settings.project.console.proxy
        context.ask = { await probe.ask($0, $1) }
        context.startCore = { await CheckCore.start(proxy, in: $0) }
        context.startParityBackend = { await ParityBackend.start() }
        context.freePort = { ParityBackend.freePort() }
        context.exchanges = { exchanges }
        return (await ParityCheck().run(context)[0], folder)
    }

    @Test("the user's Worker and the embedded proxy respond alike")
    func alike() async throws {
        let (result, folder) = try await self.check(try Self.behaviour())
        #expect(result.outcome == .pass, "\(result.summary) \(result.evidence)")
        #expect(result.summary == "17 requests compared under python3: no difference")
        #expect(result.chinese?.summary != nil && result.chinese?.rule != nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                "worker-console.toml", "worker.py", "wrangler.toml",
            ])
    }

    @Test(
        "a Worker that responds otherwise is a warning that names what differs",
        arguments: [
            ("if request.method == \"OPTIONS\":", "if False:", "OPTIONS /api/items (+1): status 200 instead of 204"),
            ("\"86400\"", "\"60\"", "the field access-control-max-age is 60 instead of 86400"),
            (
                "return await forward", "raise ValueError(1)\n            return await forward",
                "status 500 instead of 200"
            ),
            (
                "from js import URL,", "import nothing\nfrom js import URL,",
                "the Worker fails while it starts: ModuleNotFoundError"
            ),
        ])
    func differing(old: String, new: String, words: String) async throws {
        let (result, _) = try await self.check(try Self.behaviour().replacing(old, with: new))
        #expect(
            ([result.summary] + result.evidence).contains { $0.contains(words) }, "\(result.summary) \(result.evidence)"
        )
        #expect(result.outcome == (words.contains("starts") ? .skip : .warn))
        #expect(result.chinese?.summary != nil, "\(result.summary)")
    }

    @Test(
        "what the stand-ins lack is said, never guessed",
        arguments: [
            ("from js import WebSocketPair", "js.WebSocketPair"),
            ("from pyodide.code import run_js", "ModuleNotFoundError"),
        ])
    func lacking(line: String, words: String) async throws {
        let (result, _) = try await self.check(line + "\n" + Self.head + "        return Response('x')\n")
        #expect(result.outcome == .skip && result.summary.contains(words), "\(result.summary)")
    }

    @Test("a binding that a request needs leaves that request out")
    func bindings() async throws {
        let source = Self.head + "        return Response(await self.env.KV.get('x'))\n"
        let (result, _) = try await self.check(source)
        #expect(result.outcome == .skip && result.summary == "no request could be compared", "\(result)")
        #expect(result.evidence.contains { $0.hasSuffix("the code uses what the stand-ins lack: the binding KV") })
    }

    @Test(
        "a Worker cannot write, read, connect, start programs or stay",
        arguments: [
            "open('made', 'w').write('x')", "import os\nos.system('touch made')", "import os\nos.mkdir('made')",
            "import subprocess\nsubprocess.run(['touch', 'made'])", "open('/etc/passwd').read()",
            "import os\nos.listdir('/')",
            "import socket\nsocket.create_connection(('127.0.0.1', 1))",
            "import socket\nsocket.socket().bind(('127.0.0.1', 0))",
            "import ctypes", "import os\nos.fork()", "import _posixsubprocess\n_posixsubprocess.fork_exec()",
            "import sqlite3\nsqlite3.connect('made')",
            "import os\nos.kill(os.getppid(), 15)", "while True: pass", "x = 'x' * (1 << 40)",
            "import sys\nsys.stdout.write('{\"request\": 0}')",
        ])
    func isolated(line: String) async throws {
        let source = line + "\n" + Self.head + "        return Response('x')\n"
        let clock = ContinuousClock.now
        let (result, folder) = try await self.check(source)
        #expect(ContinuousClock.now - clock < .seconds(40))
        let isHarmless = line.contains("stdout")
        #expect(result.outcome == (isHarmless ? .warn : .skip), "\(result.summary)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
                "worker-console.toml", "worker.py", "wrangler.toml",
            ])
    }

    @Test("without wrangler and python3 it is skipped")
    func nothing() async throws {
        let (result, _) = try await self.check(try Self.behaviour(), path: "/nonexistent")
        #expect(result.outcome == .skip && result.summary == "neither wrangler nor python3 is installed")
    }

    // MARK: - wrangler dev

    /// A program with wrangler's arguments that serves what the scripted backend does, with the user's CORS fields.
    private static let wrangler = """
        #!/usr/bin/env python3
        import http.server, sys, urllib.request, os
        arguments = sys.argv[1:]
        assert arguments[0] == "dev" and "HOME" in os.environ and "SECRET_OF_THE_USER" not in os.environ
        port = int(arguments[arguments.index("--port") + 1])
        place = next(a for a in arguments if a.startswith("BACKEND_URL:")).removeprefix("BACKEND_URL:")
        class Plain(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_): return None
        opener = urllib.request.build_opener(Plain)
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_): pass
            def respond(self):
                status, fields, body = 204, [], b""
                if self.command != "OPTIONS":
                    try: answer = opener.open(urllib.request.Request(place + self.path, method=self.command))
                    except urllib.error.HTTPError as error: answer = error
                    status, fields, body = answer.status, answer.headers.items(), answer.read()
                self.send_response_only(status)
                for name, value in fields:
                    if name.lower() not in ("connection", "content-length"): self.send_header(name, value)
                for name, value in (("Origin", "*"), ("Methods", "GET, POST, PUT, DELETE, PATCH, OPTIONS"), ("Headers", "Content-Type, Authorization")):
                    self.send_header("Access-Control-Allow-" + name, value)
                self.send_header("Access-Control-Max-Age", "86400")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_GET = do_HEAD = do_OPTIONS = respond
        http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
        """

    private func withWrangler(_ script: String) async throws -> CheckResult {
        let tools = try temporaryFolder()
        try Data(script.utf8).write(to: URL(fileURLWithPath: tools + "/wrangler"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/wrangler")
        return try await self.check(try Self.behaviour(), path: "\(tools):\(Self.path)").result
    }

    @Test("where wrangler is installed the Worker runs under wrangler dev, which is ended")
    func dev() async throws {
        let result = try await self.withWrangler(Self.wrangler)
        #expect(result.outcome == .pass, "\(result.summary) \(result.evidence)")
        #expect(result.summary == "17 requests compared under wrangler dev: no difference")
    }

    @Test("a wrangler that cannot start is skipped with its last words")
    func broken() async throws {
        let result = try await self.withWrangler("#!/bin/sh\necho starting\necho no runtime for this machine\nexit 1\n")
        #expect(result.outcome == .skip && result.summary == "wrangler dev ended: no runtime for this machine")
    }

    // MARK: - The recorded behaviour

    @Test("the stand-ins do what the runtime did")
    func transcript() async throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try [UInt8](
            Data(contentsOf: tests.appendingPathComponent("ProxyCoreTests/Fixtures/transcript.json")))
        let cases = try JSONCParser.parse(bytes).elements ?? []
        #expect(cases.count == 36)
        let source = Array(try Self.behaviour().utf8)
        for item in cases {
            let name = item["case"]?.string ?? ""
            // The long body is abridged there.
            guard name != "put-binary", let request = item["request"]?.string, let wanted = item["answerHead"]?.string
            else { continue }
            let head = MessageHead(request.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
            let line = head.startLine.split(separator: " ").map(String.init)
            // Bodies make no difference here but for the size that the backend says.
            guard ["GET", "HEAD", "OPTIONS"].contains(line[0]), line[1].utf8.allSatisfy({ $0 < 128 }) else { continue }
            let isDown = name.hasPrefix("backend-down")
            let origin = try await ScriptedOrigin.start { Self.backend($0) }
            let closed = try LoopbackSocket.closed()
            let job = PythonWorker.Job(
                main: "worker", isLegacy: false, sources: [("worker.py", source)],
                variables: [("BACKEND_URL", ConfigurationValue(.string("http://127.0.0.1:1")))], bindings: [],
                port: isDown ? closed.port : origin.backend.url.port)
            let fields = head.fields.map { (name: $0.name, value: $0.value) }
            let outcome = await PythonWorker(searchPath: Self.path)
                .answers(to: [CheckRequest(line[0], line[1], fields: fields)], of: job)
            await origin.stop()
            withExtendedLifetime(closed) {}
            guard case .answers(let answers) = outcome, case .response(let response)? = answers.first else {
                Issue.record("\(name): \(outcome)")
                continue
            }
            let left = CheckResponse(
                status: Int(wanted.dropFirst(9).prefix(3)) ?? 0,
                head: (wanted + "\r\n\r\n").unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
            let right = CheckResponse(status: response.status, head: response.head)
            #expect(ResponseComparison(ignoredKeys: []).differences(left, right) == [], "\(name)")
            let body = (item["answerBody"]?.string ?? "").unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            if !response.body.isEmpty {
                let text =
                    String(decoding: response.body, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
                #expect(String(decoding: body, as: UTF8.self).contains(text), "\(name)")
            }
        }
    }

    /// The backend of the transcript.
    private static func backend(_ request: ScriptedOrigin.Request) -> [ScriptedOrigin.Step] {
        let json = "Content-Type: application/json\r\n"
        func send(_ line: String, _ fields: String, _ body: String? = nil) -> [ScriptedOrigin.Step] {
            let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
            return [
                .send(
                    "HTTP/1.1 \(line)\r\n\(fields)\(length)Connection: close\r\n\r\n\(request.method == "HEAD" ? "" : body ?? "")"
                ), .close,
            ]
        }
        switch request.target {
        case "/api/204": return send("204 No Content", "")
        case "/api/302": return send("302 Found", "Location: /api/elsewhere\r\n", "")
        case "/api/304": return send("304 Not Modified", "ETag: \"v1\"\r\n")
        case "/api/404": return send("404 Not Found", json, "{\"detail\":\"not found\"}")
        case "/api/500": return send("500 Internal Server Error", json, "{\"detail\":\"backend failed\"}")
        case "/api/cookies":
            return send("200 OK", "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; HttpOnly\r\n", "cookies")
        case "/api/gzip": return send("200 OK", "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", "")
        case "/api/owncors":
            return send(
                "200 OK",
                "Access-Control-Allow-Origin: https://only.example.com\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n",
                "own")
        case "/api/chunks":
            return [
                .send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nchunk 0\n\r\n0\r\n\r\n"
                ), .close,
            ]
        case "/api/close": return [.close]
        case "/api/truncated": return [.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"), .close]
        case "/api/odd":
            return send(
                "200 Perfectly Fine",
                "X-Backend: blue\r\nServer: backend/1\r\nX-Multi: a\r\nX-Multi: b\r\nx-lower: 1\r\n", "odd")
        default:
            let body =
                "{\"ok\":true,\"method\":\"\(request.method)\",\"url\":\"\(request.target)\",\"bytes\":\(request.body.count)}"
            return send("200 OK", "\(json)X-Backend: blue\r\n", body)
        }
    }
}

private let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}
