import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// What the traffic screen says of exchanges.
enum TrafficText {
    /// The marks of a row and of its timing.
    static let legend: [LegendLine] = [
        LegendLine("·", TrafficPhrases.legendOK), LegendLine("↪", TrafficPhrases.legendRedirect),
        LegendLine("▲", TrafficPhrases.legendWarning), LegendLine("✖", TrafficPhrases.legendFailure),
        LegendLine("…", TrafficPhrases.legendInFlight), LegendLine("⊘", TrafficPhrases.legendGone),
        LegendLine("⇄", TrafficPhrases.legendPreflight), LegendLine("⚑", TrafficPhrases.legendFlag),
        LegendLine("⚿", TrafficPhrases.legendKey), LegendLine("↺", TrafficPhrases.legendRetry),
        LegendLine("⧗", TrafficPhrases.legendTimer), LegendLine("✂", TrafficPhrases.legendCut),
        LegendLine("▲ FLAGS", TrafficPhrases.legendNote), LegendLine("◆", TrafficPhrases.legendMarked),
        LegendLine("TR", TrafficPhrases.legendHead), LegendLine("Tw", TrafficPhrases.legendQueue),
        LegendLine("Tc", TrafficPhrases.legendConnect), LegendLine("Tr", TrafficPhrases.legendWait),
        LegendLine("Td", TrafficPhrases.legendBody), LegendLine("Ta", TrafficPhrases.legendTotal),
    ]

    static func found(_ rows: TrafficRows, in world: World) -> String {
        let all = Format.count(world.traffic.count)
        return rows.filter.isEmpty
            ? TrafficPhrases.all(world.language, all)
            : TrafficPhrases.shownOf(world.language, Format.count(rows.count(in: world)), all)
    }

    // MARK: Rows

    private static func isSmall(_ columns: Int) -> Bool { columns < 60 }

    static func table(isFiltered: Bool, columns width: Int, world: World) -> Table {
        let language = world.language
        let isSmall = self.isSmall(width)
        let isWide = width >= 90
        let listening = world.status.listening.first ?? Format.unknown
        let emptyText =
            isFiltered
            ? TrafficPhrases.noneMatch(
                language, world.keymap.shown("traffic.clear-filter", usually: .character("c")))
            : TrafficPhrases.empty(language, listening)
        let backends = world.backends.backends.map { Sanitizer.columns(of: $0.backend.name) }.max() ?? 3
        let target = isWide ? TrafficPhrases.columnBackend(language) : TrafficPhrases.target(language)
        let flags = isWide ? TrafficPhrases.columnFlags(language) : TrafficPhrases.flags(language)
        let targetColumns = max(Sanitizer.columns(of: target), min(isWide ? 14 : 6, backends))
        let columns = [
            TableColumn(TrafficPhrases.time(language), .fixed(isSmall ? 5 : 12)),
            TableColumn(TrafficPhrases.method(language), .fixed(isSmall ? 4 : 7)),
            TableColumn(TrafficPhrases.path(language), .flexible(minimum: 12)),
            TableColumn(TrafficPhrases.status(language), .fixed(4)),
            TableColumn(TrafficPhrases.size(language), .fixed(7), alignment: .right, priority: 2),
            TableColumn(TrafficPhrases.duration(language), .fixed(8), alignment: .right, priority: 1),
            TableColumn(target, .fixed(max(4, targetColumns)), priority: 3),
            TableColumn(flags, .fixed(max(4, Sanitizer.columns(of: flags))), priority: 4),
        ]
        return Table(
            columns: isSmall ? Array(columns.prefix(4)) : columns, emptyText: emptyText, showsHeading: !isSmall)
    }

    static func row(
        of exchange: Exchange, _ facts: ExchangeFacts, isMarked: Bool, columns: Int, glyphs: Glyphs, world: World
    ) -> TableRow {
        let isSmall = self.isSmall(columns)
        let mark = ExchangeText.mark(exchange, glyphs: glyphs)
        let time = ClockText.time(
            exchange.startedAt, secondsFromUTC: world.secondsFromUTC, milliseconds: !isSmall)
        let role: Role = mark.role == .failure ? .failure : .plain
        let refused = facts.notes.refusedSummary(world.language)
        // `OPT`, `DEL`: three letters tell methods apart where four columns are all there is.
        let method = isSmall && facts.method.count > 4 ? String(facts.method.prefix(3)) : facts.method
        let path = facts.target.isEmpty ? Format.unknown : facts.target
        var cells = [
            TableCell(isSmall ? String(time.suffix(5)) : time, .dim),
            TableCell(method.isEmpty ? Format.unknown : method, role),
            TableCell(refused.map { "\(path)  \($0)" } ?? path, role),
            TableCell(mark.glyph + ExchangeText.status(exchange), mark.role),
        ]
        if !isSmall {
            let hasNote = refused != nil || facts.notes.redirectPastProxy(in: world) != nil
            cells += [
                TableCell(ExchangeText.size(exchange)),
                TableCell(ExchangeText.duration(exchange, now: world.now), exchange.isInFlight ? .active : .plain),
                TableCell(ExchangeText.target(exchange), .dim),
                TableCell((hasNote ? glyphs.warning : "") + ExchangeText.flags(exchange, glyphs: glyphs), .warning),
            ]
        }
        return TableRow(cells, marker: isMarked ? TextRun(glyphs.marked, .match) : nil)
    }

