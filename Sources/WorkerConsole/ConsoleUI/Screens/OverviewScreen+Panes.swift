import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

extension OverviewScreen {
    func drawWorker(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let status = world.status
        let glyphs = canvas.glyphs.glyphs
        let up = OverviewPhrases.up(language, Format.duration(max(.zero, world.now.since(status.startedAt))))
        let inner = Box(title: OverviewPhrases.worker(language), note: up).draw(into: &canvas, in: area)
        let flight = CommonPhrases.inFlight(language, Format.count(world.statistics.inFlight))
        var entries = [
            KeyValueList.Entry(
                OverviewPhrases.state(language),
                Self.state(status.state, glyphs, language) + [TextRun("   \(flight)", .dim)]),
            KeyValueList.Entry(
                OverviewPhrases.listening(language),
                status.listening.isEmpty ? Format.unknown : status.listening.joined(separator: ", "),
                role: status.isExposed ? .danger : .plain),
            KeyValueList.Entry(OverviewPhrases.source(language), Self.source(status, language)),
            KeyValueList.Entry(OverviewPhrases.cors(language), Self.orUnknown(status.corsSummary)),
            KeyValueList.Entry(
                OverviewPhrases.memory(language), status.residentBytes.map { Format.bytes($0) } ?? Format.unknown),
        ]
        if inner.rows >= 6 {
            entries.insert(
                KeyValueList.Entry(OverviewPhrases.routes(language), Self.orUnknown(status.routesSummary)), at: 4)
        }
        if inner.rows >= 7 {
            let flags =
                status.compatibilityFlags.isEmpty
                ? OverviewPhrases.flagsNone(language) : status.compatibilityFlags.joined(separator: " ")
            let date = status.compatibilityDate ?? Format.unknown
            entries.insert(KeyValueList.Entry(OverviewPhrases.date(language), "\(date)  \(flags)"), at: 3)
        }
        if inner.rows >= 8 {
            let path = status.configurationPath ?? OverviewPhrases.noConfig(language)
            entries.append(KeyValueList.Entry(OverviewPhrases.config(language), path))
        }
        KeyValueList(entries).draw(into: &canvas, in: inner.inset(rows: 0, columns: 1))
    }

    private static func orUnknown(_ text: String) -> String { text.isEmpty ? Format.unknown : text }

    private static func source(_ status: WorkerStatus, _ language: Language) -> String {
        var text = status.main ?? Format.unknown
        if let date = status.compatibilityDate { text += "  \(date)" }
        if let environment = status.environment { text += "  \(OverviewPhrases.environment(language, environment))" }
        return text
    }

    private static func state(_ state: WorkerStatus.State, _ glyphs: Glyphs, _ language: Language) -> [TextRun] {
        switch state {
        case .starting: [TextRun("\(glyphs.rising) \(CommonPhrases.starting(language))", .active)]
        case .serving: [TextRun("\(glyphs.up) \(CommonPhrases.serving(language))", .ok)]
        case .draining: [TextRun("\(glyphs.warning) \(CommonPhrases.draining(language))", .warning)]
        case .failed(let reason):
            [TextRun("\(glyphs.cross) \(CommonPhrases.failed(language)): \(reason)", .failure)]
        }
    }

    // MARK: Bindings and backends

    func drawBindings(into canvas: inout Canvas, in area: Rect, withBackends: Bool, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let newest = world.health.values.compactMap(\.probedAt).max()
        let note = newest.map { newest -> String in
            let seconds = max(.zero, world.now.since(newest)).components.seconds
            let age = seconds < 60 ? "\(seconds) s" : Format.duration(.seconds(seconds))
            return OverviewPhrases.probed(language, age)
        }
        let inner = Box(title: OverviewPhrases.bindings(language), note: note ?? "").draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        var rows = world.resources.map { Self.binding($0, glyphs: glyphs, world: world) }
        if rows.isEmpty { rows = [[TextRun(OverviewPhrases.noBindings(language), .dim)]] }
        if withBackends { rows += self.backendRows(glyphs: glyphs, columns: inner.columns, world: world) }
        Self.write(rows, into: &canvas, in: inner)
    }

