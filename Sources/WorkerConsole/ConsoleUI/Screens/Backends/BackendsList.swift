import TerminalCanvas
import Widgets
import WorkerDomain

/// Draws the list of the backends screen: a row each, and why one is not up.
struct BackendsList {
    let rows: [BackendsRow]
    let cursor: Int
    /// The selection is where keys go.
    let isFocused: Bool
    /// Why a backend is in the state it is in.
    let why: String?
    let world: World

    /// Where the columns of the list stand, for a width.
    private struct Columns {
        let name: Int
        let state: Int
        let url: Int
        let strip: Int
        let latency: Int
        /// In flight, requests and failures; between, only what is in flight.
        let counts: Bool
        let flight: Int
        /// Percent of new requests, where that is not simply all of them to the active one.
        let share: Int

        init(_ columns: Int, longestName: Int, showsShare: Bool) {
            self.share = showsShare && columns >= 60 ? 5 : 0
            self.state = 11
            self.strip = columns < 70 ? 0 : columns < 92 ? 12 : 20
            self.flight = columns >= 70 && columns < 92 ? 7 : 0
            self.latency = columns < 50 ? 0 : 8
            self.counts = columns >= 92
            self.name =
                columns < 60
                ? max(8, columns - 3 - self.state - self.latency - 6)
                : max(5, min(longestName + 1, columns >= 92 ? 24 : 13))
            let rest =
                columns - 3 - self.name - self.state - self.share - self.latency - (self.strip > 0 ? self.strip + 1 : 0)
            self.url = columns < 60 ? 0 : max(0, rest - (self.counts ? 22 : self.flight) - 2)
        }
    }

    /// Draws it; `hasKeys` says that keys go to the list, also while a question lies over it.
    func draw(into canvas: inout Canvas, in rect: Rect, _ layout: inout ScreenLayout, hasKeys: Bool) {
        let language = self.world.language
        let rows = self.rows
        guard !rows.isEmpty else {
            Pane.notice(
                &canvas, rect,
                [
                    Span("\(canvas.glyphs.glyphs.idle) \(BackendsPhrases.noBackends(language))", .strong),
                    Span(
                        BackendsPhrases.adviceNoBackend(
                            language, self.world.keymap.shown("backends.new", usually: .character("n"))), .dim),
                ])
            return
        }
        let names = rows.map { row in
            if case .backend(let status) = row { Sanitizer.columns(of: status.backend.name) } else { 4 }
        }
        let columns = Columns(
            rect.columns, longestName: names.max() ?? 8,
            showsShare: self.world.backends.canary != nil || self.world.backends.policy != "active")
        var list = rect
        if rect.rows > 5 {
            self.drawHeadings(columns, &canvas, rect, language)
            list = rect.splitTop(1).rest
        }
        let height = max(1, list.rows - (self.why == nil || list.rows < 3 ? 0 : 1))
        let area = Rect(row: list.row, column: list.column, rows: min(height, list.rows), columns: list.columns)
        if hasKeys { layout.noteFocus(area) }
        let cursor = max(0, min(self.cursor, rows.count - 1))
        let top = Pane.top(cursor: cursor, count: rows.count, height: height)
        layout.note(BackendsScreen.Focus.list, area, first: top, count: rows.count)
        for offset in 0..<min(height, rows.count - top) {
            let row = list.row + offset
            switch rows[top + offset] {
            case .backend(let status): self.drawBackend(status, columns, &canvas, row, rect, language)
            case .suggestion(let name, let url): self.drawSuggestion(name, url, columns, &canvas, row, rect, language)
            }
            if top + offset == cursor { Pane.select(&canvas, row: row, in: rect, isFocused: self.isFocused) }
        }
        if let why, list.rows >= 3 {
            Pane.write(
                [Span(why, .warning)], to: &canvas, row: list.row + min(height, rows.count - top),
                column: rect.column + 1, columns: rect.columns - 2)
        }
    }

    private func drawHeadings(_ columns: Columns, _ canvas: inout Canvas, _ rect: Rect, _ language: Language) {
        var place = rect.column + 3
        func put(_ phrase: Phrase, _ width: Int, _ canvas: inout Canvas) {
            guard width > 0 else { return }
            canvas.write(phrase(language), row: rect.row, column: place, role: .heading, maxColumns: width - 1)
            place += width
        }
        put(BackendsPhrases.columnName, columns.name, &canvas)
        put(BackendsPhrases.columnState, columns.state, &canvas)
        if columns.share > 0 {
            Pane.right(
                SteeringPhrases.columnShare(language), to: &canvas, row: rect.row, column: place - 1,
                columns: columns.share - 1, role: .heading)
            place += columns.share
        }
        put(BackendsPhrases.columnURL, columns.url, &canvas)
        if columns.strip > 0 {
            canvas.write(
                BackendsPhrases.columnHealth(language, "\(columns.strip)"), row: rect.row, column: place,
                role: .heading, maxColumns: columns.strip)
            place += columns.strip + 1
        }
        if columns.latency > 0 {
            Pane.right(
                BackendsPhrases.columnLatency(language), to: &canvas, row: rect.row, column: place - 1,
                columns: columns.latency, role: .heading)
            place += columns.latency
        }
        if columns.flight > 0 {
            Pane.right(
                BackendsPhrases.columnInFlight(language), to: &canvas, row: rect.row, column: place,
                columns: columns.flight - 1, role: .heading)
        }
        if columns.counts {
            for (phrase, width) in [
                (BackendsPhrases.columnInFlight, 7), (BackendsPhrases.columnRequests, 8),
                (BackendsPhrases.columnFailures, 7),
            ] {
                Pane.right(
                    phrase(language), to: &canvas, row: rect.row, column: place, columns: width - 1, role: .heading)
                place += width
            }
        }
    }

