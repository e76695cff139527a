import TestSupport
import WorkerDomain

/// Requests of many kinds, as a proxy may have recorded them; the same for the same seed.
struct RecordedRequests {
    struct Sample {
        let kind: String
        let head: [UInt8]
        let body: [UInt8]

        var exchange: Exchange {
            var exchange = Exchange(
                id: ExchangeID(rawValue: 1), startedAt: WallTime(nanosecondsSinceEpoch: 0), downstream: "a",
                requestHead: self.head)
            exchange.requestBody = CapturedBody(bytes: self.body, totalBytes: self.body.count)
            exchange.status = 200
            exchange.ending = .completed
            return exchange
        }

        var text: String { "\(self.kind): \(String(decoding: self.head + self.body.prefix(200), as: UTF8.self))" }
    }

    private var random: SeededGenerator
    private let authority: String
    private(set) var samples: [Sample] = []

    init(seed: UInt64, authority: String, rounds: Int) {
        self.random = SeededGenerator(seed: seed)
        self.authority = authority
        for round in 0..<rounds {
            self.targets()
            self.bodies(round)
            self.methods()
            self.hosts()
            self.defaults()
            self.values()
            self.oddLines()
            self.framing(round)
        }
    }

    // MARK: Kinds

    private mutating func targets() {
        for target in [
            "/", "//a//b", "/./../a/%2e%2E/", "/?", "/a?b?c#d", "/[1-3]{a,b}", "/'$(id)`id`\"", "/\\x|^<>", "/é%zz",
            "/a;b=c&d=!!", "*", "http://other.example/x", "@file", "/{}", "/a:b@c",
        ] {
            self.add("target", "GET \(target)\(self.word()) HTTP/1.1", ["Host: \(self.authority)"])
        }
        self.add("target", Array("GET /".utf8) + self.bytes(12, from: 0x80...0xFF) + Array(" HTTP/1.1".utf8), [])
    }

    private mutating func bodies(_ round: Int) {
        let texts: [[UInt8]] = [
            "it's \"{张三}\"", "a\n", "a\n\n\n", "\n", "@/etc/passwd", "-n", "--", "%s%d%%", "\\n\\0\\x41",
            "$HOME `id` $(id)",
            "!!\nx!", "a\tb", "a\r\nb", "=cat", "~", "\u{1B}[2J", "\u{202E}x", "{\"a\": 1,\n  \"b\": 2}", " ",
            "a=1&b=%20+",
        ].map { Array($0.utf8) }
        let odd: [[UInt8]] = [
            [0], [0, 0x41, 0], [0x30, 0, 0x37], self.bytes(300, from: 0...0xFF), self.bytes(60, from: 0x80...0xFF),
            self.bytes(2_000, from: 0x20...0x7E), [0x2D] + self.bytes(9, from: 0...0x1F),
        ]
        for body in texts + odd {
            let method = self.one(of: ["POST", "PUT", "PATCH", "GET", "DELETE", "OPTIONS", "QUERY"])
            let type = self.one(of: [["Content-Type: application/json"], [], ["content-type: text/plain"]])
            self.add(
                "body", "\(method) /upload HTTP/1.1",
                ["Host: \(self.authority)"] + type + ["Content-Length: \(body.count)"], body)
        }
        let boundary = "----\(self.word())"
        let part = "--\(boundary)\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a'b.bin\"\r\n\r\n"
        let multipart = Array(part.utf8) + self.bytes(200, from: 0...0xFF) + Array("\r\n--\(boundary)--\r\n".utf8)
        self.add(
            "multipart", "POST /form HTTP/1.1",
            [
                "Host: x.example", "Content-Type: multipart/form-data; boundary=\(boundary)",
                "Content-Length: \(multipart.count)",
            ], multipart)
        if round == 0 {
            for large in [self.bytes(70_000, from: 0x61...0x7A), self.bytes(200_000, from: 0...0xFF)] {
                self.add(
                    "large", "PUT /large HTTP/1.1",
                    ["Host: \(self.authority)", "Content-Length: \(large.count)"], large)
            }
        }
    }

    private mutating func methods() {
        for method in ["HEAD", "get", "head", "M-SEARCH", "POST", "A'B", "-x", "\"", "TRACE", "CONNECT", "=ls", ""] {
            self.add("method", "\(method) /m HTTP/1.1", ["Host: \(self.authority)", "Accept: */*"])
            self.add("method 1.0", "\(method) /m HTTP/1.0", [])
        }
        self.add("two spaces", "GET  /a  HTTP/1.1", ["Host: \(self.authority)"])
        self.add("HEAD with a body", "HEAD /h HTTP/1.1", ["Host: x", "Content-Length: 3"], Array("abc".utf8))
        self.add("GET with a body", "GET /g HTTP/1.1", ["Host: x", "Content-Length: 3"], Array("abc".utf8))
    }

