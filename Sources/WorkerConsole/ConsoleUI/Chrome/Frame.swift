import Executors
import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

/// Draws the fixed lines around a screen and what lies over it.
struct Frame {
    let model: ConsoleModel

    static let smallest = Size(columns: 40, rows: 10)

    static func isTooSmall(_ size: Size) -> Bool {
        size.columns < self.smallest.columns || size.rows < self.smallest.rows
    }

    var world: World { self.model.world }
    var language: Language { self.model.world.language }
    var isCompact: Bool { self.model.size.columns < 60 || self.model.size.rows < 16 }
    private var isWide: Bool { self.model.size.columns >= 120 }

    func draw() -> Canvas { self.drawWithLayout().canvas }

    /// - Returns: What is shown, and where what keys and clicks go to stands in it.
    func drawWithLayout() -> (canvas: Canvas, layout: ScreenLayout) {
        let size = self.model.size
        var canvas = Canvas(columns: size.columns, rows: size.rows, glyphs: self.model.glyphs)
        var layout = ScreenLayout()
        if Self.isTooSmall(size) {
            self.drawCard(into: &canvas)
        } else {
            let top = self.isCompact ? 3 : 2
            let body = Rect(row: top, column: 0, rows: size.rows - top - 2, columns: size.columns)
            layout = self.model.screen?.draw(into: &canvas, area: body, world: self.world) ?? layout
            giveWay()
            if self.isCompact { self.drawCompactTop(into: &canvas) } else { self.drawTop(into: &canvas) }
            giveWay()
            // The key line goes by where things stand now, not by where they stood before.
            var model = self.model
            model.world.layout = layout
            Frame(model: model).drawFoot(into: &canvas)
            if let window = self.drawOverlay(into: &canvas, body: body) { layout.noteFocus(window) }
        }
        if self.model.isMono { Self.removeColours(from: &canvas) }
        return (canvas, layout)
    }

    /// Gives roles that are told by colour one that is told by weight or reverse.
    private static func removeColours(from canvas: inout Canvas) {
        for row in 0..<canvas.size.rows {
            for column in 0..<canvas.size.columns {
                let place = Rect(row: row, column: column, rows: 1, columns: 1)
                if canvas[row, column].isSelected {
                    canvas.select(place, false)
                    canvas.paint(place, role: .selected)
                    continue
                }
                let role: Role? =
                    switch canvas[row, column].role {
                    case .ok, .redirect, .literal, .number: .plain
                    case .warning, .failure, .active, .name: .strong
                    case .danger, .match: .selected
                    default: nil
                    }
                if let role { canvas.paint(place, role: role) }
            }
        }
    }

    // MARK: Top

    private var health: String {
        guard let active = self.world.backends.active else { return CommonPhrases.noBackend(self.language) }
        return "\(active.backend.name) \(HealthMark(active.health, glyphs: self.model.glyphs.glyphs).glyph)"
    }

    private var stateGlyph: String {
        let glyphs = self.model.glyphs.glyphs
        switch self.world.status.state {
        case .starting: return glyphs.rising
        case .serving: return glyphs.up
        case .draining: return glyphs.warning
        case .failed: return glyphs.cross
        }
    }

