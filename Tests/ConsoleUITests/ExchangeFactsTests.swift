import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

/// Heads are worked out once for each exchange, not for each frame.
@Suite("facts of the rows", .timeLimit(.minutes(2)))
struct ExchangeFactsTests {
    private static func hostile(_ id: UInt64, isInFlight: Bool = false) -> Exchange {
        var exchange = Pilot.exchange(
            id, "GET", "/x\(id)", fields: ["Origin: http://evil.example"] + (0..<900).map { "x-\($0): v" },
            isInFlight: isInFlight)
        let allowed = (0..<3_000).map { "h\($0)" }.joined(separator: ",")
        exchange.responseHead = Array("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Headers: \(allowed)\r\n\r\n".utf8)
        return exchange
    }

    private func made(_ model: ConsoleModel) throws -> Int {
        try #require(model.screen as? TrafficScreen).facts.made
    }

    @Test("a frame works out what is new to it, and the next one nothing", arguments: [(80, 24), (160, 45), (200, 60)])
    func once(columns: Int, rows: Int) throws {
        let exchanges = (1...100).map { Self.hostile(UInt64($0)) }
        var model = Pilot.model(columns: columns, rows: rows, screen: .traffic, exchanges: exchanges)
        let first = model.picture
        let before = try self.made(model)
        #expect(before > 0 && before <= rows + 1)
        for _ in 0..<10 { #expect(model.picture == first) }
        #expect(try self.made(model) == before)
        // One row more comes into the window, and one is previewed.
        for _ in 0..<5 { _ = model.press("k") }
        _ = model.picture
        #expect(try self.made(model) <= before + 6)
        #expect(first.contains("asked for x-0, x-1") || columns < 160)
    }

    @Test("what has changed is worked out again, and nothing else")
    func changes() throws {
        var model = Pilot.model(
            columns: 160, rows: 45, screen: .traffic,
            exchanges: [Self.hostile(1), Self.hostile(2, isInFlight: true)])
        #expect(model.picture.contains("/x2"))
        let before = try self.made(model)
        var changed = Self.hostile(2)
        changed.requestHead = Array("GET /other HTTP/1.1\r\n\r\n".utf8)
        var delta = Pilot.delta([changed])
        delta = JournalDelta(
            changed: [changed], isComplete: false, oldest: ExchangeID(rawValue: 1), statistics: delta.statistics,
            cursor: delta.cursor)
        _ = model.take(delta)
        let picture = model.picture
        #expect(picture.contains("/other") && !picture.contains("/x2"))
        #expect(try self.made(model) == before + 2)
        _ = model.press("*")
        _ = model.picture
        #expect(try self.made(model) == before + 5)
    }

    @Test("a sentence names so many fields, and says how many more there are")
    func bounded() throws {
        let text = try #require(ExchangeNotes(exchange: Self.hostile(1)).refusedText(.english))
        #expect(text.utf8.count < 1_000)
        #expect(text.contains("x-19, … (+880), allowed: h0") && text.hasSuffix("h19, … (+2980)"))
    }
}
