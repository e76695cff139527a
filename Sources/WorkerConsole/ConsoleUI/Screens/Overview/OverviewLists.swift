import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// What a wide overview has room for: routes, clients, load of the backends, and what was changed.
enum OverviewLists {
    // MARK: Routes

    static func drawRoutes(
        _ digest: TrafficDigest, _ order: TrafficDigest.Order, into canvas: inout Canvas, in area: Rect, world: World
    ) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let names = [OverviewPhrases.columnSlow, OverviewPhrases.columnRequests, OverviewPhrases.columnFailed]
        let sorted = names[order.rawValue](language)
        let key = world.keymap.shown("overview.sort-routes", usually: .character("o"))
        let note =
            digest.count == 0 ? "" : OverviewPhrases.routesKept(language, Format.count(digest.count), sorted, key)
        let inner = Box(title: OverviewPhrases.routesTitle(language), note: note).draw(into: &canvas, in: area)
        func figure(_ duration: Duration?) -> TableCell {
            TableCell(duration.map { Format.duration($0) } ?? Format.unknown)
        }
        Table(
            columns: [
                TableColumn(OverviewPhrases.columnMethod(language), .fixed(7)),
                TableColumn(OverviewPhrases.columnPath(language), .flexible(minimum: 16)),
                TableColumn(OverviewPhrases.columnRequests(language), .fixed(5), alignment: .right),
                TableColumn(OverviewPhrases.columnFailed(language), .fixed(5), alignment: .right),
                TableColumn("P50", .fixed(7), alignment: .right, priority: 3),
                TableColumn(OverviewPhrases.columnSlow(language), .fixed(7), alignment: .right, priority: 1),
                TableColumn("P99", .fixed(7), alignment: .right, priority: 2),
            ], emptyText: OverviewPhrases.noRoutes(language)
        ).drawUnselected(into: &canvas, in: inner, count: digest.routes.count) { index in
            let route = digest.routes[index]
            let (mark, role): (String, Role) =
                route.failures > 0
                ? (glyphs.cross, .failure) : route.errors > 0 ? (glyphs.warning, .warning) : ("", .dim)
            return TableRow([
                TableCell(world.redaction.target(route.method), .strong),
                TableCell(TargetText.shown(world.redaction.target(route.path))),
                TableCell(Format.count(route.requests)),
                TableCell(mark + Format.count(route.errors), role),
                figure(route.p50), figure(route.p95), figure(route.p99),
            ])
        }
    }

    // MARK: Clients

    static func drawClients(_ digest: TrafficDigest, into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let note = digest.clients.isEmpty ? "" : Format.count(digest.clients.count)
        let inner = Box(title: OverviewPhrases.clientsTitle(language), note: note).draw(into: &canvas, in: area)
        Table(
            columns: [
                TableColumn(OverviewPhrases.columnClient(language), .flexible(minimum: 12)),
                TableColumn(OverviewPhrases.columnRequests(language), .fixed(6), alignment: .right),
                TableColumn(OverviewPhrases.columnFailed(language), .fixed(6), alignment: .right),
                TableColumn(OverviewPhrases.columnSize(language), .fixed(8), alignment: .right, priority: 1),
            ], emptyText: OverviewPhrases.noRoutes(language)
        ).drawUnselected(into: &canvas, in: inner, count: digest.clients.count) { index in
            let client = digest.clients[index]
            let mark = client.errors > 0 ? glyphs.warning : ""
            return TableRow([
                TableCell(client.address), TableCell(Format.count(client.requests)),
                TableCell(mark + Format.count(client.errors), client.errors > 0 ? .warning : .dim),
                TableCell(Format.bytes(Int64(client.bytes))),
            ])
        }
    }

    // MARK: Load

    /// A graph for each backend; those that were sent nothing are there as well.
    static func drawLoads(_ digest: TrafficDigest, into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let inner = Box(title: OverviewPhrases.loadsTitle(language)).draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        let backends = world.backends.backends.prefix(max(0, inner.rows))
        guard !backends.isEmpty else { return }
        let names = min(14, backends.map { Sanitizer.columns(of: $0.backend.name) }.max() ?? 0)
        var row = inner.row
        for (index, status) in backends.enumerated() {
            let load = digest.loads[status.backend.name] ?? TrafficDigest.Load()
            let rows = inner.rows / backends.count + (index < inner.rows % backends.count ? 1 : 0)
            let failed = load.failures.counts.reduce(0, +)
            let most = Format.count(load.requests.counts.max() ?? 0)
            let right = OverviewPhrases.max(language, most)
            let rightColumns = max(8, Sanitizer.columns(of: right)) + 1
            let name = Truncation.end(
                status.backend.name, columns: names, ellipsis: canvas.glyphs.glyphs.ellipsis)
            canvas.write(
                name, row: row, column: inner.column, role: status.isActive ? .strong : .plain, maxColumns: names)
            // Where graphs are high, a blank line is between them.
            let height = rows >= 4 && index < backends.count - 1 ? rows - 1 : rows
            let graph = Rect(
                row: row, column: inner.column + names + 1, rows: height,
                columns: max(0, inner.columns - names - 1 - rightColumns))
            Sparkline(
                Sparkline.stretched(load.requests.counts.map { Double($0) }, columns: graph.columns), hasGap: true
            ).draw(into: &canvas, in: graph, role: .active)
            canvas.write(
                right, row: row, column: inner.endColumn - Sanitizer.columns(of: right), role: .dim)
            if failed > 0, height >= 2 {
                let text = "\(canvas.glyphs.glyphs.cross) \(Format.count(failed))"
                canvas.write(
                    text, row: row + 1, column: inner.endColumn - Sanitizer.columns(of: text), role: .failure)
            }
            row += rows
        }
    }

    // MARK: Changes

    /// Switches, turns of the probes and the newest run of the checks, newest first.
    static func changes(in world: World, glyphs: Glyphs) -> [(at: WallTime, runs: [TextRun])] {
        let language = world.language
        var changes: [(at: WallTime, runs: [TextRun])] = world.backends.switches.map { change in
            let text = OverviewPhrases.switchedBy(language, change.from ?? Format.unknown, change.to, change.by)
            return (change.at, [TextRun("\(glyphs.active) ", .active), TextRun(text)])
        }
        for status in world.backends.backends {
            // Only what changed: a probe that says what the one before said is no news.
            for probe in status.history.turns {
                let mark = TextRun("\(probe.passed ? glyphs.check : glyphs.cross) ", probe.passed ? .ok : .failure)
                let text = "\(status.backend.name)  \(probe.code) \(world.language.text(probe.detail))"
                changes.append((probe.at, [mark, TextRun(text)]))
            }
        }
        if let report = world.checks, !report.results.isEmpty {
            let text = OverviewPhrases.checksRan(language, ChecksText.counts(of: report, language))
            let isBlocked = report.isBlocked
            let mark = TextRun("\(isBlocked ? glyphs.cross : glyphs.check) ", isBlocked ? .failure : .ok)
            changes.append((report.startedAt, [mark, TextRun(text)]))
        }
        return changes.enumerated().sorted { ($0.element.at, $0.offset) > ($1.element.at, $1.offset) }.map(\.element)
    }

    static func drawChanges(into canvas: inout Canvas, in area: Rect, world: World) {
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
