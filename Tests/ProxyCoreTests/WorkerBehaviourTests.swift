import Foundation
import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

/// Replays what the Worker was asked, and compares what the backend saw and the client got.
///
/// Each difference is listed in docs/reference/worker-differences.md with its reason, under the names used here.
@Suite("The Worker's behaviour", .everyEngine, .timeLimit(.minutes(2)))
struct WorkerBehaviourTests {
    struct Case: Decodable, Sendable {
        struct Seen: Decodable, Sendable {
            let method: String
            let target: String
            let rawHeaders: [String]
            let bodyBytes: Int
        }
        let name: String
        let request: String
        let backendSaw: [Seen]
        let answerHead: String
        let answerBody: String

        enum CodingKeys: String, CodingKey {
            case request, backendSaw, answerHead, answerBody
            case name = "case"
        }

        /// The transcript abridges its one long body, which is every byte in order, 64 times.
        var requestBytes: [UInt8] {
            let bytes = WorkerBehaviourTests.latin1(self.request)
            guard self.name == "put-binary", let end = RawMessage.headEnd(bytes) else { return bytes }
            return bytes[..<end] + (0..<16_384).map { UInt8(truncatingIfNeeded: $0) }
        }

        var isHead: Bool { self.request.hasPrefix("HEAD ") }
        var isBackendDown: Bool { self.name.hasPrefix("backend-down") }
        var status: Int { Int(self.answerHead.dropFirst(9).prefix(3)) ?? 0 }
    }

    /// What differs on purpose, as in the table of the documentation.
    static let differences: [String: Set<String>] = [
        "get-encoded-path": ["path"], "get-raw-utf8-path": ["path"], "delete": ["empty length"],
        "options-star": ["status", "body"], "backend-own-cors": ["credentials", "vary"],
        "duplicate-request-fields": ["joined fields"], "forwarded-fields": ["edge fields"],
        "hop-by-hop": ["hop-by-hop"], "expect-continue": ["status", "body", "expectation"],
        "backend-closes": ["retry"],
    ]

    static func cases() throws -> [Case] {
        try JSONDecoder().decode([Case].self, from: Data(try Fixtures.bytes("transcript.json")))
    }

