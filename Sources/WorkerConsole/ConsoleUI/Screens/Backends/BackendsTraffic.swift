import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

/// The traffic of one backend: graphs of the last minute, and its routes with their errors.
struct BackendsTraffic {
    let figures: BackendsDigest.Figures
    let world: World

    private struct Graph {
        let label: String
        let values: [Double?]
        let maximum: String
        let role: Role
    }

    private var graphs: [Graph] {
        let language = self.world.language
        let slowest = self.figures.slowest.compactMap { $0 }.max()
        return [
            Graph(
                label: "req/s", values: self.figures.requests.map { Double($0) },
                maximum: Format.count(self.figures.requests.max() ?? 0), role: .active),
            Graph(
                label: OverviewPhrases.failures(language), values: self.figures.failures.map { Double($0) },
                maximum: Format.count(self.figures.failures.max() ?? 0), role: .failure),
            Graph(
                label: BackendsPhrases.slowest(language),
                values: self.figures.slowest.map { $0.map { $0 / .milliseconds(1) } },
                maximum: slowest.map { Format.duration($0) } ?? Format.unknown, role: .plain),
        ]
    }

    // MARK: Pane

    /// A frame with the graphs, each as high as there is room.
    func drawGraphs(of name: String, into canvas: inout Canvas, in rect: Rect) {
        let inner = Pane.frame(
            &canvas, rect, title: BackendsPhrases.lastMinute(self.world.language, name)
        ).inset(rows: 0, columns: 1)
        let graphs = self.graphs
        let labels = (graphs.map { Sanitizer.columns(of: $0.label) }.max() ?? 0) + 1
        let maxima = graphs.map { OverviewPhrases.max(self.world.language, $0.maximum) }
        let right = (maxima.map { Sanitizer.columns(of: $0) }.max() ?? 0) + 1
        let columns = inner.columns - labels - right
        guard columns > 0, !inner.isEmpty else { return }
        var row = inner.row
        for (index, graph) in graphs.enumerated() {
            let rows = inner.rows / graphs.count + (index < inner.rows % graphs.count ? 1 : 0)
            guard rows > 0 else { continue }
            canvas.write(graph.label, row: row, column: inner.column, role: .dim, maxColumns: labels - 1)
            Sparkline(Sparkline.stretched(graph.values, columns: columns)).draw(
                into: &canvas, in: Rect(row: row, column: inner.column + labels, rows: rows, columns: columns),
                role: graph.role)
            let text = maxima[index]
            canvas.write(text, row: row, column: inner.endColumn - Sanitizer.columns(of: text), role: .dim)
            row += rows
        }
    }

    /// A frame with the routes.
    func drawRoutes(into canvas: inout Canvas, in rect: Rect) {
        let language = self.world.language
        let inner = Pane.frame(
            &canvas, rect, title: BackendsPhrases.routes(language),
            note: BackendsPhrases.lastMinutes(language, "\(BackendsDigest.minutes)"))
        let glyphs = canvas.glyphs.glyphs
        for (offset, line) in self.routeLines(columns: inner.columns - 2, glyphs).prefix(inner.rows).enumerated() {
            Pane.write(line, to: &canvas, row: inner.row + offset, column: inner.column + 1, columns: inner.columns - 2)
        }
    }

    // MARK: Lines

    private static let widths = [7, 5, 5, 9]

    /// The routes with what they count, under a heading.
    func routeLines(columns: Int, _ glyphs: Glyphs) -> [[Span]] {
        let language = self.world.language
        guard !self.figures.routes.isEmpty else { return [[Span(BackendsPhrases.noTraffic(language), .dim)]] }
        let headings = [SteeringPhrases.columnRequests(language), "5XX", "4XX", "P95"]
        let heading = zip(headings, Self.widths).map { Self.right($0, $1) }.joined()
        var lines = [[Span("\(heading)  \(BackendsPhrases.columnRoute(language))", .heading)]]
        let room = columns - Self.widths.reduce(2, +)
        for route in self.figures.routes.prefix(50) {
            let path = Truncation.end(
                self.world.redaction.target("\(route.method) \(route.path)"), columns: room, ellipsis: glyphs.ellipsis)
            lines.append([
                Span(Self.right(Format.count(route.requests), Self.widths[0])),
                Span(Self.right(Format.count(route.failures), Self.widths[1]), route.failures > 0 ? .failure : .dim),
                Span(Self.right(Format.count(route.refused), Self.widths[2]), route.refused > 0 ? .warning : .dim),
                Span(Self.right(route.p95.map { Format.duration($0) } ?? glyphs.unknown, Self.widths[3]), .number),
                Span("  \(path)"),
            ])
        }
        return lines
    }

    /// The graphs as a line each, for a window without a pane for them.
    func graphLines(columns: Int, labelColumns: Int, _ glyphs: Glyphs) -> [[Span]] {
        self.graphs.compactMap { graph -> [Span]? in
            guard graph.values.contains(where: { ($0 ?? 0) > 0 }) else { return nil }
            let maximum = " " + OverviewPhrases.max(self.world.language, graph.maximum)
            let room = min(60, columns - labelColumns - Sanitizer.columns(of: maximum))
            guard room >= 10 else { return nil }
            let levels = Sparkline.levels(
                Sparkline.stretched(graph.values, columns: room), maximum: nil, steps: glyphs.spark.count)
            let bars = levels.map { level in level.map { glyphs.spark[max(0, $0 - 1)] } ?? " " }.joined()
            let gap = String(repeating: " ", count: max(1, labelColumns - Sanitizer.columns(of: graph.label)))
            return [Span(graph.label + gap, .dim), Span(bars, graph.role), Span(maximum, .dim)]
        }
    }

    private static func right(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: text))) + text
    }
}
