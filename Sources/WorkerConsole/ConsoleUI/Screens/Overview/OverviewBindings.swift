import TerminalCanvas
import Widgets
import WorkerDomain

/// What the overview shows of bindings and backends.
enum OverviewBindings {
    // MARK: Both in one pane

    static func draw(into canvas: inout Canvas, in area: Rect, withBackends: Bool, world: World) {
        let glyphs = canvas.glyphs.glyphs
        let inner = self.drawBindingsBox(into: &canvas, in: area, world: world).inset(rows: 0, columns: 1)
        let bindings = self.bindingLines(world.resources, columns: inner.columns, glyphs: glyphs, world: world)
        guard withBackends else { return self.write(bindings, into: &canvas, in: inner) }
        let backends = self.backendLines(columns: inner.columns, glyphs: glyphs, world: world)
        // Backends keep two rows whatever the project binds.
        let kept = min(backends.count, 2)
        let room = max(1, inner.rows - max(kept, min(backends.count, inner.rows - bindings.count)))
        let upper = self.shortened(
            bindings, urgent: self.urgentBindings(in: world), rows: room, glyphs: glyphs, world.language)
        let active = Set(world.backends.backends.indices.filter { world.backends.backends[$0].isActive })
        let lower = self.shortened(
            backends, urgent: active, rows: max(0, inner.rows - upper.count), glyphs: glyphs, world.language)
        self.write(upper + lower, into: &canvas, in: inner)
    }

    private static func drawBindingsBox(into canvas: inout Canvas, in area: Rect, world: World) -> Rect {
        let newest = world.health.values.compactMap(\.probedAt).max()
        let note = newest.map { newest -> String in
            let seconds = max(.zero, world.now.since(newest)).components.seconds
            let age = seconds < 60 ? "\(seconds) s" : Format.duration(.seconds(seconds))
            return OverviewPhrases.probed(world.language, age)
        }
        return Box(title: OverviewPhrases.bindings(world.language), note: note ?? "").draw(into: &canvas, in: area)
    }

    static func bindingLines(_ resources: [BoundResource], columns: Int, glyphs: Glyphs, world: World) -> [[TextRun]] {
        if resources.isEmpty { return [[TextRun(OverviewPhrases.noBindings(world.language), .dim)]] }
        return OverviewLines(language: world.language, glyphs: glyphs).lines(
            of: resources, health: world.health, columns: columns)
    }

    /// Bindings that need somebody: they are seen when not all are.
    static func urgentBindings(in world: World) -> Set<Int> {
        Set(
            world.resources.indices.filter { index in
                switch world.health[world.resources[index].binding.id]?.state {
                case .failed, .locked: true
                case .healthy, .empty, .unknown, .remote, nil: false
                }
            })
    }

    /// As many lines as there is room for, in their order, the urgent ones before others; the last line says how many
    /// are left out.
    static func shortened(
        _ lines: [[TextRun]], urgent: Set<Int>, rows: Int, glyphs: Glyphs, _ language: Language
    ) -> [[TextRun]] {
        guard lines.count > rows else { return lines }
        guard rows > 0 else { return [] }
        let order = lines.indices.sorted { (urgent.contains($0) ? 0 : 1, $0) < (urgent.contains($1) ? 0 : 1, $1) }
        let shown = order.prefix(rows - 1).sorted()
        let more = OverviewPhrases.more(language, "\(lines.count - shown.count)")
        return shown.map { lines[$0] } + [[TextRun("\(glyphs.more) \(more)", .dim)]]
    }

    private static func write(_ rows: [[TextRun]], into canvas: inout Canvas, in inner: Rect) {
        for (offset, runs) in rows.prefix(inner.rows).enumerated() {
            canvas.write(runs, row: inner.row + offset, column: inner.column, maxColumns: inner.columns)
        }
    }

    static func mark(of state: BindingHealth.State, _ glyphs: Glyphs) -> (glyph: String, role: Role) {
        switch state {
        case .unknown, .remote: (glyphs.idle, .dim)
        case .empty: (glyphs.idle, .ok)
        case .locked: (glyphs.rising, .warning)
        case .failed: (glyphs.cross, .failure)
        case .healthy: (glyphs.up, .ok)
        }
    }

    // MARK: Backends in a line each

    static func backendLines(columns: Int, glyphs: Glyphs, world: World) -> [[TextRun]] {
        let language = world.language
        let backends = world.backends.backends
        if backends.isEmpty {
            let key = world.keymap.shown("\(GlobalKeys.owner).backend", usually: .character("t"))
            return [[TextRun(OverviewPhrases.noBackends(language, key), .warning)]]
        }
        let latencies = backends.map { self.latency(of: $0) }
        let right = max(4, latencies.map { Sanitizer.columns(of: $0) }.max() ?? 0)
        let names = min(14, backends.map { Sanitizer.columns(of: $0.backend.name) }.max() ?? 0)
        return zip(backends, latencies).map { status, latency in
            let mark = HealthMark(status.health, glyphs: glyphs)
            let name = Truncation.middle(status.backend.name, columns: names, ellipsis: glyphs.ellipsis)
            let lead = status.isActive ? glyphs.active : " "
            let room = max(0, columns - 2 - 1 - names - 1 - right - 1)
            let note = self.note(of: status, columns: room, glyphs: glyphs, language)
            return [
                TextRun("\(mark.glyph) ", mark.role),
                TextRun(Padding.end("\(lead)\(name)", names + 2), status.isActive ? .strong : .plain),
                TextRun(Padding.end(note.text, room + 1), note.role),
                TextRun(Padding.start(latency, right)),
            ]
        }
    }