    // MARK: The selected one

    /// Method, path, status and time in a title with a note beside it; of all that the path gives way.
    private static func title(
        of exchange: Exchange, _ facts: ExchangeFacts, columns: Int, glyphs: Glyphs, world: World
    ) -> String {
        let mark = ExchangeText.mark(exchange, glyphs: glyphs)
        let end =
            "  \(mark.glyph)\(ExchangeText.status(exchange))  \(ExchangeText.duration(exchange, now: world.now))"
        let room = max(12, columns - 8 - Sanitizer.columns(of: end))
        return Truncation.end("\(facts.method) \(facts.target)", columns: room, ellipsis: glyphs.ellipsis) + end
    }

    static func drawPreview(
        of exchange: Exchange, _ facts: ExchangeFacts, _ redaction: Redaction, into canvas: inout Canvas, in area: Rect,
        world: World
    ) {
        let glyphs = canvas.glyphs.glyphs
        let note = "\(ExchangeText.destination(exchange, glyphs: glyphs, world.language)) · \(exchange.id)"
        let title = self.title(
            of: exchange, facts, columns: area.columns - Sanitizer.columns(of: note), glyphs: glyphs, world: world)
        let inner = Box(title: title, note: note).draw(into: &canvas, in: area).inset(rows: 0, columns: 1)
        guard inner.rows >= 2 else { return }
        TrafficTiming.drawLine(of: exchange, into: &canvas, in: inner.splitTop(1).top, world.language)
        let failed = exchange.ending.map { $0.cause != .completed } ?? false
        let notes = facts.notes.all(in: world, redaction: redaction)
        let text = ([ExchangeText.ending(exchange, world.language)] + notes).joined(separator: " · ")
        let ending = Truncation.end(text, columns: inner.columns, ellipsis: glyphs.ellipsis)
        let role: Role = failed ? .failure : notes.isEmpty ? .dim : .warning
        canvas.write(ending, row: inner.row + 1, column: inner.column, role: role)
    }

    static func drawSide(
        of exchange: Exchange, _ facts: ExchangeFacts, _ glance: [[TextRun]], _ redaction: Redaction,
        into canvas: inout Canvas, in area: Rect, world: World
    ) {
        let glyphs = canvas.glyphs.glyphs
        let note = "\(exchange.id)"
        let title = self.title(
            of: exchange, facts, columns: area.columns - Sanitizer.columns(of: note), glyphs: glyphs, world: world)
        let inner = Box(title: title, note: note).draw(into: &canvas, in: area).inset(rows: 0, columns: 1)
        var lines = TrafficTiming.waterfall(
            of: exchange, at: world.now, columns: max(4, inner.columns - TrafficTiming.figures - 2), world.language)
        lines.append([])
        lines += TrafficTiming.facts(of: exchange, facts.notes, in: world, redaction: redaction)
        for (offset, line) in (lines + glance).prefix(inner.rows).enumerated() {
            canvas.write(line, row: inner.row + offset, column: inner.column, maxColumns: inner.columns)
        }
    }

    // MARK: State

    static func stateLine(of list: TrafficListPane, isRevealed: Bool, in world: World) -> [Span] {
        let language = world.language
        var spans: [Span] = []
        if list.isFollowing {
            spans.append(Span("● \(TrafficPhrases.live(language)) · \(TrafficPhrases.follow(language))", .ok))
        } else {
            spans.append(Span("‖ \(TrafficPhrases.paused(language))", .warning))
            let new = list.newRows(in: world)
            if new > 0 {
                let key = world.keymap.shown("traffic.last", usually: .character("G"))
                spans.append(Span("  \(TrafficPhrases.newBelow(language, Format.count(new), key))", .strong))
            }
        }
        // That secrets are shown is the last thing to be left out.
        if isRevealed { spans += [Span(" · "), Span(TrafficPhrases.revealed(language), .danger)] }
        let count = list.rows.count(in: world)
        if count > 0 {
            let row = Format.count(list.viewport.selection + 1)
            spans.append(Span(" · " + TrafficPhrases.row(language, row, Format.count(count))))
        }
        if !list.marks.isEmpty {
            spans.append(Span(" · " + TrafficPhrases.marked(language, Format.count(list.marks.count))))
        }
        spans.append(Span(" · " + TrafficPhrases.ring(language, Format.count(world.statistics.kept))))
        let dropped = world.statistics.dropped
        spans.append(
            Span(" · " + TrafficPhrases.dropped(language, Format.count(dropped)), dropped > 0 ? .failure : .plain))
        if !isRevealed { spans.append(Span(" · " + TrafficPhrases.redacted(language))) }
        return spans
    }
}
