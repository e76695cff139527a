package import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

extension TrafficScreen {
    package func draw(into canvas: inout Canvas, area: Rect, world: World) {
        self.clicks.clear()
        if let detail = self.detail { return self.draw(detail, into: &canvas, in: area, world: world) }
        // In a small window an empty filter takes no row from the list.
        let hasFilter = area.rows >= 8 || self.isTyping || !self.field.isEmpty
        let (line, rest) = area.splitTop(hasFilter ? 1 : 0)
        if hasFilter { self.drawFilter(into: &canvas, in: line, world: world) }
        if area.columns >= 120 {
            let (list, side) = rest.splitLeft(area.columns * 6 / 10)
            let count = Format.count(self.rows.count(in: world))
            let inner = Box(title: TrafficPhrases.requests(world.language), note: count, isFocused: true).draw(
                into: &canvas, in: list)
            self.drawRows(into: &canvas, in: inner, world: world)
            self.drawSide(into: &canvas, in: side, world: world)
        } else if rest.rows >= 14, area.columns >= 60, let exchange = self.selected(in: world) {
            let (list, foot) = rest.splitTop(rest.rows - 4)
            self.drawRows(into: &canvas, in: list, world: world)
            self.drawPreview(of: exchange, into: &canvas, in: foot, world: world)
        } else {
            self.drawRows(into: &canvas, in: rest, world: world)
        }
    }

    private func drawFilter(into canvas: inout Canvas, in line: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let all = Format.count(world.traffic.count)
        var right =
            self.rows.filter.isEmpty
            ? TrafficPhrases.all(language, all)
            : TrafficPhrases.shownOf(language, Format.count(self.rows.count(in: world)), all)
        var role = Role.dim
        if let error = self.filterError {
            right =
                "\(glyphs.cross) "
                + TrafficPhrases.brokenAt(language, "\(error.offset + 1)", language.text(error.problem))
            right = Truncation.end(right, columns: max(10, line.columns * 6 / 10), ellipsis: glyphs.ellipsis)
            role = .failure
        }
        let rightColumn = line.endColumn - Sanitizer.columns(of: right) - 1
        let label = " \(TrafficPhrases.filterLabel(language)) \(glyphs.active) "
        let start = line.column + canvas.write(label, row: line.row, column: line.column, role: .dim)
        let place = Rect(row: line.row, column: start, rows: 1, columns: max(0, rightColumn - 2 - start))
        if self.field.isEmpty, !self.isTyping {
            canvas.write(Format.unknown, row: line.row, column: start, role: .dim)
        } else {
            self.field.draw(into: &canvas, in: place, role: .strong, isFocused: self.isTyping)
        }
        canvas.write(right, row: line.row, column: rightColumn, role: role)
        if let error = self.filterError, error.offset < place.columns {
            // The place itself is marked while the text has not scrolled.
            canvas.paint(Rect(row: line.row, column: start + error.offset, rows: 1, columns: 1), role: .failure)
        }
    }

    private func drawRows(into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let isSmall = area.columns < 60
        var viewport = self.viewport
        viewport.update(count: self.rows.count(in: world))
        let listening = world.status.listening.first ?? Format.unknown
        let emptyText =
            self.rows.filter.isEmpty
            ? TrafficPhrases.empty(language, listening) : TrafficPhrases.noneMatch(language)
        let targets = world.backends.backends.map { Sanitizer.columns(of: $0.backend.name) }.max() ?? 3
        let columns = [
            TableColumn(TrafficPhrases.time(language), .fixed(isSmall ? 5 : 12)),
            TableColumn(TrafficPhrases.method(language), .fixed(isSmall ? 4 : 7)),
            TableColumn(TrafficPhrases.path(language), .flexible(minimum: 12), truncation: .middle),
            TableColumn(TrafficPhrases.status(language), .fixed(4)),
            TableColumn(TrafficPhrases.size(language), .fixed(7), alignment: .right, priority: isSmall ? 9 : 2),
            TableColumn(TrafficPhrases.duration(language), .fixed(8), alignment: .right, priority: isSmall ? 8 : 1),
            TableColumn(
                TrafficPhrases.target(language), .fixed(max(4, min(area.columns >= 90 ? 14 : 6, targets))),
                priority: isSmall ? 10 : 3),
            TableColumn(TrafficPhrases.flags(language), .fixed(4), priority: isSmall ? 11 : 4),
        ]
        let used = isSmall ? Array(columns.prefix(4)) : columns
        let table = Table(columns: used, emptyText: emptyText, showsHeading: !isSmall)
        let window = table.draw(into: &canvas, in: area, viewport: viewport) { index in
            guard let exchange = self.rows.exchange(at: index, in: world) else { return TableRow([]) }
            return self.row(of: exchange, glyphs: glyphs, isSmall: isSmall, world: world)
        }
        self.clicks.note(true, table.body(of: area), first: window.lowerBound, count: window.upperBound)
    }