    private func drawTop(into canvas: inout Canvas) {
        let glyphs = canvas.glyphs.glyphs
        let line = Rect(row: 0, column: 0, rows: 1, columns: canvas.size.columns)
        canvas.paint(line, role: .header)
        var clock = ClockText.time(self.world.now, secondsFromUTC: self.world.secondsFromUTC)
        if self.isWide { clock += " " + ClockText.zone(self.world.secondsFromUTC) }
        let clockColumn = line.endColumn - Sanitizer.columns(of: clock) - 1
        canvas.write(clock, row: 0, column: clockColumn, role: .header)
        var column = 1
        func put(_ text: String, gap: Int = 3, role: Role = .header, whole: Bool = false) {
            let room = clockColumn - 2 - column
            guard room >= (whole ? Sanitizer.columns(of: text) : 3) else { return }
            let shown = Truncation.end(text, columns: room, ellipsis: glyphs.ellipsis)
            column += canvas.write(shown, row: 0, column: column, role: role) + gap
        }
        let name = Truncation.middle(
            self.world.status.name, columns: self.isWide ? 32 : 16, ellipsis: glyphs.ellipsis)
        // What is wrong on purpose comes before the program's own name.
        let hasFault = self.world.backends.backends.contains { $0.fault != nil }
        if self.isWide || !hasFault { put("WorkerConsole", gap: 2) }
        put(name, gap: 2)
        if self.isWide, let main = self.world.status.main { put(main) }
        let listening = self.world.status.listening.first ?? Format.unknown
        put("\(self.stateGlyph) LOCAL \(listening)", gap: self.world.status.isExposed ? 1 : 2)
        if self.world.status.isExposed { put(" \(CommonPhrases.exposed(self.language)) ", gap: 2, role: .danger) }
        put("\(glyphs.active) \(self.health)")
        if let backend = self.world.backends.active?.backend, backend.isInsecure, backend.url.scheme == .https {
            let name = self.isWide ? CommonPhrases.unverified(self.language) + " " : ""
            put(" \(glyphs.key) \(name)", gap: 2, role: .danger)
        }
        // A long toast covers the banner for a while; this stays.
        if hasFault {
            let word = "\(glyphs.flag) \(SteeringPhrases.faultBadge(self.language))"
            let room = clockColumn - 2 - column
            let badge = [" \(word) ", word].first { Sanitizer.columns(of: $0) <= room } ?? " \(glyphs.flag) "
            put(badge, gap: 2, role: .danger)
        }
        self.drawTabs(into: &canvas)
        guard self.isWide else { return }
        let failing = self.world.checks?.count(of: .fail) ?? 0
        if failing > 0 {
            let text = ChromePhrases.checksFailing(self.language, "\(failing)")
            put("\(glyphs.cross) \(text)")
        }
        let notices = self.world.status.notices.count + ProjectText.noticeCount(self.world.status.project)
        if notices > 0 {
            let text = ChromePhrases.notices(self.language, "\(notices)")
            put("\(glyphs.warning) \(text)")
        }
        // A figure without its end is another figure.
        put(Format.rate(self.world.statistics.requestsPerSecond), whole: true)
    }

    private var tabs: (bar: TabBar, place: Rect) {
        let catalog = self.model.catalog
        return (
            TabBar(catalog.tabs(self.language), selected: (catalog.number(of: self.model.current) ?? 1) - 1),
            Rect(row: 1, column: 1, rows: 1, columns: self.model.size.columns - 2)
        )
    }

    /// The screen whose title stands at a place of the tab line; `nil` for every other place.
    func tab(row: Int, column: Int) -> ScreenID? {
        let (bar, place) = self.tabs
        guard !self.isCompact, row == place.row, let index = bar.index(at: column - place.column, in: place.columns)
        else { return nil }
        return self.model.catalog.ids[index]
    }

    private func drawTabs(into canvas: inout Canvas) {
        let (bar, place) = self.tabs
        let used = bar.draw(into: &canvas, in: place)
        func key(_ action: String, _ usual: KeyEvent) -> String {
            self.world.keymap.shown("\(GlobalKeys.owner).\(action)", usually: usual)
        }
        var help = "\(key("help", .character("?"))) \(ChromePhrases.help(self.language))"
        if self.isWide {
            help =
                "\(key("command", .character(":"))) \(ChromePhrases.command(self.language))   \(help)   "
                + "\(key("palette", .control("p"))) \(ChromePhrases.palette(self.language))"
        }
        let column = canvas.size.columns - Sanitizer.columns(of: help) - 1
        if column > used + 3 { canvas.write(help, row: 1, column: column, role: .dim) }
    }

