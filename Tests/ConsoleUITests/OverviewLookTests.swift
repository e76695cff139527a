import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import Widgets
import WorkerDomain

@testable import ConsoleUI

/// How the overview and the frame look, and that drawing changes nothing.
@Suite("look of the overview", .timeLimit(.minutes(2)))
struct OverviewLookTests {
    @Test("drawing the overview twice gives the same twice and leaves the screen as it is", arguments: DrawnTwice.sizes)
    func overview(columns: Int, rows: Int) throws {
        var model = Pilot.model(columns: columns, rows: rows)
        for key in ["", "j", "o"] {
            _ = model.press(key)
            DrawnTwice.isAlike(
                try #require(model.screen as? OverviewScreen), model.world, columns: columns, rows: rows)
        }
    }

    @Test("Enter on a failure opens that exchange, whatever filter there is; one that has gone is looked for by filter")
    func opens() {
        var model = Pilot.model(
            exchanges: [
                Pilot.exchange(7, "GET", "/api/error/9", status: 500), Pilot.exchange(8, "GET", "/x", status: 500),
            ])
        _ = model.tick(now: Pilot.now)
        _ = model.perform(.filter("path:nothing"))
        _ = model.perform(.show(.overview))
        let overview = model.screen as? OverviewScreen
        let row = overview?.items.firstIndex { $0.text.contains("/api/error/9") } ?? -1
        for _ in 0..<max(0, row) { _ = model.press("j") }
        let before = model
        _ = model.press(.enter)
        #expect(model.current == .traffic)
        #expect((model.screen as? TrafficScreen)?.detail?.exchange.id.rawValue == 7)
        #expect((model.screen as? TrafficScreen)?.rows.filter.isEmpty == true)
        var gone = before
        gone.world.traffic = TrafficList()
        _ = gone.press(.enter)
        #expect(gone.current == .traffic)
        #expect((gone.screen as? TrafficScreen)?.detail == nil)
        #expect((gone.screen as? TrafficScreen)?.rows.filter.text == "st:500")
        #expect(gone.notice != nil)
    }

    @Test("a console that starts on another screen does not look through the exchanges for this one, until it is shown")
    func unseen() throws {
        var model = Pilot.model(screen: .traffic)
        _ = model.tick(now: Pilot.now)
        _ = model.take(Pilot.delta([Pilot.exchange(9, "GET", "/x", status: 500)]))
        _ = model.tick(now: Pilot.now)
        func overview() throws -> OverviewScreen {
            try #require(model.screens.lazy.compactMap { $0 as? OverviewScreen }.first)
        }
        #expect(try overview().digest.count == 0 && overview().items.isEmpty)
        _ = model.perform(.show(.overview))
        #expect(try overview().digest.count > 0 && !overview().items.isEmpty)
    }

    @Test("graphs do not touch each other and the mix has no holes", arguments: DrawnTwice.sizes.filter { $0.0 >= 80 })
    func apart(columns: Int, rows: Int) throws {
        let canvas = Pilot.model(columns: columns, rows: rows).drawn
        let bars = Set(GlyphSet.unicode.glyphs.spark + GlyphSet.unicode.glyphs.shades)
        let mix = try #require(canvas.lines.firstIndex { $0.contains("│ mix ") })
        let end = try #require(canvas.lines[mix].dropFirst().firstIndex(of: "│"))
        let width = canvas.lines[mix].distance(from: canvas.lines[mix].startIndex, to: end)
        let cells = (6..<width).map { canvas[mix, $0].text }.filter { $0 != " " }
        #expect(cells.allSatisfy { GlyphSet.unicode.glyphs.shades.contains($0) } && cells.count > 20)
        for column in 6..<width where bars.contains(canvas[mix - 1, column].text) {
            #expect(canvas[mix - 1, column + 1].text == " ")
        }
        let labels = ["req/s", "p95 ", "fail"].compactMap { name in
            canvas.lines.firstIndex { $0.hasPrefix("│ \(name)") }
        }
        #expect(labels.count >= 2)
        // A full block in the top line of a graph would touch what is above.
        for row in labels { #expect(!(8..<width - 14).contains { canvas[row, $0].text == "█" }, "\(row)") }
    }

    @Test(
        "a wide overview tells routes with percentiles, clients, load of each backend and events",
        arguments: [160, 300])
    func wide(columns: Int) {
        let exchanges = (1...9).map { Pilot.exchange(UInt64($0), "GET", "/api/\($0 % 3)x", at: -5) }
        let rows = columns == 160 ? 45 : 100
        let lines = Pilot.model(columns: columns, rows: rows, exchanges: exchanges).drawn.lines
        let picture = lines.joined(separator: "\n")
        for text in ["P50", "P95", "P99", "CLIENT", "127.0.0.1 ", "Requests per backend", "Switches, probes, checks"] {
            #expect(picture.contains(text), "\(text)")
        }
        // Lists are as high as what they hold.
        for title in ["Routes · 5 min", "Clients · 5 min"] {
            let top = lines.firstIndex { $0.contains(title) } ?? 0
            let bottom = lines[(top + 1)...].firstIndex { $0.suffix(2).contains("╯") } ?? 0
            let empty = lines[(top + 1)..<bottom].filter { line in
                line.suffix(40).dropLast().allSatisfy { $0 == " " || $0 == "│" }
            }
            #expect(empty.count <= 2, "\(title)")
        }
    }

    @Test("in a high window graphs keep a bound, and every route, client and change that there is has a line")
    func high() {
        let exchanges = (1...120).map { number in
            var exchange = Pilot.exchange(UInt64(number), "GET", "/api/route-\(number % 30)x", at: -5)
            exchange.downstream = "10.0.0.\(number % 12):50000"
            return exchange
        }
        var model = Pilot.model(columns: 300, rows: 100, exchanges: exchanges, catalog: Pilot.only(.overview))
        for number in 1...9 {
            model.world.backends.switches.append(
                BackendSwitch(from: "blue", to: "green", at: Pilot.time(Double(number) - 60), by: "user\(number)"))
        }
        let canvas = model.drawn
        #expect(goldenMismatch(canvas, "overview-en-300x100") == nil)
        let lines = canvas.lines
        let picture = lines.joined(separator: "\n")
        for number in 0..<30 { #expect(picture.contains("/api/route-\(number)x")) }
        for number in 0..<12 { #expect(picture.contains("10.0.0.\(number) ")) }
        for number in 1...9 { #expect(picture.contains("by user\(number)")) }
        for (title, most) in [("Traffic · last 60 s", 29), ("Requests per backend", 19)] {
            let top = lines.firstIndex { $0.contains(title) } ?? 0
            let start = lines[top].firstRange(of: title)?.lowerBound ?? lines[top].startIndex
            let edge = lines[top].distance(from: lines[top].startIndex, to: start) - 3
            let bottom = (top..<100).first { canvas[$0, edge].text == "╰" } ?? 100
            #expect(bottom - top + 1 <= most, "\(title): \(bottom - top + 1) rows")
        }
    }

    @Test("panes of a wide overview fill no more than their area and do not overlap, whatever there is to show")
    func places() {
        for (columns, rows) in [(120, 12), (120, 26), (139, 41), (160, 41), (300, 96)] {
            for count in [0, 1, 7, 40, 400] {
                let area = Rect(row: 2, column: 0, rows: rows, columns: columns)
                let places = OverviewPlaces(
                    area,
                    OverviewPlaces.Wanted(
                        bindings: count, backends: count, attention: count, routes: count, clients: count,
                        changes: count))
                let all =
                    [
                        places.worker, places.bindings, places.backends, places.traffic, places.attention,
                        places.routes, places.clients, places.changes,
                    ] + [places.loads].compactMap(\.self)
                for (index, one) in all.enumerated() {
                    #expect(one.row >= area.row && one.endRow <= area.endRow && one.endColumn <= area.endColumn)
                    for other in all.dropFirst(index + 1) where !one.isEmpty && !other.isEmpty {
                        let apart =
                            one.endRow <= other.row || other.endRow <= one.row || one.endColumn <= other.column
                            || other.endColumn <= one.column
                        #expect(apart, "\(columns)x\(rows) with \(count)")
                    }
                }
            }
        }
    }

    @Test("the digest counts clients without their ports, and what each backend was sent")
    func digest() {
        var exchanges = (1...5).map { Pilot.exchange(UInt64($0), at: -5) }
        exchanges[0].downstream = "[::1]:50000"
        exchanges[1].status = 502
        exchanges[2].route = .backend("green")
        let digest = TrafficDigest(
            of: Pilot.model(exchanges: exchanges).world.traffic, now: Pilot.now, order: .busiest)
        #expect(digest.clients.map(\.address) == ["127.0.0.1", "[::1]"])
        #expect(digest.clients.map(\.requests) == [4, 1] && digest.clients.map(\.errors) == [1, 0])
        #expect(digest.loads["blue"]?.requests.counts[54] == 4 && digest.loads["blue"]?.failures.counts[54] == 1)
        #expect(digest.loads["green"]?.requests.counts.reduce(0, +) == 1)
        #expect(digest.routes.first?.p50 == .milliseconds(66) && digest.routes.first?.p99 == .milliseconds(66))
    }

    // MARK: Frame

    @Test("a toast takes the columns that it needs, and counts stay beside it")
    func toast() {
        for screen in [ScreenID.traffic, .overview] {
            var model = Pilot.model(screen: screen)
            model.show("done")
            let line = model.draw().lines[22]
            #expect(line.contains("✓ done") && line.contains("● live") && line.contains("ring 7"), "\(line)")
            model.show(String(repeating: "long ", count: 30))
            let full = model.draw().lines[22]
            #expect(full.contains("long long") && full.contains("…") && !full.contains("live"))
        }
    }

    @Test("a fault is named beside its flag", arguments: [80, 100, 160])
    func fault(columns: Int) {
        var model = Pilot.model(columns: columns)
        model.world.backends.backends[0].fault = BackendFault(kind: .reset, until: Pilot.time(60))
        #expect(model.draw().lines[0].contains("⚑ FAULT"))
    }

    @Test("the key line promises nothing that a pane does not do")
    func footer() {
        let empty = Pilot.model(columns: 160, rows: 45, screen: .traffic, exchanges: [])
        #expect(!empty.drawn.lines[44].contains("open") && !empty.drawn.lines[44].contains("mark"))
        var overview = Pilot.model()
        _ = overview.draw()
        #expect(!overview.draw().lines[23].contains("sort routes"))
    }
}

extension ConsoleModel {
    fileprivate var drawn: Canvas { Frame(model: self).draw() }
}