    private func row(of exchange: Exchange, glyphs: Glyphs, isSmall: Bool, world: World) -> TableRow {
        let mark = ExchangeText.mark(exchange, glyphs: glyphs)
        let time = ClockText.time(
            exchange.startedAt, secondsFromUTC: world.secondsFromUTC, milliseconds: !isSmall)
        let redaction = self.redaction(in: world)
        let facts = self.facts.facts(of: exchange, redaction: redaction)
        let (target, shownMethod, notes) = (facts.target, facts.method, facts.notes)
        let role: Role = mark.role == .failure ? .failure : .plain
        let refused = notes.refusedSummary(world.language)
        // `OPT`, `DEL`: three letters tell methods apart where four columns are all there is.
        let method = isSmall && shownMethod.count > 4 ? String(shownMethod.prefix(3)) : shownMethod
        let cells = [
            TableCell(isSmall ? String(time.suffix(5)) : time, .dim),
            TableCell(method.isEmpty ? Format.unknown : method, role),
            TableCell((target.isEmpty ? Format.unknown : target) + (refused.map { "  \($0)" } ?? ""), role),
            TableCell(mark.glyph + ExchangeText.status(exchange), mark.role),
            TableCell(ExchangeText.size(exchange)),
            TableCell(ExchangeText.duration(exchange, now: world.now), exchange.isInFlight ? .active : .plain),
            TableCell(ExchangeText.target(exchange), .dim),
            TableCell(
                (refused == nil && notes.redirectPastProxy(in: world) == nil ? "" : glyphs.warning)
                    + ExchangeText.flags(exchange, glyphs: glyphs), .warning),
        ]
        let marker = self.marks.contains(exchange.id) ? TextRun(glyphs.marked, .match) : nil
        return TableRow(isSmall ? Array(cells.prefix(4)) : cells, marker: marker)
    }

    private func title(of exchange: Exchange, glyphs: Glyphs, world: World) -> String {
        let mark = ExchangeText.mark(exchange, glyphs: glyphs)
        let facts = self.facts.facts(of: exchange, redaction: self.redaction(in: world))
        let shown = Truncation.middle(facts.target, columns: 34, ellipsis: glyphs.ellipsis)
        let duration = ExchangeText.duration(exchange, now: world.now)
        return
            "\(facts.method) \(shown)  \(mark.glyph)\(ExchangeText.status(exchange))  \(duration)"
    }

    private func drawPreview(of exchange: Exchange, into canvas: inout Canvas, in area: Rect, world: World) {
        let glyphs = canvas.glyphs.glyphs
        let title = self.title(of: exchange, glyphs: glyphs, world: world)
        let note = "\(ExchangeText.destination(exchange, glyphs: glyphs, world.language)) · \(exchange.id)"
        let inner = Box(title: title, note: note).draw(into: &canvas, in: area).inset(rows: 0, columns: 1)
        guard inner.rows >= 2 else { return }
        let phases = TrafficDetail.phases(of: exchange)
        let roles: [Role] = [.dim, .warning, .redirect, .active, .ok]
        var runs: [TextRun] = []
        var parts: [StackedBar.Part] = []
        for (index, phase) in phases.enumerated() {
            runs.append(TextRun(phase.code + " ", roles[index]))
            runs.append(TextRun((phase.time.map { Format.duration($0) } ?? Format.unknown) + "  "))
            if let time = phase.time, time > .zero {
                parts.append(.init(time / .nanoseconds(1), role: roles[index], shade: 0))
            }
        }
        let used = canvas.write(runs, row: inner.row, column: inner.column, maxColumns: inner.columns)
        let bar = Rect(
            row: inner.row, column: inner.column + used + 1, rows: 1, columns: max(0, inner.columns - used - 1))
        if !parts.isEmpty, bar.columns >= 6 { StackedBar(parts).draw(into: &canvas, in: bar) }
        let failed = exchange.ending.map { $0.cause != .completed } ?? false
        let redaction = self.redaction(in: world)
        let facts = self.facts.facts(of: exchange, redaction: redaction)
        let notes = facts.notes.all(in: world, redaction: redaction)
        let text = ([ExchangeText.ending(exchange, world.language)] + notes).joined(separator: " · ")
        let ending = Truncation.end(text, columns: inner.columns, ellipsis: glyphs.ellipsis)
        let role: Role = failed ? .failure : notes.isEmpty ? .dim : .warning
        canvas.write(ending, row: inner.row + 1, column: inner.column, role: role)
    }