    private func drawCompactTop(into canvas: inout Canvas) {
        let glyphs = canvas.glyphs.glyphs
        let columns = canvas.size.columns
        let statistics = self.world.statistics
        canvas.paint(Rect(row: 0, column: 0, rows: 1, columns: columns), role: .header)
        let port = self.world.status.listening.first.flatMap { $0.split(separator: ":").last } ?? "—"
        let backend = " \(self.stateGlyph) LOCAL :\(port) \(glyphs.active) \(self.health)"
        // The clock gives way to what tells one worker from another.
        let clock = String(ClockText.time(self.world.now, secondsFromUTC: self.world.secondsFromUTC).prefix(5))
        let whole = Sanitizer.columns(of: self.world.status.name + backend) + (self.world.status.isExposed ? 2 : 0)
        let room = columns - 2 - (whole <= columns - 8 ? 6 : 0)
        if room < columns - 2 { canvas.write(clock, row: 0, column: columns - 6, role: .header) }
        let name = Truncation.middle(
            self.world.status.name, columns: max(4, room - Sanitizer.columns(of: backend)), ellipsis: glyphs.ellipsis)
        let identity = Truncation.end(name + backend, columns: room, ellipsis: glyphs.ellipsis)
        let used = canvas.write(identity, row: 0, column: 1, role: .header)
        if self.world.status.isExposed, used < room {
            canvas.write("!", row: 0, column: used + 2, role: .danger)
        }
        let catalog = self.model.catalog
        let title =
            "\(catalog.number(of: self.model.current) ?? 0)/\(catalog.screens.count) "
            + catalog.title(of: self.model.current)(self.language)
        let failures = statistics.statusMix[5] ?? 0
        var column = 1 + canvas.write(title, row: 1, column: 1, role: .tabSelected) + 2
        column +=
            canvas.write(
                "5xx \(Format.count(failures))", row: 1, column: column, role: failures > 0 ? .failure : .plain) + 2
        column += canvas.write(Format.rate(statistics.requestsPerSecond), row: 1, column: column) + 2
        let p95 = "p95 \(statistics.p95.map { Format.duration($0) } ?? Format.unknown)"
        if column + p95.count <= columns { canvas.write(p95, row: 1, column: column) }
        canvas.write(String(repeating: glyphs.horizontal, count: columns), row: 2, column: 0, role: .border)
    }

    // MARK: Over the screen

    /// - Returns: The window that moves in pages, where there is one.
    private func drawOverlay(into canvas: inout Canvas, body: Rect) -> Rect? {
        guard let overlay = self.model.overlay else { return nil }
        canvas.cursor = nil
        switch overlay {
        case .help(let help): return help.draw(into: &canvas, in: body, model: self.model)
        case .command(let field):
            let row = canvas.size.rows - 2
            canvas.fill(Rect(row: row, column: 0, rows: 1, columns: canvas.size.columns))
            canvas.write(":", row: row, column: 1, role: .key)
            field.draw(
                into: &canvas, in: Rect(row: row, column: 2, rows: 1, columns: canvas.size.columns - 3),
                role: .strong)
        case .palette(let palette): return palette.draw(into: &canvas, in: body, language: self.language)
        case .backend(let dialog): dialog.draw(into: &canvas, in: body, world: self.world)
        }
        return nil
    }

    private func drawCard(into canvas: inout Canvas) {
        let size = canvas.size
        let port = self.world.status.listening.first.flatMap { $0.split(separator: ":").last }
        let serving = port.map { ChromePhrases.stillServing(self.language, ":\($0)") }
        let failures = self.world.statistics.statusMix[5] ?? 0
        let quit = self.world.keymap.shown("\(GlobalKeys.owner).quit", usually: .character("q"))
        let lines: [(String, Role)] = [
            (serving ?? ChromePhrases.notServing(self.language), .strong),
            (ChromePhrases.tooSmall(self.language, "\(size.columns)×\(size.rows)"), .plain),
            (ChromePhrases.needed(self.language, "40×10", "\(size.columns)×\(size.rows)"), .plain),
            ("5xx \(failures)   \(self.health)   \(quit) \(ChromePhrases.quit(self.language))", .plain),
        ]
        let first = max(0, (size.rows - lines.count) / 2)
        for (offset, line) in lines.enumerated() {
            canvas.write(line.0, row: first + offset, column: size.columns > 8 ? 1 : 0, role: line.1)
        }
    }
}
