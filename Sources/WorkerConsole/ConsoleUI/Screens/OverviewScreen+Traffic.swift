import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

extension OverviewScreen {
    func drawTraffic(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let statistics = world.statistics
        func figure(_ duration: Duration?) -> String { duration.map { Format.duration($0) } ?? Format.unknown }
        let note =
            "\(Format.rate(statistics.requestsPerSecond))  p50 \(figure(statistics.p50))"
            + "  p95 \(figure(statistics.p95))  p99 \(figure(statistics.p99))"
        let inner = Box(title: OverviewPhrases.traffic(language), note: note).draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        guard inner.rows >= 2 else { return }
        // The mix takes two rows at the bottom, and one above it stays free where there is room.
        let (graphs, foot) = inner.splitTop(inner.rows - (inner.rows >= 8 ? 3 : 2))
        self.drawGraphs(into: &canvas, in: graphs, world: world)
        let (_, mix) = foot.splitTop(foot.rows - 2)
        self.drawMix(into: &canvas, in: mix, world: world)
    }

    // MARK: Graphs

    private struct Graph {
        let label: String
        let values: [Double?]
        let maximum: String
        let role: Role
    }

    private func drawGraphs(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let seconds = world.statistics.seconds
        let failures = self.digest.failures
        var graphs = [
            Graph(
                label: "req/s", values: seconds.map { Double($0.requests) },
                maximum: seconds.map(\.requests).max().map { Format.count($0) } ?? Format.unknown, role: .active),
            Graph(
                label: "p95", values: seconds.map { second in second.p95.map { $0 / .milliseconds(1) } },
                maximum: world.statistics.highestP95.map { Format.duration($0) } ?? Format.unknown,
                role: .plain),
        ]
        if area.rows >= 6 {
            graphs.append(
                Graph(
                    label: OverviewPhrases.failures(language), values: failures.map { Double($0) },
                    maximum: failures.max().map { Format.count($0) } ?? Format.unknown, role: .failure))
        }
        let labels = (graphs.map { Sanitizer.columns(of: $0.label) }.max() ?? 0) + 1
        let maxima = graphs.map { OverviewPhrases.max(language, $0.maximum) }
        let right = max(12, (maxima.map { Sanitizer.columns(of: $0) }.max() ?? 0) + 1)
        let columns = area.columns - labels - right
        guard columns > 0 else { return }
        var row = area.row
        for (index, graph) in graphs.enumerated() {
            // What does not divide goes to the first.
            let rows = area.rows / graphs.count + (index < area.rows % graphs.count ? 1 : 0)
            guard rows > 0 else { continue }
            // The label stands beside the floor of a low graph and at the top of a high one, where the maximum is.
            canvas.write(graph.label, row: row, column: area.column, role: .dim, maxColumns: labels - 1)
            Sparkline(Sparkline.stretched(graph.values, columns: columns)).draw(
                into: &canvas, in: Rect(row: row, column: area.column + labels, rows: rows, columns: columns),
                role: graph.role)
            let text = maxima[index]
            canvas.write(text, row: row, column: area.endColumn - Sanitizer.columns(of: text), role: .dim)
            if rows >= 3 { canvas.write("0", row: row + rows - 1, column: area.endColumn - 1, role: .dim) }
            row += rows
        }
    }

    // MARK: Mix

    private func drawMix(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let statistics = world.statistics
        let glyphs = canvas.glyphs.glyphs
        let all = statistics.statusMix.values.reduce(0, +)
        let label = OverviewPhrases.mix(language)
        let start = max(6, Sanitizer.columns(of: label) + 1)
        canvas.write(label, row: area.row, column: area.column, role: .dim)
        guard all > 0 else {
            canvas.write(
                [TextRun(OverviewPhrases.noTraffic(language), .dim)], row: area.row, column: area.column + start,
                maxColumns: max(0, area.columns - start))
            return
        }
        // The marks are those that the rows of the traffic screen have.
        let classes: [(Int, String, Role, String)] = [
            (2, "2xx", .ok, glyphs.shades[0]), (3, "3xx", .redirect, glyphs.redirect),
            (4, "4xx", .warning, glyphs.warning), (5, "5xx", .failure, glyphs.cross),
            (1, "1xx", .active, glyphs.inFlight), (0, OverviewPhrases.noStatus(language), .dim, glyphs.clientGone),
        ]
        let present = classes.filter { $0.0 >= 2 || (statistics.statusMix[$0.0] ?? 0) > 0 }
        StackedBar(
            present.map { .init(Double(statistics.statusMix[$0.0] ?? 0), role: $0.2, lead: $0.3) }
        ).draw(
            into: &canvas,
            in: Rect(row: area.row, column: area.column + start, rows: 1, columns: max(0, area.columns - start)))
        func width(_ items: [[TextRun]]) -> Int {
            items.reduce(0) { $0 + $1.reduce(2) { $0 + Sanitizer.columns(of: $1.text) } } - 2
        }
        func item(_ entry: (Int, String, Role, String), withShare: Bool) -> [TextRun] {
            let (number, name, role, mark) = entry
            let count = statistics.statusMix[number] ?? 0
            var runs = [TextRun("\(mark) \(name) ", count > 0 ? role : .dim), TextRun(Format.count(count))]
            if withShare {
                runs += [TextRun(" "), TextRun(Format.percent(Double(count) / Double(all)), .dim)]
            }
            if number == 5, statistics.proxyFailures > 0 {
                let own = OverviewPhrases.ofProxy(language, Format.count(statistics.proxyFailures))
                runs.append(TextRun(" " + own, .dim))
            }
            return runs
        }
        let preflights = [TextRun(OverviewPhrases.preflight(language, Format.count(statistics.preflights)), .dim)]
        let answered = present.filter { (statistics.statusMix[$0.0] ?? 0) > 0 }
        // Classes that nothing was answered with go first, then the shares, which the bar shows too.
        let forms = [
            present.map { item($0, withShare: true) } + [preflights],
            answered.map { item($0, withShare: true) } + [preflights],
            answered.map { item($0, withShare: true) },
        ]
        let shortest = answered.map { item($0, withShare: false) } + [preflights]
        let items = forms.first { width($0) <= area.columns } ?? shortest
        Self.drawItems(
            items, into: &canvas, in: Rect(row: area.row + 1, column: area.column, rows: 1, columns: area.columns))
    }

