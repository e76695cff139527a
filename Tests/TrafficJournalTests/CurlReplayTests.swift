import Foundation
import TestOrigin
import TestSupport
import Testing
import TextSafety
import TrafficJournal
import WorkerDomain

/// Recorded requests, replayed by the commands that are copied.
@Suite("copied curl commands, run", .serialized, .timeLimit(.minutes(3)))
struct CurlReplayTests {
    /// Shells that are there.
    private static let shells = ["/bin/bash", "/bin/dash", "/bin/zsh"].filter {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    private static let hasCurl = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")

    /// Runs the commands one after the other, as typed or as a script.
    private func run(_ commands: [String], shell: String, options: [String] = []) async throws -> String {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A user's own settings must not change what is sent.
        try "user-agent = \"mine\"\nheader = \"X-Mine: 1\"\nproxy = \"127.0.0.1:1\"\n".write(
            toFile: folder + "/.curlrc", atomically: true, encoding: .utf8)
        let script = commands.map { "\($0) >/dev/null" }.joined(separator: "\n") + "\n"
        try script.write(toFile: folder + "/script", atomically: true, encoding: .utf8)
        let words = options.isEmpty ? [shell, folder + "/script"] : [shell] + options
        let outcome = try await SpawnedProgram.run(
            words, input: options.isEmpty ? [] : Array(script.utf8),
            environment: [
                "HOME": folder, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "http_proxy": "http://127.0.0.1:1",
                "ZDOTDIR": folder,
            ], limit: .seconds(120))
        return outcome.errorText
    }

    private func origin() async throws -> ScriptedOrigin {
        try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("every request arrives again, byte for byte", .enabled(if: Self.hasCurl), arguments: Self.shells)
    func replay(shell: String) async throws {
        let origin = try await self.origin()
        let authority = "127.0.0.1:\(origin.port)"
        let samples = RecordedRequests(seed: 11, authority: authority, rounds: shell == Self.shells[0] ? 2 : 1).samples
        #expect(samples.count >= (shell == Self.shells[0] ? 300 : 150))
        let commands = samples.map { CurlCommand(for: $0.exchange, authority: authority) }
        for (sample, command) in zip(samples, commands) {
            #expect(command.differences == [] && !command.isRedacted, "\(sample.text)")
            #expect(!ControlCharacters.areIn(command.text.replacing("\n", with: "")), "\(sample.text)")
            let longest = command.text.split(separator: "\n").map(\.utf8.count).max() ?? 0
            #expect(longest < 4_000, "\(sample.text)")
        }
        let errors = try await self.run(commands.map(\.text), shell: shell)
        let arrived = origin.requests
        await origin.stop()
        #expect(arrived.count == samples.count, "\(errors.suffix(2_000))")
        var failures = 0
        for (index, (sample, request)) in zip(samples, arrived).enumerated() where failures < 5 {
            let isSame = request.head == sample.head && request.body == sample.body
            if !isSame { failures += 1 }
            #expect(
                isSame,
                """
                \(sample.text)
                came as: \(String(decoding: request.head + request.rawBody.prefix(200), as: UTF8.self))
                by: \(commands[index].text.prefix(2_000))
                """)
        }
    }

    @Test("what curl cannot send as it was is said before the command, and nothing else differs")
    func differences() async throws {
        let origin = try await self.origin()
        let authority = "127.0.0.1:\(origin.port)"
        func exchange(_ head: String, body: CapturedBody = CapturedBody(), ended: Bool = true) -> Exchange {
            var exchange = RecordedRequests.Sample(kind: "", head: Array(head.utf8), body: []).exchange
            exchange.requestBody = body
            if !ended { exchange.ending = ExchangeEnding(cause: .clientAborted, phase: .requestBody) }
            return exchange
        }
        let host = "Host: \(authority)\r\n"
        let cut = CapturedBody(bytes: [0x61], totalBytes: 9)
        let part = CapturedBody(bytes: [0x61], totalBytes: 1)
        let cases: [(exchange: Exchange, said: String, head: String)] = [
            (
                exchange("GET / HTTP/1.1\r\n\(host)A: 1\u{0}2\r\nB: 3\r\n\r\n"), "field 2 is omitted",
                "GET / HTTP/1.1\r\n\(host)B: 3\r\n\r\n"
            ),
            (exchange("GET / HTTP/1.1\r\n\(host)A: \r\n\r\n"), "", "GET / HTTP/1.1\r\n\(host)A: \r\n\r\n"),
            (exchange("GET / HTTP/1.1\r\nA: \r\n\r\n"), "field 1 is omitted", "GET / HTTP/1.1\r\n\r\n"),
            (exchange("GET /a\r\n\r\n"), "its first line", "GET / HTTP/1.1\r\n\r\n"),
            (exchange("GET /a HTTP/2.0\r\n\(host)\r\n"), "its first line", "GET / HTTP/1.1\r\n\(host)\r\n"),
            (exchange("GET /a\u{0} HTTP/1.1\r\n\(host)\r\n"), "its first line", "GET / HTTP/1.1\r\n\(host)\r\n"),
            (exchange("GET /a HTTP/1.1\n\(host)\r\n"), "CR LF", "GET /a HTTP/1.1\r\n\(host)\r\n"),
            (exchange("GET /a HTTP/1.1\r\n\(host)"), "its head had not ended", "GET /a HTTP/1.1\r\n\(host)\r\n"),
            (
                exchange("PUT /a HTTP/1.1\r\n\(host)Content-Length: 9\r\n\r\n", body: cut), "1 of 9 bytes were kept",
                "PUT /a HTTP/1.1\r\n\(host)\r\n"
            ),
            (
                exchange("PUT /a HTTP/1.1\r\n\(host)Content-Length: 9\r\n\r\n", body: part), "1 of the 9 bytes",
                "PUT /a HTTP/1.1\r\n\(host)\r\n"
            ),
            (
                exchange("PUT /a HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n", body: part, ended: false),
                "it had not ended", "PUT /a HTTP/1.1\r\n\(host)\r\n"
            ),
            (
                exchange("PUT /a HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n", body: part), "chunked",
                "PUT /a HTTP/1.0\r\n\(host)\r\n"
            ),
        ]
        let commands = cases.map { CurlCommand(for: $0.exchange, authority: authority) }
        for (entry, command) in zip(cases, commands) {
            #expect(command.differences.isEmpty == entry.said.isEmpty, "\(command.text)")
            #expect(command.differences.joined().contains(entry.said) || entry.said.isEmpty, "\(command.text)")
            let comments = command.text.split(separator: "\n").prefix { $0.hasPrefix("# ") }
            #expect(comments.count == command.differences.count)
            for comment in comments {
                #expect(
                    comment.dropFirst(2).allSatisfy { $0.isLetter || $0.isNumber || " :,./-".contains($0) },
                    "\(comment)")
            }
        }
        // As it is typed into zsh, which then has no comments.
        for shell in Self.shells where Self.hasCurl {
            let before = origin.requests.count
            let errors = try await self.run(
                commands.map(\.text), shell: shell, options: shell.hasSuffix("zsh") ? ["-f", "-i", "-s"] : [])
            let arrived = origin.requests.dropFirst(before).map { String(decoding: $0.head, as: UTF8.self) }
            #expect(arrived == cases.map(\.head), "\(shell): \(errors.suffix(2_000))")
        }
        await origin.stop()
    }

