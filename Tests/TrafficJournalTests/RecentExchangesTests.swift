import Testing
import WorkerDomain

@testable import TrafficJournal

@Suite("Routes of request lines")
struct RecentExchangesTests {
    private static let now = WallTime(millisecondsSinceEpoch: 1_763_812_871_000)

    private static func list(_ heads: [[UInt8]]) -> TrafficList {
        let exchanges = heads.enumerated().map { index, head in
            Exchange(
                id: ExchangeID(rawValue: UInt64(index + 1)), startedAt: Self.now, downstream: "127.0.0.1:1",
                requestHead: head)
        }
        var list = TrafficList()
        list.apply(
            JournalDelta(
                changed: exchanges, isComplete: true, oldest: ExchangeID(rawValue: 1), statistics: TrafficStatistics(),
                cursor: JournalCursor(version: 1)))
        return list
    }

    private static func pattern(of target: [UInt8]) -> [UInt8] {
        var pattern: [UInt8] = []
        RoutePattern.append(pathOf: target.span, to: &pattern)
        return pattern
    }

    @Test(
        "segments that name one thing are :id, others stay as they are",
        arguments: [
            ("/api/0a1b2c3d/x/12/v1", "/api/:id/x/:id/v1"), ("", ""), ("/", "/"), ("/7", "/:id"), ("/7/", "/:id/"),
            ("//7//", "//:id//"), ("/a?b=/7/8", "/a"), ("?7", ""), ("/deadbeef", "/deadbeef"),
            ("/dead-beef-1", "/:id"), ("/dead1", "/dead1"), ("/--------", "/--------"),
            ("/上海/12", "/上海/:id"), ("*", "*"), ("12", ":id"), ("/a/:id", "/a/:id"),
        ])
    func patterns(target: String, pattern: String) {
        #expect(String(decoding: Self.pattern(of: Array(target.utf8)), as: UTF8.self) == pattern)
    }

    @Test("a long path is cut between two characters", arguments: [509, 510, 511, 512, 513])
    func longPaths(count: Int) {
        let pattern = Self.pattern(of: Array((String(repeating: "/", count: count) + "海海").utf8))
        #expect(String(validating: pattern, as: UTF8.self) != nil)
        #expect(pattern.count <= 512 && pattern.count > 508)
    }

    @Test("routes that read alike are one, others are told apart by their bytes; what is no request line is no route")
    func bytes() {
        let heads: [[UInt8]] = [
            Array("GET /caf\u{E9} HTTP/1.1\r\n\r\n".utf8), Array("GET /cafe\u{301} HTTP/1.1\r\n\r\n".utf8),
            Array("GET /caf\u{E9}?a HTTP/1.1\r\n\r\n".utf8), Array("GET /x".utf8), Array(" /x HTTP/1.1\r\n\r\n".utf8),
            Array("GET /caf".utf8) + [0xE9] + Array(" HTTP/1.1\r\n\r\n".utf8),
            Array("GET /".utf8) + [0xFF] + Array(" HTTP/1.1\r\n\r\n".utf8), [],
        ]
        let recent = RecentExchanges(of: Self.list(heads), now: Self.now) { _, _ in "blue" }
        #expect(recent.count == heads.count)
        let found = recent.routes.map { "\($0.requests) \($0.owner) \($0.method) \($0.path)" }
        #expect(
            found.map { Array($0.utf8) }
                == ["1 blue GET /\u{FF}", "3 blue GET /caf\u{E9}", "1 blue GET /cafe\u{301}"].map { Array($0.utf8) })
    }

    @Test("of one owner's routes nothing counts for another's, and the same route is one for each")
    func owners() {
        let heads = (1...4).map { Array("GET /a/\($0) HTTP/1.1\r\n\r\n".utf8) }
        let recent = RecentExchanges(of: Self.list(heads), now: Self.now) { exchange, _ in
            exchange.id.rawValue == 4 ? nil : exchange.id.rawValue == 3 ? "green" : "blue"
        }
        #expect(recent.routes.map { "\($0.owner) \($0.requests)" } == ["green 1", "blue 2"])
    }
}