    private func drawSide(into canvas: inout Canvas, in area: Rect, world: World) {
        guard let exchange = self.selected(in: world) else {
            Box().draw(into: &canvas, in: area)
            return
        }
        let glyphs = canvas.glyphs.glyphs
        let title = self.title(of: exchange, glyphs: glyphs, world: world)
        let inner = Box(title: title, note: "\(exchange.id)").draw(into: &canvas, in: area)
            .inset(rows: 0, columns: 1)
        let language = world.language
        let redaction = self.redaction(in: world)
        let facts = self.facts.facts(of: exchange, redaction: redaction)
        var lines = TrafficDetail.timing(
            exchange, facts.notes, in: world, redaction: redaction, columns: max(4, inner.columns - 29))
        lines += self.facts.glance(of: exchange, redaction: redaction, language) {
            Self.glance(exchange, redaction: redaction, language)
        }
        for (offset, line) in lines.prefix(inner.rows).enumerated() {
            canvas.write(line, row: inner.row + offset, column: inner.column, maxColumns: inner.columns)
        }
    }

    /// The beginnings of heads and body: the whole is one key away.
    private static func glance(_ exchange: Exchange, redaction: Redaction, _ language: Language) -> [[TextRun]] {
        var lines = [[], [TextRun(TrafficPhrases.request(language), .title)]]
        lines += TrafficDetail.head(Self.beginning(exchange.requestHead, lines: 12), redaction: redaction)
        if exchange.status != nil {
            lines += [[], [TextRun(TrafficPhrases.response(language), .title)]]
            lines += TrafficDetail.head(Self.beginning(exchange.responseHead, lines: 10), redaction: redaction)
            var body = exchange.responseBody
            if body.bytes.count > 2048 { body.bytes = Array(body.bytes.prefix(2048)) }
            lines += TrafficDetail.body(
                body, head: exchange.responseHead, redaction: redaction, isComplete: !exchange.isInFlight, language)
        }
        return lines
    }

    /// The first lines of a head, as far as a window may show them.
    private static func beginning(_ head: [UInt8], lines: Int) -> [UInt8] {
        let limit = 2_000
        var beginning: [UInt8] = []
        for line in head.split(separator: 0x0A, maxSplits: lines).prefix(lines) {
            beginning += line.prefix(limit) + [0x0A]
        }
        return beginning
    }

    private func draw(_ detail: TrafficDetail, into canvas: inout Canvas, in area: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let exchange = detail.exchange
        let (top, rest) = area.splitTop(1)
        let isKept = world.traffic.index(of: exchange.id) != nil
        let mark = ExchangeText.mark(exchange, glyphs: glyphs)
        let right =
            "\(mark.glyph)\(ExchangeText.status(exchange))  \(ExchangeText.duration(exchange, now: world.now))"
            + "  " + ExchangeText.destination(exchange, glyphs: glyphs, language)
        let rightColumn = top.endColumn - Sanitizer.columns(of: right) - 1
        let facts = self.facts.facts(of: exchange, redaction: self.redaction(in: world))
        let left = Truncation.middle(
            "\(exchange.id)  \(facts.method) \(facts.target)", columns: max(4, rightColumn - 3),
            ellipsis: glyphs.ellipsis)
        canvas.write(left, row: top.row, column: top.column + 1, role: .strong)
        canvas.write(right, row: top.row, column: rightColumn, role: mark.role)
        if let field = detail.finder.field {
            detail.finder.draw(field, into: &canvas, in: top, label: CommonPhrases.find(language))
        }
        let (tabs, body) = rest.splitTop(1)
        let titles = [TrafficPhrases.request, TrafficPhrases.response, TrafficPhrases.timing].map { $0(language) }
        let used = TabBar(titles, selected: detail.tab.rawValue).draw(
            into: &canvas, in: tabs.inset(rows: 0, columns: 1))
        let hidden = detail.hidden
        var note = hidden > 0 ? TrafficPhrases.hidden(language, "\(hidden)") : ""
        if !isKept { note = TrafficPhrases.gone(language) }
        let noteColumn = tabs.endColumn - Sanitizer.columns(of: note) - 1
        if noteColumn > used + 3 { canvas.write(note, row: tabs.row, column: noteColumn, role: .dim) }
        guard body.rows >= 8 else {
            detail.pager.draw(into: &canvas, in: body.inset(rows: 0, columns: 1))
            return
        }
        let shown = detail.pager.offset + 1
        let inner = Box(
            title: titles[detail.tab.rawValue],
            note: detail.pager.lines.count > body.rows - 2 ? "\(shown)/\(detail.pager.lines.count)" : "",
            isFocused: true
        ).draw(into: &canvas, in: body)
        detail.pager.draw(into: &canvas, in: inner.inset(rows: 0, columns: 1))
    }
}
