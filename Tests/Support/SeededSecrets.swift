package import WorkerDomain

/// Secrets that a seed makes, each under a name of its own and in a place of its own.
///
/// A secret is letters and digits, so that no encoding changes it; what is looked for is a piece of it, so that no line
/// break hides it.
package struct SeededSecrets: Sendable {
    package struct Secret: Sendable {
        package let name: String
        package let value: String
        package let place: String
        package let exchange: Exchange

        /// What must be seen nowhere.
        package var piece: String { String(self.value.dropFirst(4).prefix(7)) }
    }

    package let secrets: [Secret]

    /// - Parameters:
    ///   - seed: The same seed, the same secrets.
    ///   - count: They go around the places.
    package init(seed: UInt64, count: Int) {
        var random = SeededGenerator(seed: seed)
        self.secrets = (0..<count).map { index in
            let name = Self.name(&random)
            let value = Self.value(&random)
            let place = Self.places[index % Self.places.count]
            var draft = Draft()
            place.put(name, value, &draft)
            return Secret(name: name, value: value, place: place.name, exchange: draft.exchange(UInt64(index + 1)))
        }
    }

    private static let words = [
        "api secret", "client secret", "session token", "refresh token", "access token", "otp", "passphrase",
        "password",
        "user password", "db password", "private key", "encryption key", "auth token", "mnemonic", "api key",
        "webhook secret",
        "csrf token", "id token", "pass code", "mfa code", "card cvv", "signing key", "secret access key",
        "new password",
        "smtp pass", "pin", "ssn", "jwt", "credential", "bot token", "oauth token", "license key", "recovery phrase",
    ]

    /// The words of a secret's name, joined as one of the worlds does it.
    private static func name(_ random: inout SeededGenerator) -> String {
        let words = Self.words[Int.random(in: 0..<Self.words.count, using: &random)].split(separator: " ").map(
            String.init)
        let capital = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return words.joined(separator: "_")
        case 1: return words.joined(separator: "-")
        case 2: return words[0] + capital.dropFirst().joined()
        case 3: return words.joined(separator: "_").uppercased()
        case 4: return "X-" + capital.joined(separator: "-")
        default: return "my_" + words.joined(separator: "_") + "_2"
        }
    }

    package static func value(_ random: inout SeededGenerator) -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        let count = Int.random(in: 14...22, using: &random)
        return "q7" + String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }

    // MARK: - Places

    /// An exchange in the making.
    private struct Draft {
        var line = "POST /api/items HTTP/1.1"
        var fields: [String] = []
        var body = ""
        var answerFields: [String] = []
        var answer = "ok"
        var reason: String?
        var rawHead: String?

        func exchange(_ number: UInt64) -> Exchange {
            let head =
                self.rawHead ?? ([self.line, "Host: 127.0.0.1:8787"] + self.fields).joined(separator: "\r\n")
                + "\r\n\r\n"
            var exchange = Exchange(
                id: ExchangeID(rawValue: number), startedAt: WallTime(millisecondsSinceEpoch: 1_763_812_861_000),
                downstream: "127.0.0.1:51934", requestHead: Array(head.utf8))
            exchange.route = .backend("blue")
            exchange.status = self.rawHead == nil ? 200 : 400
            exchange.requestBody = CapturedBody(bytes: Array(self.body.utf8), totalBytes: self.body.utf8.count)
            let fields = ["HTTP/1.1 \(exchange.status ?? 0) X"] + self.answerFields
            exchange.responseHead = Array((fields.joined(separator: "\r\n") + "\r\n\r\n").utf8)
            exchange.responseBody = CapturedBody(bytes: Array(self.answer.utf8), totalBytes: self.answer.utf8.count)
            exchange.timers = ExchangeTimers(total: .milliseconds(12))
            exchange.ending = ExchangeEnding(
                cause: self.reason == nil ? .completed : .backendUnreachable,
                phase: self.reason == nil ? .done : .connect,
                reason: self.reason)
            return exchange
        }
    }

    private struct Place: Sendable {
        let name: String
        let put: @Sendable (_ name: String, _ value: String, inout Draft) -> Void
    }

    private static func json(_ draft: inout Draft, _ text: String, type: String = "application/json") {
        draft.fields.append("Content-Type: \(type)")
        draft.body = text
    }

    private static func answer(_ draft: inout Draft, _ text: String, type: String) {
        draft.answerFields.append("Content-Type: \(type)")
        draft.answer = text
    }

    private static func multipart(_ draft: inout Draft, _ head: String, _ content: String) {
        draft.fields.append("Content-Type: multipart/form-data; boundary=--b7")
        draft.body =
            "----b7\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhello\r\n"
            + "----b7\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(content)\r\n----b7--\r\n"
    }

    private static let places: [Place] = [
        Place(name: "request field") { name, value, draft in draft.fields.append("\(name): \(value)") },
        Place(name: "response field") { name, value, draft in draft.answerFields.append("\(name): \(value)") },
        Place(name: "bearer") { _, value, draft in draft.fields.append("Authorization: Bearer \(value)") },
        Place(name: "odd authorization") { _, value, draft in
            draft.fields.append("X-Forwarded-Authorization: \(value) x")
        },
        Place(name: "folded authorization") { _, value, draft in
            draft.fields.append("Authorization: Bearer\r\n \(value)")
        },
        Place(name: "subprotocol") { _, value, draft in
            draft.fields.append("Sec-WebSocket-Protocol: chat, bearer, \(value)")
        },
        Place(name: "cookie") { _, value, draft in draft.fields.append("Cookie: theme=dark; sid=\(value)") },
        Place(name: "set-cookie") { name, value, draft in
            draft.answerFields.append("Set-Cookie: \(name)=\(value); Path=/")
        },
        Place(name: "query") { name, value, draft in draft.line = "GET /a?x=1&\(name)=\(value)&y=2 HTTP/1.1" },
        Place(name: "nested query") { name, value, draft in
            draft.line = "GET /a?next=%2Fcb%3F\(name)%3D\(value)%26y%3D2 HTTP/1.1"
        },
        Place(name: "doubly nested query") { name, value, draft in
            draft.line = "GET /a?next=%252Fcb%253F\(name)%253D\(value) HTTP/1.1"
        },
        Place(name: "user information") { _, value, draft in draft.line = "GET http://bob:\(value)@h.example/a HTTP/1.1"
        },
        Place(name: "fragment of a location") { name, value, draft in
            draft.answerFields.append("Location: https://h.example/cb#\(name)=\(value)&state=1")
        },
        Place(name: "referer") { name, value, draft in
            draft.fields.append("Referer: https://h.example/p?\(name)=\(value)")
        },
        Place(name: "link") { name, value, draft in draft.answerFields.append("Link: </a?\(name)=\(value)>; rel=next")
        },
        Place(name: "refresh") { name, value, draft in draft.answerFields.append("Refresh: 0; url=/cb?\(name)=\(value)")
        },
        Place(name: "matrix parameter") { name, value, draft in draft.line = "GET /a;\(name)=\(value)/b HTTP/1.1" },
        Place(name: "JSON") { name, value, draft in Self.json(&draft, #"{"a":1,"\#(name)":"\#(value)"}"#) },
        Place(name: "JSON below a secret") { name, value, draft in
            Self.answer(&draft, #"{"a":[{"\#(name)":{"x":["\#(value)"]}}]}"#, type: "application/json")
        },
        Place(name: "JSON in JSON") { name, value, draft in
            Self.json(&draft, #"{"body":"{\"\#(name)\":\"\#(value)\"}"}"#)
        },
        Place(name: "a name and a value") { name, value, draft in
            Self.json(&draft, #"[{"name":"\#(name)","value":"\#(value)"}]"#)
        },
        Place(name: "connection string") { _, value, draft in
            Self.json(&draft, #"{"db":"postgres://app:\#(value)@db.example/x"}"#)
        },
        Place(name: "lines of JSON") { name, value, draft in
            Self.answer(&draft, "{\"a\":1}\n{\"\(name)\":[\"\(value)\"]}\n", type: "application/x-ndjson")
        },
        Place(name: "events") { name, value, draft in
            Self.answer(&draft, "event: x\ndata: {\"\(name)\":\ndata: \"\(value)\"}\n\n", type: "text/event-stream")
        },
        Place(name: "prefixed JSON") { name, value, draft in
            Self.answer(&draft, ")]}',\n{\"\(name)\":{\"x\":\"\(value)\"}}", type: "application/json")
        },
        Place(name: "form") { name, value, draft in
            Self.json(&draft, "user=bob&\(name)=\(value)&x=1", type: "application/x-www-form-urlencoded")
        },
        Place(name: "JSON in a form") { name, value, draft in
            Self.json(
                &draft, "payload=%7B%22\(name)%22%3A%5B%22\(value)%22%5D%7D", type: "application/x-www-form-urlencoded")
        },
        Place(name: "multipart field") { name, value, draft in Self.multipart(&draft, "name=\"\(name)\"", value) },
        Place(name: "file under a secret's name") { name, value, draft in
            Self.multipart(&draft, "name=\"\(name)\"; filename=\"a.txt\"", value)
        },
        Place(name: "name of a file") { name, value, draft in
            Self.multipart(&draft, "name=\"file\"; filename=\"\(name)=\(value).txt\"", "hello")
        },
        Place(name: "JSON in multipart") { name, value, draft in
            Self.multipart(
                &draft, "name=\"meta\"\r\nContent-Type: application/json", #"{"\#(name)":{"x":"\#(value)"}}"#)
        },
        Place(name: "XML") { _, value, draft in
            Self.json(&draft, "<e><w:Password Type=\"t\">\(value)</w:Password></e>", type: "text/xml")
        },
        Place(name: "text") { name, value, draft in
            Self.json(&draft, "user: bob\n\(name): \(value)\n", type: "text/plain")
        },
        Place(name: "refused head") { name, value, draft in draft.rawHead = "\u{16}\u{3}\u{1} \(name)=\(value)\r\n\r\n"
        },
        Place(name: "refused line") { name, value, draft in
            draft.rawHead = "GET /a?\(name)=\(value)\r\n\(name): \(value)\r\n\r\n"
        },
        Place(name: "method") { name, value, draft in draft.rawHead = "\(name)=\(value) /a HTTP/1.1\r\n\r\n" },
        Place(name: "web token") { _, value, draft in
            draft.fields.append("X-Info: eyJhbGciOiJIUzI1NiJ9.\(value).\(value)")
        },
        Place(name: "key of AWS") { _, value, draft in
            Self.json(&draft, #"{"note":"AKIA\#(value.uppercased().prefix(16))"}"#)
        },
        Place(name: "reason") { _, value, draft in
            draft.reason = "connect to http://bob:\(value)@127.0.0.1:9000: refused"
        },
    ]
}