    func drawBackends(into canvas: inout Canvas, in area: Rect, world: World) {
        let inner = Box(title: OverviewPhrases.backends(world.language)).draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        let rows = self.backendRows(glyphs: canvas.glyphs.glyphs, columns: inner.columns, world: world)
        Self.write(rows, into: &canvas, in: inner)
    }

    private static func write(_ rows: [[TextRun]], into canvas: inout Canvas, in inner: Rect) {
        let isCut = rows.count > inner.rows
        for (offset, runs) in rows.prefix(isCut ? max(0, inner.rows - 1) : inner.rows).enumerated() {
            var runs = runs
            let used = runs.dropLast().reduce(0) { $0 + Sanitizer.columns(of: $1.text) }
            if let last = runs.last {
                let room = max(0, inner.columns - used)
                let ellipsis = canvas.glyphs.glyphs.ellipsis
                runs[runs.count - 1].text = Truncation.end(last.text, columns: room, ellipsis: ellipsis)
            }
            canvas.write(runs, row: inner.row + offset, column: inner.column, maxColumns: inner.columns)
        }
        if isCut, inner.rows > 0 {
            let left = rows.count - inner.rows + 1
            canvas.write(
                "\(canvas.glyphs.glyphs.more) +\(left)", row: inner.endRow - 1, column: inner.column, role: .dim)
        }
    }

    private func backendRows(glyphs: Glyphs, columns: Int, world: World) -> [[TextRun]] {
        let language = world.language
        if world.backends.backends.isEmpty { return [[TextRun(OverviewPhrases.noBackends(language), .warning)]] }
        return world.backends.backends.map { status in
            let mark = HealthMark(status.health, glyphs: glyphs)
            let name = Truncation.middle(status.backend.name, columns: 12, ellipsis: glyphs.ellipsis)
            let lead = status.isActive ? glyphs.active : " "
            let latency = status.probes.last.map { Format.duration($0.latency) } ?? Format.unknown
            return [
                TextRun("\(mark.glyph) ", mark.role),
                TextRun(TrafficDetail.pad("\(lead)\(name)", 14), status.isActive ? .strong : .plain),
                TextRun(TrafficDetail.left(CommonPhrases.inFlight(language, "\(status.inFlight)"), 12) + " "),
                TextRun(TrafficDetail.left(latency, 8)),
            ]
        }
    }

    static func binding(_ resource: BoundResource, glyphs: Glyphs, world: World) -> [TextRun] {
        let language = world.language
        let health = world.health[resource.binding.id] ?? BindingHealth()
        let name = Truncation.middle(resource.binding.name, columns: 14, ellipsis: glyphs.ellipsis)
        let kind = resource.binding.kind.rawValue.uppercased()
        let glyph: String
        let role: Role
        var text: String
        switch health.state {
        case .unknown: (glyph, role, text) = (glyphs.idle, .dim, OverviewPhrases.unknown(language))
        case .empty: (glyph, role, text) = (glyphs.idle, .ok, OverviewPhrases.empty(language))
        case .locked: (glyph, role, text) = (glyphs.rising, .warning, OverviewPhrases.locked(language))
        case .failed(let reason): (glyph, role, text) = (glyphs.cross, .failure, reason)
        case .healthy:
            (glyph, role) = (glyphs.up, .ok)
            let bound = health.isComplete ? "" : ">"
            let phrase: Phrase =
                switch resource.binding.kind {
                case .d1: OverviewPhrases.tables
                case .r2: OverviewPhrases.objects
                case .kv: OverviewPhrases.names
                }
            let items = health.items.map { phrase(language, bound + Format.count($0)) } ?? Format.unknown
            let bytes = health.bytes.map { bound + Format.bytes($0) } ?? Format.unknown
            text = "\(items) \(bytes)"
            if let latency = health.latency { text += " \(Format.duration(latency))" }
        }
        let isPlain = health.state == .healthy
        return [
            TextRun("\(glyph) ", role), TextRun(TrafficDetail.pad(name, 15)), TextRun(TrafficDetail.pad(kind, 3), .dim),
            TextRun(text, isPlain ? .plain : role),
        ]
    }