    /// Items beside each other; those that do not fit are left out whole.
    private static func drawItems(_ items: [[TextRun]], into canvas: inout Canvas, in line: Rect) {
        let widths = items.map { $0.reduce(0) { $0 + Sanitizer.columns(of: $1.text) } }
        let whole = widths.reduce(0, +)
        let gap = whole + (items.count - 1) * 3 <= line.columns ? 3 : 2
        var column = line.column
        for (item, width) in zip(items, widths) {
            guard column + width <= line.endColumn else { return }
            canvas.write(item, row: line.row, column: column)
            column += width + gap
        }
    }

    // MARK: Routes

    func drawRoutes(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let names = [OverviewPhrases.columnSlow, OverviewPhrases.columnRequests, OverviewPhrases.columnFailed]
        let order = names[self.routeOrder.rawValue](language)
        let note =
            self.digest.count == 0 ? "" : OverviewPhrases.routesKept(language, Format.count(self.digest.count), order)
        let inner = Box(title: OverviewPhrases.routesTitle(language), note: note).draw(into: &canvas, in: area)
        Table(
            columns: [
                TableColumn(OverviewPhrases.columnMethod(language), .fixed(7)),
                TableColumn(OverviewPhrases.columnPath(language), .flexible(minimum: 8), truncation: .middle),
                TableColumn(OverviewPhrases.columnRequests(language), .fixed(5), alignment: .right),
                TableColumn(OverviewPhrases.columnFailed(language), .fixed(5), alignment: .right),
                TableColumn(OverviewPhrases.columnSlow(language), .fixed(6), alignment: .right),
            ], emptyText: OverviewPhrases.noRoutes(language)
        ).drawUnselected(into: &canvas, in: inner, count: self.digest.routes.count) { index in
            let route = self.digest.routes[index]
            let (mark, role): (String, Role) =
                route.failures > 0
                ? (glyphs.cross, .failure) : route.errors > 0 ? (glyphs.warning, .warning) : ("", .dim)
            return TableRow([
                TableCell(world.redaction.target(route.method), .strong), TableCell(world.redaction.target(route.path)),
                TableCell(Format.count(route.requests)),
                TableCell(mark + Format.count(route.errors), role),
                TableCell(route.p95.map { Format.duration($0) } ?? Format.unknown),
            ])
        }
    }

    // MARK: Changes

    /// Switches, turns of the probes and the newest run of the checks, newest first.
    func changes(in world: World, glyphs: Glyphs) -> [(at: WallTime, runs: [TextRun])] {
        let language = world.language
        var changes: [(at: WallTime, runs: [TextRun])] = world.backends.switches.map { change in
            let text = OverviewPhrases.switchedBy(language, change.from ?? Format.unknown, change.to, change.by)
            return (change.at, [TextRun("\(glyphs.active) ", .active), TextRun(text)])
        }
        for status in world.backends.backends {
            // Only what changed: a probe that says what the one before said is no news.
            for probe in status.history.turns {
                let mark = TextRun("\(probe.passed ? glyphs.check : glyphs.cross) ", probe.passed ? .ok : .failure)
                let text = "\(status.backend.name)  \(probe.code) \(language.text(probe.detail))"
                changes.append((probe.at, [mark, TextRun(text)]))
            }
        }
        if let report = world.checks, !report.results.isEmpty {
            let text = OverviewPhrases.checksRan(language, ChecksScreen.counts(of: report, language))
            let isBlocked = report.isBlocked
            let mark = TextRun("\(isBlocked ? glyphs.cross : glyphs.check) ", isBlocked ? .failure : .ok)
            changes.append((report.startedAt, [mark, TextRun(text)]))
        }
        return changes.enumerated().sorted { ($0.element.at, $0.offset) > ($1.element.at, $1.offset) }.map(\.element)
    }

    func drawChanges(into canvas: inout Canvas, in area: Rect, world: World) {
        let glyphs = canvas.glyphs.glyphs
        let inner = Box(title: OverviewPhrases.changes(world.language)).draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        let changes = self.changes(in: world, glyphs: glyphs)
        if changes.isEmpty, inner.rows > 0 {
            canvas.write(
                [TextRun(OverviewPhrases.noChanges(world.language), .dim)], row: inner.row, column: inner.column,
                maxColumns: inner.columns)
        }
        for (offset, change) in changes.prefix(inner.rows).enumerated() {
            let time = ClockText.time(change.at, secondsFromUTC: world.secondsFromUTC)
            canvas.write(
                [TextRun(time + " ", .dim)] + change.runs, row: inner.row + offset, column: inner.column,
                maxColumns: inner.columns)
        }
    }
}
