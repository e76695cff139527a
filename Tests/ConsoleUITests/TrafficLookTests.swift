import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import Widgets
import WorkerDomain

@testable import ConsoleUI

/// How traffic looks, and that drawing changes nothing.
@Suite("look of traffic", .timeLimit(.minutes(2)))
struct TrafficLookTests {

    @Test("drawing the traffic twice gives the same twice and leaves the screen as it is", arguments: DrawnTwice.sizes)
    func traffic(columns: Int, rows: Int) async throws {
        var model = Pilot.model(columns: columns, rows: rows, screen: .traffic)
        for keys in ["", "k", "/x", "\u{1B}"] {
            for key in keys { _ = model.take(TerminalEvent.key(key == "\u{1B}" ? .escape : .character(key))) }
            DrawnTwice.isAlike(
                try #require(model.screen as? TrafficScreen), model.world, columns: columns, rows: rows)
        }
        _ = model.perform(.filter(""))
        await model.send(.enter)
        for _ in 0..<3 {
            DrawnTwice.isAlike(
                try #require(model.screen as? TrafficScreen), model.world, columns: columns, rows: rows)
            await model.send(.tab)
        }
    }

    // MARK: Rows

    @Test("rows show decoded paths and are cut at the end; the raw target stands in the detail, filter and copy")
    func paths() async throws {
        let raw = "/api/resumes?city=%E4%B8%8A%E6%B5%B7&page=14"
        let long = "/long/" + String(repeating: "segment/", count: 40) + "end"
        for (columns, rows) in [(80, 24), (160, 45)] {
            var model = Pilot.model(
                columns: columns, rows: rows, screen: .traffic,
                exchanges: [Pilot.exchange(1, "GET", long), Pilot.exchange(2, "GET", raw)])
            let list = model.draw().lines.map { String($0.prefix(columns == 160 ? 94 : 80)) }
            let row = try #require(list.first { $0.contains("GET") && $0.contains("/long/") })
            #expect(row.contains("…") && !row.contains("end"))
            #expect(list.contains { $0.contains("city=上海&page=14") } && !list.contains { $0.contains("%E4%B8") })
            await model.send(.enter)
            if columns == 80 { await model.send(.backTab) }
            let picture = model.draw().lines.joined(separator: "\n")
            #expect(picture.contains("city=上海&page=14") && picture.contains(raw))
            var copied = ""
            for case .copy(let text) in model.press("y") { copied = text.text }
            #expect(copied.contains(raw))
        }
        var model = Pilot.model(screen: .traffic, exchanges: [Pilot.exchange(2, "GET", raw)])
        _ = model.perform(.filter("path:%E4%B8%8A"))
        #expect((model.screen as? TrafficScreen)?.rows.count(in: model.world) == 1)
    }

    @Test("the selected row keeps the roles of what it shows; without colours it is reversed")
    func selection() async throws {
        var model = Pilot.model(
            screen: .traffic, exchanges: [Pilot.exchange(1, "GET", "/bad", status: 500), Pilot.exchange(2)])
        await model.send("k")
        let canvas = model.draw()
        let row = try #require(canvas.lines.firstIndex { $0.contains("/bad") })
        let cells = (0..<79).map { canvas[row, $0] }
        #expect(cells.allSatisfy { $0.isSelected })
        #expect(cells[0].text == "▌")
        #expect(cells.contains { $0.role == .failure } && cells.contains { $0.role == .dim })
        #expect(!cells.contains { $0.role == .selected })
        let others = (0..<canvas.size.rows).filter { $0 != row }
        #expect(!others.contains { row in (0..<80).contains { canvas[row, $0].isSelected } })
        _ = model.perform(.theme("mono"))
        let mono = model.draw()
        #expect((0..<79).allSatisfy { mono[row, $0].role == .selected && !mono[row, $0].isSelected })
    }

    @Test("rows that are kept are those that would be laid out anew")
    func memory() async {
        var model = Pilot.model(columns: 160, rows: 45, screen: .traffic)
        func fresh() -> Canvas {
            var other = Pilot.model(columns: 160, rows: 45, screen: .traffic)
            other.world = model.world
            other.glyphs = model.glyphs
            return other.draw()
        }
        for _ in 0..<2 { #expect(model.draw().lines == fresh().lines) }
        model.world.language = .simplifiedChinese
        #expect(model.draw().lines == fresh().lines)
        model.world.secondsFromUTC = 3_600
        #expect(model.draw().lines == fresh().lines)
        model.glyphs = .ascii
        #expect(model.draw().lines == fresh().lines)
        let url = model.world.backends.backends[0].backend.url
        model.world.backends.backends[0] = BackendStatus(backend: Backend(name: "a-longer-name", url: url))
        #expect(model.draw().lines == fresh().lines)
        await model.send(" ")
        #expect(model.draw().cells.contains { $0.text == "@" } || model.draw().cells.contains { $0.text == ">" })
    }

    // MARK: Detail

    @Test("a wide detail shows request and response beside each other below the timing; nothing of the split view goes")
    func sides() async throws {
        var model = Pilot.model(columns: 160, rows: 45, screen: .traffic)
        await model.send("/")
        await model.send("path:upload")
        await model.send(.enter)
        let split = model.draw().lines[3..<42]
        let facts = split.flatMap { line in
            line.dropFirst(96).split(separator: "│").flatMap { $0.split(separator: "  ").map { $0.drop { $0 == " " } } }
        }.map(String.init).filter { !$0.contains("─") && !$0.contains("█") && $0.contains { $0.isLetter } }
        await model.send(.enter)
        let canvas = model.draw()
        let open = canvas.lines.joined(separator: "\n")
        #expect(facts.count > 15)
        for fact in facts where !["Request", "Response"].contains(fact) {
            // What the split view cut, the detail shows at least as much of.
            let wanted = fact.trimming
            #expect(open.contains(wanted.hasSuffix("…") ? String(wanted.dropLast()) : wanted), "\(fact)")
        }
        let request = try #require(canvas.lines.firstIndex { $0.contains(" Request ") && $0.contains(" Response ") })
        let timing = try #require(canvas.lines.firstIndex { $0.contains(" Timing ") })
        #expect(timing < request)
        // Keys go to the response, Tab and a click to the other side.
        func focus() -> String? { model.draw().lines[request].isEmpty ? nil : self.focused(model.draw(), row: request) }
        #expect(focus() == "Response")
        await model.send(.tab)
        #expect(focus() == "Request")
        _ = model.take(.mouse(MouseEvent(.press, row: request + 3, column: 120)))
        #expect(focus() == "Response")
        #expect(model.picture.contains("request/response"))
    }

    private func focused(_ canvas: Canvas, row: Int) -> String {
        (0..<canvas.size.columns).filter { canvas[row, $0].role == .selected }.map { canvas[row, $0].text }.joined()
            .trimming
    }

    @Test("long sides scroll on their own")
    func scrolling() async {
        let answer = "{" + (1...200).map { "\"field\($0)\":\($0)" }.joined(separator: ",") + "}"
        var model = Pilot.model(
            columns: 160, rows: 45, screen: .traffic,
            exchanges: [Pilot.exchange(1, fields: (1...60).map { "x-\($0): v" }, answer: answer)])
        await model.send(.enter)
        #expect(model.draw().lines.joined().contains("x-1 "))
        await model.send("G")
        let end = model.draw().lines.joined()
        #expect(end.contains("\"field200\": 200") && end.contains("x-1 "))
        await model.send(.tab)
        await model.send("G")
        #expect(model.draw().lines.joined().contains("x-60"))
        await model.send("g")
        #expect(model.draw().lines.joined().contains("GET /api/projects HTTP/1.1"))
    }

    @Test("phases are told in words, and the help says what the letters of HAProxy are")
    func words() async {
        var model = Pilot.model(screen: .traffic, exchanges: [Pilot.exchange(1)])
        #expect(model.picture.contains("head 0.2 ms") && model.picture.contains("wait 58 ms"))
        #expect(!model.picture.contains("Tr ") && !model.picture.contains("TR "))
        for phrase in TrafficText.legend {
            #expect(!phrase.meaning(.english).isEmpty && phrase.meaning(.english) != phrase.meaning(.simplifiedChinese))
        }
        let marks = Set(TrafficText.legend.map(\.mark))
        for mark in ["⚑", "⚿", "↺", "⧗", "✂", "◆", "TR", "Tw", "Tc", "Tr", "Td", "Ta"] {
            #expect(marks.contains(mark), "\(mark)")
        }
        await model.send(.enter)
        #expect(model.picture.contains("head 0.2 ms"))
    }
}

extension StringProtocol {
    fileprivate var trimming: String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
