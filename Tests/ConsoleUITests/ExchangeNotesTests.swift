import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI

@Suite struct ExchangeNotesTests {
    private static func exchange(
        _ method: String, _ fields: [String], status: Int = 204, answer: [String]
    ) -> Exchange {
        var exchange = Pilot.exchange(1, method, "/api/x", status: status, fields: fields)
        exchange.responseHead = Array(
            ("HTTP/1.1 \(status) X\r\n" + answer.map { $0 + "\r\n" }.joined() + "\r\n").utf8)
        return exchange
    }

    private static let allowed = ["Access-Control-Allow-Headers: Content-Type, Authorization"]
    private static let origin = "Origin: https://app.example"
    private static let sentence = "asked for x-token, allowed: Content-Type, Authorization"

    @Test("a field that the preflight's answer does not allow is named, on the preflight and on its request")
    func refused() async {
        let preflight = Self.exchange(
            "OPTIONS", [Self.origin, "Access-Control-Request-Headers: content-type,x-token , x-token"],
            answer: Self.allowed)
        #expect(ExchangeNotes(exchange: preflight).refusedText(.english) == Self.sentence)
        let request = Self.exchange(
            "POST", [Self.origin, "x-token: 1", "Content-Type: a/b", "Sec-Fetch-Mode: cors", "User-Agent: x"],
            status: 200, answer: Self.allowed)
        #expect(ExchangeNotes(exchange: request).refusedText(.english) == Self.sentence)
        for exchange in [preflight, request] {
            for size in [(160, 45), (80, 24)] {
                var model = Pilot.model(
                    columns: size.0, rows: size.1, screen: .traffic, exchanges: [exchange])
                #expect(model.picture.contains("asked for x-token"))
                await model.send(.enter)
                #expect(model.picture.contains(Self.sentence))
            }
        }
    }

    @Test(
        "what is allowed, or nobody's question, is not",
        arguments: [
            (["Origin: https://a", "Access-Control-Request-Headers: AUTHORIZATION"], true),
            (["Origin: https://a"], true), (["Access-Control-Request-Headers: x-token"], true),
            (["Origin: http://127.0.0.1:8787", "x-token: 1"], false), (["x-token: 1"], false),
            (["Origin: null", "Accept: x", "Range: bytes=0-"], false),
        ])
    func fine(fields: [String], isPreflight: Bool) {
        let exchange = Self.exchange(isPreflight ? "OPTIONS" : "GET", fields, answer: Self.allowed)
        #expect(ExchangeNotes(exchange: exchange).refusedText(.english) == nil)
    }

    @Test("a star allows every field but Authorization, and an answer without a list none")
    func star() {
        let fields = [Self.origin, "Access-Control-Request-Headers: authorization, x-token"]
        let star = Self.exchange("OPTIONS", fields, answer: ["Access-Control-Allow-Headers: *"])
        #expect(ExchangeNotes(exchange: star).refusedText(.english) == "asked for authorization, allowed: *")
        let none = Self.exchange("OPTIONS", fields, answer: [])
        #expect(
            ExchangeNotes(exchange: none).refusedText(.english) == "asked for authorization, x-token, allowed: none")
    }

    @Test("a redirect to the backend itself has a flag on its row and a sentence in its detail")
    func redirect() async {
        for (location, isOwn) in [("http://127.0.0.1:9001/login", true), ("/login", false), ("http://b/", false)] {
            let exchange = Self.exchange("GET", [], status: 302, answer: ["Location: \(location)"])
            var model = Pilot.model(columns: 160, rows: 45, screen: .traffic, exchanges: [exchange])
            let row = model.picture.split(separator: "\n").first { $0.contains("/api/x") && $0.contains("blue") }
            #expect(row?.contains(GlyphSet.unicode.glyphs.warning) == isOwn, "\(location)")
            await model.send(.enter)
            #expect(model.picture.contains("bypasses the proxy") == isOwn, "\(location)")
        }
    }
}
