import Testing

@testable import ProxyCore

@Suite("Request head parser")
struct RequestHeadParserTests {
    private func parse(_ text: String, requestLine: Int = 200, head: Int = 1_000) -> RequestHeadParser.Outcome {
        var parser = RequestHeadParser(requestLineLimit: requestLine, headLimit: head)
        return Array(text.utf8).withUnsafeBytes { parser.parse($0, searched: 0) }
    }

    @Test(
        "what is ambiguous or broken is refused",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
            ("GET / HTTP/1.1\nHost: a\n\n", 400), ("GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX(y): 1\r\n\r\n", 400), ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET / x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET / HTTP/1.1x\r\nHost: a\r\n\r\n", 400),
            ("GET / http/1.1\r\nHost: a\r\n\r\n", 400), ("GET /\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505), ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 400),
            ("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{B}chunked\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", 417),
            ("\u{16}\u{3}\u{1}", 400), ("GET http:///p HTTP/1.1\r\nHost:\r\n\r\n", 400),
            ("GET http:///p HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET http:///p HTTP/1.0\r\n\r\n", 400),
            ("GET http://a:99999999/ HTTP/1.1\r\nHost: a:99999999\r\n\r\n", 400),
            ("GET http://u@a/ HTTP/1.0\r\n\r\n", 400),
            ("GET /" + String(repeating: "x", count: 300), 414),
            ("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 1_000), 431),
        ])
    func refused(text: String, status: Int) {
        guard case .refused(let refusal) = self.parse(text) else {
            Issue.record("\(text.debugDescription) was not refused: \(self.parse(text))")
            return
        }
        #expect(refusal.status == status)
    }

    @Test(
        "Host is one host and at most one port",
        arguments: [
            "x:99999999", "x:80:90", "x:", "x:0", "x:65536", "x:-1", "x:+80", "x:8a", ":80", "u@x", "u:p@x", "x/y",
            "x?y",
            "x#y", "x y", "x\ty", "x,y", "a%2eb", "%61", "a..b", ".a", "..", "[::1", "::1", "[]", "[x]", "[::1]x",
            "[::1]:",
            "[::1]80", "[::1]:0", "[::1%25eth0]", "[fe80::1%eth0]", "[v1.a]", "[127.0.0.1]", "x]", "x[", "\"x\"",
            "x\\y", "<x>",
            "x|y", "x^y", "{x}", "x`", "é",
        ])
    func badHost(host: String) {
        let texts = [
            "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", "GET / HTTP/1.0\r\nHost: \(host)\r\n\r\n",
            "GET http://\(host)/ HTTP/1.1\r\nHost: \(host)\r\n\r\n",
        ]
        for text in texts {
            guard case .refused(let refusal) = self.parse(text) else {
                Issue.record("\(text.debugDescription) was not refused")
                continue
            }
            #expect(refusal.status == 400)
        }
    }

    @Test(
        "good hosts are taken",
        arguments: [
            "x", "x:1", "x:65535", "a.b.", "a_b", "xn--fiq", "127.0.0.1:80", "[::1]", "[::1]:8787",
            "[::ffff:1.2.3.4]:80", "a~b",
        ])
    func goodHost(host: String) {
        for text in [
            "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", "GET http://\(host)/ HTTP/1.1\r\nHost: \(host)\r\n\r\n",
        ] {
            guard case .complete = self.parse(text) else {
                Issue.record("\(text.debugDescription) was refused")
                continue
            }
        }
    }

    @Test(
        "what is well formed is read",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", BodyFraming.none, true),
            ("\r\n\r\nGET / HTTP/1.1\r\nHost:\r\n\r\n", .none, true),
            ("GET http://a:1/x HTTP/1.1\r\nHost: A:1\r\n\r\n", .none, true),
            ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", .none, true),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 07\r\n\r\n", .length(7), true),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\t Chunked \r\n\r\n", .chunked, true),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n", .none, false),
            ("GET / HTTP/1.0\r\n\r\n", .none, false),
            ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", .none, true),
        ])
    func accepted(text: String, framing: BodyFraming, persists: Bool) {
        guard case .complete(let head) = self.parse(text) else {
            Issue.record("\(text.debugDescription) was not accepted: \(self.parse(text))")
            return
        }
        #expect(head.framing == framing)
        #expect(head.persists == persists)
        #expect(head.end == text.utf8.count)
    }

    @Test("a head may come byte by byte, and is the same")
    func incremental() {
        let bytes = Array("POST /a?b HTTP/1.1\r\nHost: a\r\nX: y\r\nContent-Length: 3\r\n\r\n".utf8)
        var parser = RequestHeadParser(requestLineLimit: 200, headLimit: 1_000)
        for count in 0..<bytes.count {
            let outcome = bytes[..<count].withUnsafeBytes { parser.parse($0, searched: max(0, count - 1)) }
            #expect(outcome == .incomplete)
        }
        let last = bytes.withUnsafeBytes { parser.parse($0, searched: bytes.count - 1) }
        let whole = bytes.withUnsafeBytes { parser.parse($0, searched: 0) }
        #expect(last == whole)
    }

    @Test("no mutation of a head makes the parser read outside of it")
    func mutations() {
        let seed = Array(
            "POST http://a/x HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\nContent-Length: 3\r\nUpgrade: w\r\n\r\n"
                .utf8)
        var generator = SystemRandomNumberGenerator()
        var parser = RequestHeadParser(requestLineLimit: 200, headLimit: 1_000)
        let alphabet = Array("\r\n :,/\0\t\u{7f}aZ09*?#%".utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = alphabet.randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: index)
                default: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: index)
                }
            }
            if case .complete(let head) = bytes.withUnsafeBytes({ parser.parse($0, searched: 0) }) {
                #expect(head.end <= bytes.count && head.targetStart < head.targetEnd)
            }
        }
    }
}