    private func drawBackend(
        _ status: BackendStatus, _ columns: Columns, _ canvas: inout Canvas, _ row: Int, _ rect: Rect,
        _ language: Language
    ) {
        let glyphs = canvas.glyphs.glyphs
        if status.isActive { canvas.write(glyphs.active, row: row, column: rect.column + 1, role: .active) }
        var place = rect.column + 3
        let name = Truncation.middle(status.backend.name, columns: columns.name - 1, ellipsis: glyphs.ellipsis)
        canvas.write(name, row: row, column: place, role: status.isActive ? .strong : .plain)
        place += columns.name
        var (mark, text, role) = BackendsScreen.state(of: status.health, probes: status.probes, glyphs, language)
        // What is broken on purpose is not to be taken for what is broken.
        if status.fault != nil { (mark, role) = (glyphs.flag, .danger) }
        canvas.write("\(mark) \(text)", row: row, column: place, role: role, maxColumns: columns.state - 1)
        place += columns.state
        if columns.share > 0 {
            let share = status.isHeldBack ? glyphs.pause : status.share.map { "\($0)" } ?? glyphs.unknown
            Pane.right(
                share, to: &canvas, row: row, column: place - 1, columns: columns.share - 1,
                role: status.isHeldBack ? .warning : .plain)
            place += columns.share
        }
        if columns.url > 0 {
            let url = Truncation.middle(
                status.backend.url.description, columns: columns.url - 1, ellipsis: glyphs.ellipsis)
            canvas.write(url, row: row, column: place)
            place += columns.url
        }
        if columns.strip > 0 {
            BackendsScreen.drawStrip(status.probes, count: columns.strip, &canvas, row: row, column: place)
            place += columns.strip + 1
        }
        if columns.latency > 0 {
            let latency = status.probes.last.flatMap { $0.passed ? ScreenFormat.duration($0.latency) : nil }
            Pane.right(
                latency ?? glyphs.unknown, to: &canvas, row: row, column: place - 1, columns: columns.latency)
            place += columns.latency
        }
        // What is left on a target that was switched away from keeps it from being stopped.
        let flightRole: Role = status.isDraining ? .warning : .plain
        if columns.flight > 0 {
            Pane.right(
                Self.flight(of: status, glyphs), to: &canvas, row: row, column: place, columns: columns.flight - 1,
                role: flightRole)
        }
        if columns.counts {
            Pane.right(
                Self.flight(of: status, glyphs), to: &canvas, row: row, column: place, columns: 6, role: flightRole)
            Pane.right(ScreenFormat.count(status.requests), to: &canvas, row: row, column: place + 7, columns: 7)
            Pane.right(
                ScreenFormat.count(status.failures), to: &canvas, row: row, column: place + 15, columns: 6,
                role: status.failures > 0 ? .failure : .plain)
        } else if columns.url == 0 {
            Pane.right(
                Self.flight(of: status, glyphs), to: &canvas, row: row, column: place, columns: 5,
                role: status.isDraining ? .warning : .active)
        }
    }

    /// Exchanges in flight; an arrow says that they run out.
    private static func flight(of status: BackendStatus, _ glyphs: Glyphs) -> String {
        (status.isDraining ? glyphs.arrowDown : "") + ScreenFormat.count(status.inFlight)
    }

    private func drawSuggestion(
        _ name: String, _ url: String, _ columns: Columns, _ canvas: inout Canvas, _ row: Int, _ rect: Rect,
        _ language: Language
    ) {
        let glyphs = canvas.glyphs.glyphs
        let place = rect.column + 3
        canvas.write("+", row: row, column: rect.column + 1, role: .dim)
        let shown = Truncation.middle(name, columns: columns.name + columns.state - 1, ellipsis: glyphs.ellipsis)
        canvas.write(shown, row: row, column: place, role: .dim)
        guard columns.url > 0 else { return }
        let rest = place + columns.name + columns.state
        let text = "\(url)  \(BackendsPhrases.suggested(language))"
        canvas.write(
            Truncation.end(text, columns: rect.endColumn - rest - 1, ellipsis: glyphs.ellipsis), row: row, column: rest,
            role: .dim)
    }
}
