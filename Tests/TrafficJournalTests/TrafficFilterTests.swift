import Foundation
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@Suite("TrafficFilter")
struct TrafficFilterTests {
    private static let upload = Sample.exchange(
        12_405, "POST /api/upload?kind=avatar HTTP/1.1",
        fields: ["Host: localhost", "Origin: https://app.example.com", "Authorization: Bearer x"], at: 1_000,
        route: .backend("blue"), status: 502, answerFields: ["Content-Type: application/json"],
        summary: Sample.summary(
            ExchangeEnding(cause: .backendTimeout, phase: .responseHead), total: .milliseconds(312),
            request: "Name=Zhang San 张三", response: #"{"error": "Timeout"}"#), retries: 1)
    private static let preflight = Sample.exchange(
        7, "OPTIONS /api/%E7%AE%80%E5%8E%86 HTTP/1.1", at: 1_290, route: .preflight, status: 204,
        summary: Sample.summary(total: .microseconds(40)))
    private static let inFlight = Sample.exchange(
        9, "GET /slow HTTP/1.1", at: 1_299, route: .backend("green"), status: nil, summary: nil)
    private static let now = WallTime(nanosecondsSinceEpoch: 1_300_000_000_000)

    @Test(
        "a filter selects what it says",
        arguments: [
            // The letters name who passes: u upload, p preflight, f in flight.
            ("", "upf"), ("  ", "upf"), ("upload", "u"), ("AVATAR", "u"), ("timeout", "u"), ("张三", "u"),
            ("\"Zhang San\"", "u"), ("nothing", ""), ("path:/api", "up"), ("path:简历", "p"), ("path:%e7%ae", "p"),
            ("m:post", "u"), ("m:GET,OPTIONS", "pf"), ("st:502", "u"), ("st:5xx", "u"), ("st:204,5xx", "up"),
            ("st:none", "f"), ("st>=300", "u"), ("st:>=300", "u"), ("st<300", "p"), ("st!=502", "p"),
            ("st:200-299", "p"), ("dur>200ms", "uf"), ("dur<=0.04ms", "p"), ("dur>0.9s", "f"), ("dur>=1s", "f"),
            ("size>10", "u"), ("size>1kB", ""), ("size<=20B", "upf"), ("up>=1", "u"), ("tgt:BLUE", "u"),
            ("tgt:none", "p"), ("tgt:blu", ""), ("h:origin~example", "u"), ("h:ORIGIN", "u"), ("h:orig", ""),
            ("h:content-type=application/json", "u"), ("hq:content-type", ""), ("hs:content-type~JSON", "u"),
            ("body~\"zhang san\"", "u"), ("bq~timeout", ""), ("bs:timeout", "u"), ("since:30s", "pf"),
            ("since:1d", "upf"), ("flag:error", "u"), ("flag:proxy", "u"), ("!flag:proxy", "pf"),
            ("flag:preflight", "p"), ("preflight", "p"),
            ("!preflight", "uf"), ("flag:retried", "u"), ("flag:inflight", "f"), ("flag:timeout", "u"),
            ("flag:reused", "f"), ("flag:upload", "u"), ("#12405", "u"), ("id:#7", "p"), ("id>8 & id<100", "f"),
            ("from:127.0.0.1", "upf"), ("st:5xx | preflight", "up"), ("st:5xx || preflight", "up"),
            ("path:/api & !preflight & (st>=400 | dur>200ms) & tgt:blue & m:POST & h:origin~example", "u"),
            ("path:/api m:POST", "u"), ("path:/api && m:POST", "u"), ("m:GET | m:POST & st:204", "f"),
            ("!(m:GET | m:POST)", "p"), ("!!m:GET", "f"), ("（m：GET ｜ m：POST）＆！st：none", "u"), ("“Zhang San”", "u"),
            ("kind=avatar", "u"), ("\"a\\\"b\"", ""), ("12:30", ""),
        ])
    func matching(text: String, expected: String) throws {
        let filter = try TrafficFilter(parsing: text)
        var passed = ""
        if filter.matches(Self.upload, now: Self.now) { passed += "u" }
        if filter.matches(Self.preflight, now: Self.now) { passed += "p" }
        if filter.matches(Self.inFlight, now: Self.now) { passed += "f" }
        #expect(passed == expected)
        #expect(filter.text == text && filter.isEmpty == text.allSatisfy(\.isWhitespace))
    }

    @Test("an empty filter passes everything")
    func empty() {
        #expect(TrafficFilter().matches(Self.upload, now: Self.now) && TrafficFilter().isEmpty)
    }

    @Test(
        "a filter that is not valid says where and what to write",
        arguments: [
            ("st:", 3, "st:5xx"), ("st:abc", 3, "st:5xx"), ("st>=4xx", 4, "st>=400"), ("st>", 3, "st>=400"),
            ("dur>200", 4, "unit"), ("dur>ms", 4, "dur>200ms"), ("size>1XB", 5, "size>1MB"),
            ("path:", 5, "path:/api"), ("path>3", 4, "path:/api"), ("foo:bar", 0, "quotes"), ("wrote:X", 0, "path, m"),
            ("flag:nope", 5, "preflight, error"), ("(st:5xx", 0, "never closed"), ("st:5xx)", 6, "unmatched )"),
            ("\"abc", 0, "never closed"), ("a & ", 4, "missing"), ("a | | ", 4, "missing"), ("a | ", 4, "missing"),
            ("& a", 0, "missing"),
            ("!", 1, "missing"), ("()", 1, "missing"), ("id:x", 3, "id:12405"),
            ("id:99999999999999999999", 3, "number"),
            ("h:", 2, "name of a field"), ("h:a~", 4, "text is missing"), ("since>5m", 5, "since:5m"),
        ])
    func problems(text: String, offset: Int, part: String) {
        let error = #expect(throws: TrafficFilterError.self) { try TrafficFilter(parsing: text) }
        #expect(error?.offset == offset && error?.problem.contains(part) == true, "\(String(describing: error))")
    }

    @Test("length and depth are bounded")
    func bounds() throws {
        #expect(throws: TrafficFilterError.self) { try TrafficFilter(parsing: String(repeating: "a", count: 2_001)) }
        #expect(throws: TrafficFilterError.self) { try TrafficFilter(parsing: String(repeating: "(", count: 2_000)) }
        #expect(throws: TrafficFilterError.self) {
            try TrafficFilter(parsing: String(repeating: "!", count: 1_999) + "a")
        }
        let deep = String(repeating: "(", count: 64) + "slow" + String(repeating: ")", count: 64)
        #expect(try TrafficFilter(parsing: deep).matches(Self.inFlight, now: Self.now))
    }

    @Test("whatever is typed is read or refused", arguments: 0..<300 as Range<UInt64>)
    func anyText(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "st", "dur", "size", "h", "m", "path", "id", "since", "flag", "body", ":", "~", ">", "=", "!=", "<=", "(",
            ")", "!",
            "&", "|", "\"", "\\", " ", "5xx", "500", "1e9", "0.5.5", "99999999999999999999", "s", "MB", "张", "\u{0}",
            "-", "#",
            ",", "error", "none", "👩‍💻", "“",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 1..<20, using: &generator) { text += parts.randomElement(using: &generator) ?? "" }
        do {
            _ = try TrafficFilter(parsing: text).matches(Self.upload, now: Self.now)
        } catch {
            #expect((0...text.count).contains(error.offset) && !error.problem.isEmpty, "\(text)")
        }
    }

    @Test("every example of the reference page is read")
    func referencePage() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/reference/filter-language.md")
        let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
        var examples = 0
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cell = line.dropFirst(3).prefix { $0 != "`" }.replacing("\\|", with: "|")
            #expect(throws: Never.self, "\(cell)") { try TrafficFilter(parsing: String(cell)) }
            examples += 1
        }
        #expect(examples > 40)
    }
}