    static func latin1(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

    /// The backend that the Worker stood in front of, as its answers show it.
    static func script(_ request: ScriptedOrigin.Request) -> [ScriptedOrigin.Step] {
        let date = "Date: Mon, 23 Nov 2026 01:17:06 GMT\r\n"
        func chunked(_ line: String, _ fields: String, _ chunks: [String]) -> [ScriptedOrigin.Step] {
            let body = chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
            return [.send("HTTP/1.1 \(line)\r\n\(date)\(fields)Transfer-Encoding: chunked\r\n\r\n\(body)0\r\n\r\n")]
        }
        let json = "Content-Type: application/json\r\n"
        switch request.target {
        case "/api/204": return [.send("HTTP/1.1 204 No Content\r\n\(date)\r\n")]
        case "/api/302": return chunked("302 Found", "Location: /api/elsewhere\r\n", [])
        case "/api/304": return [.send("HTTP/1.1 304 Not Modified\r\n\(date)ETag: \"v1\"\r\n\r\n")]
        case "/api/404": return chunked("404 Not Found", json, ["{\"detail\":\"not found\"}"])
        case "/api/500": return chunked("500 Internal Server Error", json, ["{\"detail\":\"backend failed\"}"])
        case "/api/cookies":
            return [
                .send(
                    "HTTP/1.1 200 OK\r\n\(date)Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; HttpOnly\r\n"
                        + "Content-Length: 7\r\n\r\ncookies")
            ]
        case "/api/gzip":
            let body = (try? self.cases().first { $0.name == "gzip-accepted" }?.answerBody) ?? ""
            return [
                .send(
                    "HTTP/1.1 200 OK\r\n\(date)Content-Type: text/plain\r\nContent-Encoding: gzip\r\n"
                        + "Content-Length: \(body.unicodeScalars.count)\r\n\r\n"), .bytes(self.latin1(body)),
            ]
        case "/api/owncors":
            return chunked(
                "200 OK",
                "Access-Control-Allow-Origin: https://only.example.com\r\nAccess-Control-Allow-Credentials: true\r\n"
                    + "Vary: Origin\r\n", ["own"])
        case "/api/chunks":
            return chunked("200 OK", "Content-Type: text/plain\r\n", ["chunk 0\n", "chunk 1\n", "chunk 2\n"])
        case "/api/close": return [.close]
        case "/api/truncated":
            return [.send("HTTP/1.1 200 OK\r\n\(date)Content-Length: 1000\r\n\r\nonly this"), .close]
        case "/api/odd":
            return chunked(
                "200 Perfectly Fine",
                "X-Backend: blue\r\nServer: backend/1\r\nX-Multi: a\r\nX-Multi: b\r\nx-lower: 1\r\n", ["odd"])
        default:
            let fields = "\(json)X-Backend: blue\r\n"
            if request.method == "HEAD" { return [.send("HTTP/1.1 200 OK\r\n\(date)\(fields)\r\n")] }
            let body =
                "{\"ok\":true,\"method\":\"\(request.method)\",\"url\":\"\(request.target)\","
                + "\"bytes\":\(request.body.count)}"
            return chunked("200 OK", fields, [body])
        }
    }

    @Test("every case of the transcript", arguments: ProxyConfiguration.ErrorStyle.allCases)
    func replay(style: ProxyConfiguration.ErrorStyle) async throws {
        let cases = try Self.cases()
        #expect(cases.count == 36)
        for item in cases {
            let origin = try await ScriptedOrigin.start { Self.script($0) }
            let closed = try LoopbackSocket.closed()
            defer { withExtendedLifetime(closed) {} }
            let backend = item.isBackendDown ? closed.backend : origin.backend
            try await Bench.run([backend], { $0.errors = style }) { bench in
                let client = try await RawClient.connect(port: bench.port)
                try await client.send(item.requestBytes)
                var answer = try await client.answer(toHead: item.isHead)
                if answer.status == 100 { answer = try await client.answer(toHead: item.isHead) }
                client.close()
                self.compare(answer, item, style)
                #expect(await bench.recorder.ended(1).count == 1, "\(item.name)")
            }
            self.compareBackend(origin.requests, item)
            await origin.stop()
        }
    }

    private func compare(_ answer: RawClient.Answer, _ item: Case, _ style: ProxyConfiguration.ErrorStyle) {
        let differences = Self.differences[item.name] ?? []
        let comment = Comment(rawValue: "\(item.name) \(style)")
        let theirs = MessageHead(Self.latin1(item.answerHead))
        let isOwnError = item.isBackendDown && item.status == 500 || item.name == "backend-closes"
        if isOwnError, style == .gateway {
            #expect(answer.status == 502, comment)
            #expect(answer.text.contains("\"exchange\":\"#1\""), comment)
        } else if differences.contains("status") {
            #expect(answer.status == (item.name == "options-star" ? 204 : 200), comment)
        } else {
            #expect(answer.fields.startLine == theirs.startLine, comment)
        }
        // Every answer carries the four fields with the Worker's values, also where the Worker's runtime failed.
        #expect(answer.field("Access-Control-Allow-Origin") == "*", comment)
        #expect(answer.field("Access-Control-Allow-Headers") == "Content-Type, Authorization", comment)
        #expect(
            answer.field("Access-Control-Allow-Methods") == "GET, POST, PUT, DELETE, PATCH, OPTIONS", comment)
        #expect(answer.field("Access-Control-Max-Age") == "86400", comment)
        guard !differences.contains("status"), !(isOwnError && style == .gateway) else { return }
        let framing: Set<String> = [
            "transfer-encoding", "content-length", "connection", "access-control-allow-credentials",
        ]
        func fields(_ head: MessageHead) -> [String] {
            head.fields.filter { !framing.contains($0.name.lowercased()) && $0.name != "Date" }
                .map { "\($0.name): \($0.value)" }.sorted()
        }
        let ours = fields(answer.fields).filter { $0 != "Cache-Control: no-store" }
        #expect(ours == fields(theirs), comment)
        let raw = Self.latin1(item.answerBody)
        let body = theirs.value(of: "Transfer-Encoding") == "chunked" ? RawMessage.dechunk(raw)?.bytes ?? raw : raw
        if !differences.contains("path") { #expect(answer.body == body, comment) }
        #expect(answer.isComplete == (item.name != "backend-truncates"), comment)
    }

    private func compareBackend(_ requests: [ScriptedOrigin.Request], _ item: Case) {
        let differences = Self.differences[item.name] ?? []
        let comment = Comment(rawValue: item.name)
        #expect(requests.count == item.backendSaw.count + (differences.contains("retry") ? 1 : 0), comment)
        guard let ours = requests.first, let theirs = item.backendSaw.first else { return }
        #expect(ours.method == theirs.method, comment)
        #expect((ours.target == theirs.target) != differences.contains("path"), comment)
        #expect(ours.body.count == theirs.bodyBytes, comment)
        let added: Set<String> = [
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip", "cf-connecting-ip", "cf-ray",
            "cf-visitor", "cdn-loop", "host",
        ]
        let sent = ours.fields.fields.filter { !added.contains($0.name.lowercased()) }
        let ourLines = Set(sent.map { "\($0.name): \($0.value)" })
        var theirLines = Set<String>()
        for index in stride(from: 0, to: theirs.rawHeaders.count - 1, by: 2) {
            theirLines.insert("\(theirs.rawHeaders[index]): \(theirs.rawHeaders[index + 1])")
        }
        theirLines = theirLines.filter { line in !added.contains(String(line.prefix { $0 != ":" }).lowercased()) }
        let missing = theirLines.subtracting(ourLines)
        let extra = ourLines.subtracting(theirLines)
        switch item.name {
        case "delete": #expect(missing == ["Content-Length: 0"], comment)
        case "hop-by-hop": #expect(missing == ["Proxy-Authorization: Basic x", "X-Hop: 1"], comment)
        case "duplicate-request-fields":
            #expect(missing == ["Accept: a/b, c/d"] && extra == ["Accept: a/b", "Accept: c/d"], comment)
        default: #expect(missing.isEmpty && extra.isEmpty, comment)
        }
    }

    @Test(
        "with path = url the backend sees the Worker's paths", arguments: ["get-encoded-path", "get-raw-utf8-path"])
    func normalisedPaths(name: String) async throws {
        let item = try #require(try Self.cases().first { $0.name == name })
        let origin = try await ScriptedOrigin.start { Self.script($0) }
        try await Bench.run([origin.backend], { $0.path = .url }) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(item.requestBytes)
            #expect(try await client.answer().status == 200)
        }
        #expect(origin.requests.first?.target == item.backendSaw.first?.target)
        await origin.stop()
    }
}
