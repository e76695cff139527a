import TerminalCanvas
import Widgets
import WorkerDomain

extension BackendDialog {
    func draw(into canvas: inout Canvas, in area: Rect, world: World) {
        let rowsWanted: Int
        switch self.mode {
        case .choose: rowsWanted = max(1, world.backends.backends.count) + 6
        case .add: rowsWanted = 6 + (self.suggestions(in: world).isEmpty ? 0 : self.suggestions(in: world).count + 2)
        }
        let columns = min(area.columns, 72)
        let rows = min(area.rows, rowsWanted)
        let place = Rect(
            row: area.row + (area.rows - rows) / 2, column: area.column + (area.columns - columns) / 2, rows: rows,
            columns: columns)
        let title = self.mode == .choose ? ChromePhrases.backendTitle : ChromePhrases.backendNew
        let inner: Rect
        if area.rows < 8 {
            // A frame would leave no row for what is chosen from.
            canvas.fill(area)
            inner = area.inset(rows: 0, columns: 1)
        } else {
            inner = Box(title: title(world.language), isFocused: true).draw(into: &canvas, in: place)
                .inset(rows: 0, columns: 1)
        }
        guard !inner.isEmpty else { return }
        switch self.mode {
        case .choose: self.drawChoice(into: &canvas, in: inner, world: world)
        case .add: self.drawForm(into: &canvas, in: inner, world: world)
        }
    }

    private func drawChoice(into canvas: inout Canvas, in inner: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let hint = ChromePhrases.backendFilter(language)
        canvas.write(glyphs.active, row: inner.row, column: inner.column, role: .key)
        if self.name.isEmpty { canvas.write(hint, row: inner.row, column: inner.column + 3, role: .dim) }
        self.field(self.name, into: &canvas, row: inner.row, in: inner)
        let shown = self.shown(in: world)
        let selected = self.selection(in: world)
        let foot = inner.rows < 6 ? 2 : 4
        let list = Rect(
            row: inner.row + 1, column: inner.column, rows: max(0, inner.rows - foot), columns: inner.columns)
        if shown.isEmpty {
            canvas.write(
                ChromePhrases.backendNoMatch(language), row: list.row, column: list.column + 2, role: .warning,
                maxColumns: list.columns - 2)
        }
        let index = shown.firstIndex { $0.backend.name == selected?.backend.name } ?? 0
        let first = max(0, min(index - list.rows / 2, shown.count - list.rows))
        for (line, status) in shown.dropFirst(first).prefix(max(0, list.rows)).enumerated() {
            self.draw(
                status, isSelected: status.backend.name == selected?.backend.name, into: &canvas,
                at: Rect(row: list.row + line, column: list.column, rows: 1, columns: list.columns), world: world)
        }
        self.note(
            self.consequence(of: selected, world: world), into: &canvas,
            row: inner.endRow - (inner.rows < 6 ? 1 : 2), in: inner)
    }

    private func consequence(of selected: BackendStatus?, world: World) -> (String, Role) {
        let language = world.language
        if let problem = self.problem { return (problem, .failure) }
        if self.isBusy { return (ChromePhrases.backendBusy(language), .active) }
        guard let active = world.backends.active else { return ("", .dim) }
        if active.backend.name == selected?.backend.name {
            return (ChromePhrases.already(language, active.backend.name), .dim)
        }
        if let selected, selected.health == .down {
            let probe = selected.probes.last
            let text = BackendsPhrases.isDown(
                language, selected.backend.name, probe?.code ?? Format.unknown, language.text(probe?.detail ?? ""))
            return (text, .warning)
        }
        if active.inFlight == 0 { return (ChromePhrases.backendIdle(language, active.backend.name), .dim) }
        return (ChromePhrases.backendStays(language, Format.count(active.inFlight), active.backend.name), .active)
    }

