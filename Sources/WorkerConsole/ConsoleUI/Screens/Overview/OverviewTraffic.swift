import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// The graphs of the overview, and the mix of responses.
enum OverviewTraffic {
    static func draw(_ digest: TrafficDigest, into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let statistics = world.statistics
        func figure(_ duration: Duration?) -> String { duration.map { Format.duration($0) } ?? Format.unknown }
        let note =
            "\(Format.rate(statistics.requestsPerSecond))  p50 \(figure(statistics.p50))"
            + "  p95 \(figure(statistics.p95))  p99 \(figure(statistics.p99))"
        let inner = Box(title: OverviewPhrases.traffic(language), note: note).draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        guard inner.rows >= 2 else { return }
        // The mix takes two rows at the bottom, the words first: no bar touches another one.
        let (graphs, foot) = inner.splitTop(inner.rows - (inner.rows >= 8 ? 3 : 2))
        self.drawGraphs(digest, into: &canvas, in: graphs, world: world)
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

    private static func drawGraphs(
        _ digest: TrafficDigest, into canvas: inout Canvas, in area: Rect, world: World
    ) {
        let language = world.language
        let seconds = world.statistics.seconds
        let failures = digest.failures
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
            Sparkline(Sparkline.stretched(graph.values, columns: columns), hasGap: true).draw(
                into: &canvas, in: Rect(row: row, column: area.column + labels, rows: rows, columns: columns),
                role: graph.role)
            let text = maxima[index]
            canvas.write(text, row: row, column: area.endColumn - Sanitizer.columns(of: text), role: .dim)
            if rows >= 3 { canvas.write("0", row: row + rows - 1, column: area.endColumn - 1, role: .dim) }
            row += rows
        }
    }

    // MARK: Mix

    private static func drawMix(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let statistics = world.statistics
        let glyphs = canvas.glyphs.glyphs
        let all = statistics.statusMix.values.reduce(0, +)
        let label = OverviewPhrases.mix(language)
        let start = max(6, Sanitizer.columns(of: label) + 1)
        let bar = Rect(
            row: area.endRow - 1, column: area.column + start, rows: 1, columns: max(0, area.columns - start))
        canvas.write(label, row: bar.row, column: area.column, role: .dim)
        guard all > 0 else {
            canvas.write(
                [TextRun(OverviewPhrases.noTraffic(language), .dim)], row: bar.row, column: bar.column,
                maxColumns: bar.columns)
            return
        }
        let classes: [Share] = [
            Share(number: 2, name: "2xx", mark: "", role: .ok, shade: 0),
            Share(number: 3, name: "3xx", mark: glyphs.redirect, role: .redirect, shade: 1),
            Share(number: 4, name: "4xx", mark: glyphs.warning, role: .warning, shade: 2),
            Share(number: 5, name: "5xx", mark: glyphs.cross, role: .failure, shade: 3),
            Share(number: 1, name: "1xx", mark: glyphs.inFlight, role: .active, shade: 1),
            Share(
                number: 0, name: OverviewPhrases.noStatus(language), mark: glyphs.clientGone, role: .dim, shade: 2),
        ]
        let present = classes.filter { $0.number >= 2 || (statistics.statusMix[$0.number] ?? 0) > 0 }
        StackedBar(
            present.map { .init(Double(statistics.statusMix[$0.number] ?? 0), role: $0.role, shade: $0.shade) }
        ).draw(into: &canvas, in: bar)
        func width(_ items: [[TextRun]]) -> Int {
            items.reduce(0) { $0 + $1.reduce(2) { $0 + Sanitizer.columns(of: $1.text) } } - 2
        }
        func item(_ share: Share, withShare: Bool, withMark: Bool = false) -> [TextRun] {
            let count = statistics.statusMix[share.number] ?? 0
            let mark = withMark && !share.mark.isEmpty ? share.mark + " " : ""
            var runs = [
                TextRun("\(glyphs.shades[share.shade]) \(mark)\(share.name) ", count > 0 ? share.role : .dim),
                TextRun(Format.count(count)),
            ]
            if withShare {
                runs += [TextRun(" "), TextRun(Format.percent(Double(count) / Double(all)), .dim)]
            }
            if share.number == 5, statistics.proxyFailures > 0 {
                let own = OverviewPhrases.ofProxy(language, Format.count(statistics.proxyFailures))
                runs.append(TextRun(" " + own, .dim))
            }
            return runs
        }
        let preflights = [TextRun(OverviewPhrases.preflight(language, Format.count(statistics.preflights)), .dim)]
        let answered = present.filter { (statistics.statusMix[$0.number] ?? 0) > 0 }
        // The marks of rows go first, then classes that nothing came with, then the shares, which the bar shows too.
        let forms = [
            present.map { item($0, withShare: true, withMark: true) } + [preflights],
            present.map { item($0, withShare: true) } + [preflights],
            answered.map { item($0, withShare: true) } + [preflights],
            answered.map { item($0, withShare: true) },
        ]
        let shortest = answered.map { item($0, withShare: false) } + [preflights]
        let items = forms.first { width($0) <= area.columns } ?? shortest
        self.drawItems(
            items, into: &canvas, in: Rect(row: bar.row - 1, column: area.column, rows: 1, columns: area.columns))
    }

    /// A class of responses in the mix.
    private struct Share {
        let number: Int
        let name: String
        /// That of the rows of the traffic screen.
        let mark: String
        let role: Role
        let shade: Int
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
}
