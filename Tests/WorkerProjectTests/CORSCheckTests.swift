import Testing
import WorkerDomain

@testable import WorkerProject

@Suite("CORS of recorded traffic")
struct CORSCheckTests {
    private static func exchange(
        _ request: String, _ response: String, id: UInt64 = 1, origin: String? = "https://a.example"
    ) -> Exchange {
        let head = request.replacing("\n", with: "\r\n")
        let field = origin.map { "\r\nOrigin: \($0)" } ?? ""
        let line = head.split(separator: "\r\n", maxSplits: 1).map(String.init)
        var exchange = Exchange(
            id: ExchangeID(rawValue: id), startedAt: WallTime(nanosecondsSinceEpoch: 0), downstream: "127.0.0.1:1",
            requestHead: Array("\(line[0])\(field)\(line.count > 1 ? "\r\n" + line[1] : "")\r\n\r\n".utf8))
        exchange.status = Int(response.split(separator: " ")[1])
        exchange.responseHead = Array((response.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8)
        return exchange
    }

    @Test(
        "each fault of an exchange has its kind",
        arguments: [
            ("GET /a HTTP/1.1", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *", []),
            ("GET /a HTTP/1.1", "HTTP/1.1 200 OK", ["missing"]),
            ("GET /a HTTP/1.1", "HTTP/1.1 500 Internal Server Error", ["missing"]),
            ("GET /a HTTP/1.1", "HTTP/1.1 502 Bad Gateway\naccess-control-allow-origin: *", []),
            (
                "GET /a HTTP/1.1",
                "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true",
                ["credentials"]
            ),
            ("GET /a HTTP/1.1", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://a.example", ["vary"]),
            (
                "GET /a HTTP/1.1",
                "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://a.example\nVary: Accept, origin", []
            ),
            (
                "GET /a HTTP/1.1", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://b.example\nVary: Origin",
                ["origin"]
            ),
            (
                "GET /a HTTP/1.1", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Origin: *",
                ["several"]
            ),
            ("GET /a HTTP/1.1", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://a.example, *", ["several"]),
            (
                "OPTIONS /a HTTP/1.1\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: content-type, x-a",
                "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: GET, PUT\nAccess-Control-Allow-Headers: Content-Type, X-A\nAccess-Control-Max-Age: 600",
                []
            ),
            (
                "OPTIONS /a HTTP/1.1\nAccess-Control-Request-Method: PUT",
                "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: *\nAccess-Control-Max-Age: 600", ["method"]
            ),
            (
                "OPTIONS /a HTTP/1.1\nAccess-Control-Request-Method: POST\nAccess-Control-Request-Headers: authorization, x-a",
                "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Headers: *\nAccess-Control-Max-Age: 600",
                ["header"]
            ),
            (
                "OPTIONS /a HTTP/1.1\nAccess-Control-Request-Method: DELETE\nAccess-Control-Request-Headers: x-a",
                "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: https://a.example\nVary: Origin\nAccess-Control-Allow-Credentials: true\nAccess-Control-Allow-Methods: *\nAccess-Control-Allow-Headers: *\nAccess-Control-Max-Age: 600",
                ["method", "header"]
            ),
            (
                "OPTIONS /a HTTP/1.1\nAccess-Control-Request-Method: GET",
                "HTTP/1.1 404 Not Found\nAccess-Control-Allow-Origin: *", ["status", "age"]
            ),
            ("OPTIONS /a HTTP/1.1\nAccess-Control-Request-Method: GET", "HTTP/1.1 204 No Content", ["preflight"]),
            (
                "OPTIONS /a HTTP/1.1\nAccess-Control-Request-Method: GET",
                "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: *\nAccess-Control-Max-Age: 0", ["age"]
            ),
            ("OPTIONS /a HTTP/1.1", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *", []),
        ])
    func kinds(request: String, response: String, kinds: [String]) {
        let findings = CORSRules.findings(of: Self.exchange(request, response))
        #expect(findings.map(\.kind) == kinds, "\(findings)")
        #expect(CORSRules.findings(of: Self.exchange(request, response, origin: nil)).isEmpty)
        for finding in findings { #expect(Sentences.chinese(finding.words) != nil, "\(finding.words)") }
    }

    private func result(_ exchanges: [Exchange]?) async -> CheckResult {
        var context = CheckContext(folder: "/nowhere")
        if let exchanges { context.exchanges = { exchanges } }
        return await CORSCheck().run(context)[0]
    }

    @Test("a finding names its exchange; what a browser refuses comes first")
    func check() async {
        let good = "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *"
        let result = await self.result([
            Self.exchange("GET /ok HTTP/1.1", good, id: 1),
            Self.exchange("POST /api/x?q=1 HTTP/1.1", "HTTP/1.1 500 Error", id: 7),
            Self.exchange("GET /a HTTP/1.1", "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://a.example", id: 9),
        ])
        #expect(result.outcome == .warn && result.exchange == ExchangeID(rawValue: 7), "\(result)")
        #expect(result.evidence.contains("#7 POST /api/x 500: the response has no Access-Control-Allow-Origin"))
        #expect(result.chinese?.summary != nil && result.chinese?.fix != nil && result.chinese?.rule != nil)
        #expect(await self.result([Self.exchange("GET /ok HTTP/1.1", good)]).outcome == .pass)
        #expect(await self.result([Self.exchange("GET /ok HTTP/1.1", good, origin: nil)]).outcome == .skip)
        #expect(await self.result(nil).outcome == .skip)
        #expect(await self.result([]).outcome == .skip)
    }
}