    private func draw(
        _ status: BackendStatus, isSelected: Bool, into canvas: inout Canvas, at line: Rect, world: World
    ) {
        let glyphs = canvas.glyphs.glyphs
        let mark = HealthMark(status.health, glyphs: glyphs)
        let longest = world.backends.backends.map { Sanitizer.columns(of: $0.backend.name) }.max() ?? 0
        let names = min(18, line.columns / 3, longest)
        let name = Truncation.middle(status.backend.name, columns: names, ellipsis: glyphs.ellipsis)
        let flight = CommonPhrases.inFlight(world.language, Format.count(status.inFlight))
        let latency = status.probes.last.flatMap { $0.passed ? Format.duration($0.latency) : nil } ?? Format.unknown
        let state = BackendsScreen.state(of: status.health, probes: status.probes, glyphs, world.language).text
        let right = "\(line.columns >= 60 ? state + "  " : "")\(flight)  \(Self.right(latency, 7))"
        let rightColumns = Sanitizer.columns(of: right)
        let lead = isSelected ? glyphs.pointer : status.isActive ? glyphs.active : " "
        canvas.write(lead, row: line.row, column: line.column, role: isSelected ? .active : .plain)
        canvas.write(mark.glyph, row: line.row, column: line.column + 2, role: mark.role)
        canvas.write(name, row: line.row, column: line.column + 4, role: .strong)
        let urlColumn = line.column + 4 + names + 2
        let room = line.endColumn - rightColumns - 1 - urlColumn
        if room > 8 {
            let url = Truncation.middle(status.backend.url.description, columns: room, ellipsis: glyphs.ellipsis)
            canvas.write(url, row: line.row, column: urlColumn, role: .dim)
        }
        canvas.write(right, row: line.row, column: line.endColumn - rightColumns)
        if isSelected { canvas.select(line) }
    }

    private func drawForm(into canvas: inout Canvas, in inner: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        canvas.write(
            ChromePhrases.backendAsk(language), row: inner.row, column: inner.column, maxColumns: inner.columns)
        canvas.write(glyphs.active, row: inner.row + 1, column: inner.column, role: .key)
        self.field(self.url, into: &canvas, row: inner.row + 1, in: inner)
        let suggestions = self.suggestions(in: world)
        if !suggestions.isEmpty, inner.rows >= 6 {
            canvas.write(
                ChromePhrases.backendSuggested(language), row: inner.row + 3, column: inner.column, role: .dim,
                maxColumns: inner.columns)
            for (line, suggestion) in suggestions.prefix(max(0, inner.rows - 6)).enumerated() {
                let isSelected = self.url.text == suggestion.url
                let row = inner.row + 4 + line
                let text = Truncation.end(
                    "\(isSelected ? glyphs.pointer : " ") \(suggestion.name)  \(suggestion.url)",
                    columns: inner.columns, ellipsis: glyphs.ellipsis)
                canvas.write(text, row: row, column: inner.column)
                if isSelected { Pane.select(&canvas, row: row, in: inner, isFocused: true) }
            }
        }
        let message: (String, Role)
        if let problem = self.problem {
            message = (problem, .failure)
        } else if self.isBusy {
            message = (ChromePhrases.backendBusy(language), .active)
        } else if let url = try? BackendURL(parsing: self.url.text) {
            message = (
                ChromePhrases.backendSaved(language, self.newName(for: url, in: world), url.description), .dim
            )
        } else {
            message = ("", .dim)
        }
        self.note(message, into: &canvas, row: inner.endRow - 2, in: inner)
    }

    private func field(_ field: TextField, into canvas: inout Canvas, row: Int, in inner: Rect) {
        let place = Rect(row: row, column: inner.column + 2, rows: 1, columns: max(0, inner.columns - 2))
        if field.isEmpty, self.mode == .choose {
            // The hint stays readable behind an empty field.
            canvas.cursor = (row: row, column: place.column)
        } else {
            field.draw(into: &canvas, in: place, role: .strong)
        }
    }

    /// One or two lines at the foot of the dialog.
    private func note(_ message: (String, Role), into canvas: inout Canvas, row: Int, in inner: Rect) {
        guard !message.0.isEmpty else { return }
        let lines = TextWrap.wrap([TextRun(message.0, message.1)], columns: inner.columns, limit: 2)
        for (offset, line) in lines.enumerated() where row + offset < inner.endRow && row + offset > inner.row {
            canvas.write(line, row: row + offset, column: inner.column, maxColumns: inner.columns)
        }
    }

    private static func right(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: text))) + text
    }
}

/// The glyph and colour of a backend's health.
struct HealthMark: Sendable, Equatable {
    let glyph: String
    let role: Role

    init(_ health: BackendHealth, glyphs: Glyphs) {
        switch health {
        case .unknown: (self.glyph, self.role) = (glyphs.idle, .dim)
        case .up: (self.glyph, self.role) = (glyphs.up, .ok)
        case .rising: (self.glyph, self.role) = (glyphs.rising, .active)
        case .falling: (self.glyph, self.role) = (glyphs.warning, .warning)
        case .down: (self.glyph, self.role) = (glyphs.down, .failure)
        }
    }
}