    private mutating func hosts() {
        for lines in [
            ["Host: \(self.authority)", "A: b"], ["A: b", "Host: \(self.authority)"], ["host: \(self.authority)"],
            ["HOST:x"], [], ["Host:"], ["Host: "], ["Host: a", "Host: b"], ["A: b", "Host: a", "host: b"],
            ["Host:  a\t"],
        ] {
            self.add("host", "GET /host HTTP/1.1", lines)
        }
    }

    private mutating func defaults() {
        for name in ["User-Agent", "Accept", "Content-Type", "Expect", "Content-Length", "Referer", "Cookie", "Range"] {
            for line in ["\(name):", "\(name): ", "\(name.lowercased()): x\(self.word())", "\(name) : x"] {
                // A length that is none is refused with its body unread.
                if name == "Content-Length", line.contains("x") { continue }
                self.add("default", "POST /default HTTP/1.1", ["Host: \(self.authority)", line, "Z: \(self.word())"])
            }
        }
        for line in [
            "Connection: close", "Keep-Alive: 5", "TE: trailers", "Upgrade: websocket", "Proxy-Connection: x",
            "Accept-Encoding: gzip, br", "Authorization: Basic dTpw", "If-None-Match: \"a\"", "Trailer: x",
        ] {
            self.add("default", "GET /default HTTP/1.1", ["Host: \(self.authority)", line, line])
        }
    }

    private mutating func values() {
        for value in [
            "", " ", "\t \t", "x ", "  x\t", "a;b", ";", "'\"\\$HOME`id`!", "é张三", "\u{1B}[31m", "a\rb", "%s\\0", "@",
            "-",
            "a:b", "#c", "\u{7F}",
        ] {
            self.add("value", "GET /value HTTP/1.1", ["Host: \(self.authority)", "X-V:\(value)", "X-V: \(value)"])
        }
        let bytes = self.bytes(20, from: 0x80...0xFF)
        let head = Array("GET /value HTTP/1.1\r\nHost: a\r\nX: ".utf8) + bytes + Array("\r\n\r\n".utf8)
        self.samples.append(Sample(kind: "value", head: head, body: []))
    }

    private mutating func oddLines() {
        for line in [
            "@file: x", "@-:", "no colon", "no colon;", " folded", "\tfolded: x", ": x", ";", "A;B:", "a b: c",
        ] {
            self.add("odd line", "GET /odd HTTP/1.1", ["Host: \(self.authority)", "X: 1", line, "Y:", line, "Z: 2"])
        }
        for line in ["X: ", "no colon", " folded"] {
            self.add("odd first line", "GET /odd HTTP/1.1", [line, "Host: a", "Y: 1"])
        }
    }

    private mutating func framing(_ round: Int) {
        for method in ["POST", "PUT", "DELETE", "GET", "HEAD"] {
            self.add("no length", "\(method) /l HTTP/1.1", ["Host: \(self.authority)"])
            self.add("length 0", "\(method) /l HTTP/1.1", ["Host: \(self.authority)", "content-length:0", "A: b"])
            for body in [[], self.bytes(30, from: 0...0xFF), self.bytes(3_000, from: 0x20...0x7E)] {
                self.add(
                    "chunked", "\(method) /c HTTP/1.1", ["transfer-encoding:  CHUNKED", "Host: \(self.authority)"], body
                )
            }
        }
        if round == 0 {
            let lines = ["Host: \(self.authority)", "expect: 100-continue", "Content-Length: 2"]
            self.add("expect", "POST /e HTTP/1.1", lines, Array("ab".utf8))
        }
    }

    // MARK: Parts

    private mutating func add(_ kind: String, _ line: String, _ fields: [String], _ body: [UInt8] = []) {
        self.add(kind, Array(line.utf8), fields, body)
    }

    private mutating func add(_ kind: String, _ line: [UInt8], _ fields: [String], _ body: [UInt8] = []) {
        let head = line + Array((["\r\n"] + fields.map { $0 + "\r\n" } + ["\r\n"]).joined().utf8)
        self.samples.append(Sample(kind: kind, head: head, body: body))
    }

    private mutating func bytes(_ count: Int, from range: ClosedRange<UInt8>) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: range, using: &self.random) }
    }

    private mutating func word() -> String {
        String(decoding: self.bytes(Int.random(in: 0...6, using: &self.random), from: 0x61...0x7A), as: UTF8.self)
    }

    private mutating func one<Element>(of list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &self.random)]
    }
}