    @Test("a coding that a client makes up hides no secret from the search; a compressed body is said")
    func codings() {
        let text = Array(#"{"password": "hunter2"}"#.utf8)
        for coding in ["aws-chunked", "x", "gzip", "br, x", "", "identity"] {
            for body in [text, text + [0xE4]] {
                let head =
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n"
                let exchange = RecordedRequests.Sample(kind: "", head: Array(head.utf8), body: body).exchange
                let command = CurlCommand(for: exchange, authority: "a", redaction: .standard)
                #expect(!command.text.contains("hunter2") && command.isRedacted, "\(coding)")
            }
        }
        let packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xC0]
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
        let exchange = RecordedRequests.Sample(kind: "", head: Array(head.utf8), body: packed).exchange
        let command = CurlCommand(for: exchange, authority: "a", redaction: .standard)
        #expect(
            command.text.hasPrefix("# the body is compressed, secrets in it are not hidden\nprintf ")
                && !command.isRedacted)
        #expect(!CurlCommand(for: exchange, authority: "a").text.contains("#"))
    }

    @Test("hidden secrets are said, and the length is that of what is sent", .enabled(if: Self.hasCurl))
    func redacted() async throws {
        let origin = try await self.origin()
        let authority = "127.0.0.1:\(origin.port)"
        let body = Array(#"{"password": "hunter2", "name": "it's"}"#.utf8)
        let head =
            "POST /login?token=abcdef HTTP/1.1\r\nHost: \(authority)\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer s3cr3t\r\ncontent-length: \(body.count)\r\n\r\n"
        let exchange = RecordedRequests.Sample(kind: "", head: Array(head.utf8), body: body).exchange
        let hidden = CurlCommand(for: exchange, authority: authority, redaction: .standard)
        #expect(hidden.isRedacted && hidden.differences.isEmpty)
        #expect(hidden.text.hasPrefix("# not the same request: secrets are hidden\ncurl "))
        for secret in ["abcdef", "s3cr3t", "hunter2"] { #expect(!hidden.text.contains(secret)) }
        let whole = CurlCommand(for: exchange, authority: authority)
        #expect(!whole.isRedacted && !whole.text.contains("#"))
        _ = try await self.run([hidden.text, whole.text], shell: "/bin/bash")
        let arrived = origin.requests
        await origin.stop()
        try #require(arrived.count == 2)
        #expect(arrived[0].isComplete && arrived[0].rawBody.count > 0)
        #expect(arrived[0].fields.value(of: "content-length") == "\(arrived[0].rawBody.count)")
        #expect(arrived[1].head == Array(head.utf8) && arrived[1].body == body)
    }
}