    // MARK: Traffic

    func drawTraffic(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let statistics = world.statistics
        func figure(_ duration: Duration?) -> String { duration.map { Format.duration($0) } ?? Format.unknown }
        let note =
            "\(Format.rate(statistics.requestsPerSecond))  p50 \(figure(statistics.p50))"
            + "  p95 \(figure(statistics.p95))  p99 \(figure(statistics.p99))"
        let inner = Box(title: OverviewPhrases.traffic(language), note: note).draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        guard inner.rows >= 4 else { return }
        let requests = statistics.seconds.map { Optional(Double($0.requests)) }
        let p95 = statistics.seconds.map { second in second.p95.map { $0 / .milliseconds(1) } }
        let mostRequests = statistics.seconds.map(\.requests).max()
        let slowest = statistics.seconds.compactMap(\.p95).max()
        let maxima = [mostRequests.map { Format.count($0) }, slowest.map { Format.duration($0) }]
        for (offset, graph) in [("req/s", requests, Role.active), ("p95", p95, Role.warning)].enumerated() {
            let row = inner.row + offset
            let maximum = OverviewPhrases.max(language, maxima[offset] ?? Format.unknown)
            let right = Sanitizer.columns(of: maximum) + 1
            canvas.write(graph.0, row: row, column: inner.column, role: .dim)
            let wanted = min(inner.columns - 6 - max(right, 12), 120)
            let cells = max(0, min(wanted, statistics.seconds.count))
            // A second is one cell, two where there is room.
            let values = wanted >= 2 * graph.1.count ? graph.1.flatMap { [$0, $0] } : graph.1
            let width = max(cells, min(wanted, values.count))
            Sparkline(values).draw(
                into: &canvas, in: Rect(row: row, column: inner.column + 6, rows: 1, columns: width), role: graph.2)
            canvas.write(maximum, row: row, column: inner.endColumn - right + 1, role: .dim)
        }
        self.drawMix(into: &canvas, in: inner, world: world)
    }

    private func drawMix(into canvas: inout Canvas, in inner: Rect, world: World) {
        let language = world.language
        let statistics = world.statistics
        let all = statistics.statusMix.values.reduce(0, +)
        let row = inner.row + 2
        canvas.write(OverviewPhrases.mix(language), row: row, column: inner.column, role: .dim)
        guard all > 0 else {
            canvas.write(OverviewPhrases.noTraffic(language), row: row, column: inner.column + 6, role: .dim)
            return
        }
        let classes: [(Int, String, Role, Int)] = [
            (2, "2xx", .ok, 0), (3, "3xx", .redirect, 1), (4, "4xx", .warning, 2), (5, "5xx", .failure, 3),
            (1, "1xx", .active, 1), (0, OverviewPhrases.noStatus(language), .dim, 3),
        ]
        let present = classes.filter { $0.0 >= 2 || (statistics.statusMix[$0.0] ?? 0) > 0 }
        StackedBar(
            present.map { .init(Double(statistics.statusMix[$0.0] ?? 0), role: $0.2, shade: $0.3) }
        ).draw(
            into: &canvas,
            in: Rect(row: row, column: inner.column + 6, rows: 1, columns: max(0, inner.columns - 6)))
        var runs: [TextRun] = []
        let shades = canvas.glyphs.glyphs.shades
        let gap = inner.columns < 90 ? "  " : "   "
        for (number, name, role, shade) in present {
            let count = statistics.statusMix[number] ?? 0
            runs.append(TextRun("\(name) \(Format.count(count)) "))
            runs.append(TextRun(shades[min(shade, shades.count - 1)], role))
            runs.append(TextRun(" \(Format.percent(Double(count) / Double(all)))" + gap))
        }
        runs.append(TextRun(OverviewPhrases.preflight(language, Format.count(statistics.preflights)), .dim))
        canvas.write(runs, row: row + 1, column: inner.column, maxColumns: inner.columns)
    }
}