    /// What the newest probe took, when it passed.
    private static func latency(of status: BackendStatus) -> String {
        guard let probe = status.probes.last, probe.passed else { return Format.unknown }
        return Format.duration(probe.latency)
    }

    /// State and load of a backend, as much of it as fits.
    private static func note(
        of status: BackendStatus, columns: Int, glyphs: Glyphs, _ language: Language
    ) -> TextRun {
        let state = BackendsScreen.state(of: status.health, probes: status.probes, glyphs, language)
        let count = Format.count(status.inFlight)
        let load =
            status.isDraining
            ? OverviewPhrases.drainingLeft(language, count)
            : status.inFlight > 0 || status.isActive
                ? CommonPhrases.inFlight(language, count) : OverviewPhrases.idle(language)
        let role: Role = status.isDraining ? .warning : state.role == .ok ? .plain : state.role
        let both = "\(state.text) · \(load)"
        if Sanitizer.columns(of: both) <= columns { return TextRun(both, role) }
        let isState = !status.isDraining && status.health != .up
        let text = isState ? state.text : load
        return TextRun(Truncation.end(text, columns: columns, ellipsis: glyphs.ellipsis), role)
    }

    // MARK: Wide panes

    static func drawTable(into canvas: inout Canvas, in area: Rect, world: World) {
        let inner = self.drawBindingsBox(into: &canvas, in: area, world: world)
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        guard !world.resources.isEmpty else {
            return self.write(
                self.bindingLines([], columns: inner.columns, glyphs: glyphs, world: world), into: &canvas,
                in: inner.inset(rows: 0, columns: 1))
        }
        let (heading, body) = inner.splitTop(1)
        let names = min(24, world.resources.map { Sanitizer.columns(of: $0.binding.name) }.max() ?? 4)
        let place = heading.column + 1
        let titles =
            Padding.end(OverviewPhrases.columnName(language), names + 3)
            + OverviewPhrases.columnKind(language)
        canvas.write(titles, row: heading.row, column: place, role: .heading, maxColumns: heading.columns - 2)
        let figures = [OverviewPhrases.columnItems, OverviewPhrases.columnSize, OverviewPhrases.columnRead]
            .map { $0(language) }.joined(separator: " · ")
        let right = heading.endColumn - 1 - Sanitizer.columns(of: figures)
        if right > place + Sanitizer.columns(of: titles) + 2 {
            canvas.write(figures, row: heading.row, column: right, role: .heading)
        }
        var lines: [[TextRun]] = []
        let rows = self.bindingLines(world.resources, columns: body.columns - 2, glyphs: glyphs, world: world)
        // Where each one's data is goes below it while there is room.
        let hasPlaces = rows.count * 2 <= body.rows
        for (row, resource) in zip(rows, world.resources) {
            lines.append(row)
            guard hasPlaces else { continue }
            let resourceName = resource.binding.resource.map { $0 + "  " } ?? ""
            let text = Truncation.middle(
                resourceName + world.place(of: resource), columns: body.columns - 4, ellipsis: glyphs.ellipsis)
            lines.append([TextRun("  " + text, .dim)])
        }
        let shown = self.shortened(
            lines, urgent: hasPlaces ? [] : self.urgentBindings(in: world), rows: body.rows, glyphs: glyphs, language)
        self.write(shown, into: &canvas, in: body.inset(rows: 0, columns: 1))
    }

    static func drawBackends(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let inner = Box(title: OverviewPhrases.backends(language)).draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        let strip = inner.columns >= 50 ? 12 : 0
        let lines = self.backendLines(
            columns: inner.columns - (strip > 0 ? strip + 2 : 0), glyphs: glyphs, world: world)
        let last = world.backends.switches.last
        let foot = last != nil && inner.rows >= 5 ? 2 : 0
        let active = Set(world.backends.backends.indices.filter { world.backends.backends[$0].isActive })
        let shown = self.shortened(lines, urgent: active, rows: inner.rows - foot, glyphs: glyphs, language)
        self.write(shown, into: &canvas, in: inner)
        if strip > 0, shown.count == lines.count {
            for (offset, status) in world.backends.backends.enumerated() {
                BackendsScreen.drawStrip(
                    status.probes, count: strip, &canvas, row: inner.row + offset, column: inner.endColumn - strip)
            }
        }
        guard foot > 0, let last else { return }
        let time = ClockText.time(last.at, secondsFromUTC: world.secondsFromUTC)
        let text = OverviewPhrases.lastSwitch(language, time, last.from ?? Format.unknown, last.to, last.by)
        canvas.write(
            [TextRun(text, .dim)], row: inner.endRow - 1, column: inner.column, maxColumns: inner.columns)
    }
}
