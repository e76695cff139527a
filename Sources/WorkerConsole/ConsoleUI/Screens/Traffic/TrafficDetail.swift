import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// One exchange opened: its tabs, or in a wide window request and response beside each other below its timing.
struct TrafficDetail: Sendable {
    enum Tab: Int, Sendable, CaseIterable {
        case request, response, timing

        var title: Phrase {
            switch self {
            case .request: TrafficPhrases.request
            case .response: TrafficPhrases.response
            case .timing: TrafficPhrases.timing
            }
        }
    }

    private(set) var exchange: Exchange
    /// What keys go to.
    private(set) var tab = Tab.response
    private(set) var finder = TextFinder()
    /// Values of the exchange that are hidden.
    private(set) var hidden = 0
    private var notes: ExchangeNotes
    /// The lines of each tab, without marks.
    private var lines: [[[TextRun]]] = []
    private var pagers = Tab.allCases.map { _ in TextPager(isWrapped: true) }

    init(_ exchange: Exchange, in world: World, redaction: Redaction) {
        self.exchange = exchange
        self.notes = ExchangeNotes(exchange: exchange)
        self.use(exchange, in: world, redaction: redaction)
    }

    mutating func use(_ exchange: Exchange, in world: World, redaction: Redaction) {
        let isSame = self.exchange.id == exchange.id
        self.exchange = exchange
        self.notes = ExchangeNotes(exchange: exchange)
        self.hidden = redaction.count(in: exchange)
        self.lines = [
            TrafficContent.request(exchange, redaction: redaction, world.language),
            TrafficContent.response(exchange, in: world, redaction: redaction),
            TrafficTiming.waterfall(of: exchange, at: world.now, columns: 44, world.language) + [[]]
                + TrafficTiming.facts(of: exchange, self.notes, in: world, redaction: redaction),
        ]
        let offsets = self.pagers.map(\.offset)
        self.mark()
        // An exchange that goes on stays where it is read.
        for index in self.pagers.indices { self.pagers[index].scroll(to: isSame ? offsets[index] : 0) }
    }

    // MARK: Tabs

    /// Goes to the next tab; beside each other there are two.
    mutating func turn(_ step: Int, isWide: Bool) {
        let all = isWide ? [Tab.request, .response] : Tab.allCases
        let place = all.firstIndex(of: self.shownTab(isWide: isWide)) ?? 0
        self.tab = all[(place + step + all.count) % all.count]
    }

    mutating func focus(_ tab: Tab) { self.tab = tab }

    /// Timing stands above both sides of a wide window and needs no key.
    func shownTab(isWide: Bool) -> Tab { isWide && self.tab == .timing ? .response : self.tab }

    mutating func scroll(_ movement: KeyMovement, _ layout: ScreenLayout) {
        let tab = self.shownTab(isWide: layout.shows(Self.sides)).rawValue
        self.pagers[tab].scroll(
            by: movement.rows(page: layout.page), rows: layout.page, columns: layout.columns)
    }

    // MARK: Finding

    mutating func beginFinding() { self.finder.begin() }

    mutating func paste(_ text: String) { self.finder.field?.paste(text) }

    /// - Returns: True when the text is complete and can be looked for.
    mutating func type(_ key: KeyEvent) -> Bool { self.finder.take(key) }

    /// Goes to the next line that holds what is looked for.
    /// - Returns: False when there is none.
    mutating func find(_ step: Int, _ layout: ScreenLayout) -> Bool {
        self.mark()
        let tab = self.shownTab(isWide: layout.shows(Self.sides)).rawValue
        let lines = self.lines[tab]
        let start = self.pagers[tab].offset
        guard let line = self.finder.seek(step, from: start, count: lines.count, line: { lines[$0] }) else {
            return false
        }
        self.pagers[tab].scroll(to: line)
        return true
    }

    mutating func stopFinding() {
        self.finder.clear()
        self.mark()
    }

    /// Shows the lines with what is looked for marked.
    private mutating func mark() {
        for index in self.pagers.indices {
            let offset = self.pagers[index].offset
            let lines = self.lines[index]
            self.pagers[index].setLines(
                self.finder.query.isEmpty ? lines : lines.map { self.finder.marked($0) })
            self.pagers[index].scroll(to: offset)
        }
    }

    // MARK: Drawing

    /// What a layout notes where request and response stand beside each other.
    static let sides = "sides"

    func draw(
        into canvas: inout Canvas, in area: Rect, _ facts: ExchangeFacts, redaction: Redaction,
        _ layout: inout ScreenLayout, world: World
    ) {
        let (top, rest) = area.splitTop(1)
        self.drawTitle(facts, into: &canvas, in: top, world: world)
        if area.columns >= 120, area.rows >= 16 {
            layout.noteShown(Self.sides)
            return self.drawSides(into: &canvas, in: rest, redaction: redaction, &layout, world: world)
        }
        let (line, below) = rest.splitTop(rest.rows >= 10 && self.tab != .timing ? 1 : 0)
        if line.rows > 0 {
            TrafficTiming.drawLine(
                of: self.exchange, into: &canvas, in: line.inset(rows: 0, columns: 1), world.language)
        }
        self.drawTab(into: &canvas, in: below, &layout, world: world)
    }

    private func drawTitle(_ facts: ExchangeFacts, into canvas: inout Canvas, in line: Rect, world: World) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let exchange = self.exchange
        let mark = ExchangeText.mark(exchange, glyphs: glyphs)
        let right =
            "\(mark.glyph)\(ExchangeText.status(exchange))  \(ExchangeText.duration(exchange, now: world.now))"
            + "  " + ExchangeText.destination(exchange, glyphs: glyphs, language)
        let rightColumn = line.endColumn - Sanitizer.columns(of: right) - 1
        let left = Truncation.end(
            "\(exchange.id)  \(facts.method) \(facts.target)", columns: max(4, rightColumn - 3),
            ellipsis: glyphs.ellipsis)
        canvas.write(left, row: line.row, column: line.column + 1, role: .strong)
        canvas.write(right, row: line.row, column: rightColumn, role: mark.role)
        if let field = self.finder.field {
            self.finder.draw(field, into: &canvas, in: line, label: CommonPhrases.find(language))
        }
    }

    /// That values are hidden, or that the exchange has left the journal.
    private func note(in world: World) -> String {
        if world.traffic.index(of: self.exchange.id) == nil { return TrafficPhrases.gone(world.language) }
        return self.hidden > 0 ? TrafficPhrases.hidden(world.language, "\(self.hidden)") : ""
    }

    /// The same with how far it has come; why it broke off stands in the lines.
    private func progress(in world: World) -> String {
        let isWell = self.exchange.ending.map { $0.cause == .completed } ?? true
        let parts = [isWell ? ExchangeText.ending(self.exchange, world.language) : "", self.note(in: world)]
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func drawTab(into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout, world: World) {
        let (tabs, body) = area.splitTop(1)
        let titles = Tab.allCases.map { $0.title(world.language) }
        let used = TabBar(titles, selected: self.tab.rawValue).draw(
            into: &canvas, in: tabs.inset(rows: 0, columns: 1))
        let note = self.progress(in: world)
        let noteColumn = tabs.endColumn - Sanitizer.columns(of: note) - 1
        if noteColumn > used + 3 { canvas.write(note, row: tabs.row, column: noteColumn, role: .dim) }
        guard body.rows >= 8 else {
            let inner = body.inset(rows: 0, columns: 1)
            layout.noteFocus(inner)
            self.pagers[self.tab.rawValue].draw(into: &canvas, in: inner)
            return
        }
        self.drawBox(self.tab, isFocused: true, into: &canvas, in: body, &layout, world: world)
    }

    private func drawSides(
        into canvas: inout Canvas, in area: Rect, redaction: Redaction, _ layout: inout ScreenLayout, world: World
    ) {
        let facts = TrafficTiming.facts(of: self.exchange, self.notes, in: world, redaction: redaction)
        let (top, rest) = area.splitTop(min(max(8, facts.count + 2), 11))
        let inner = Box(title: TrafficPhrases.timing(world.language), note: self.note(in: world)).draw(
            into: &canvas, in: top
        ).inset(rows: 0, columns: 1)
        let (left, right) = inner.splitLeft(inner.columns * 11 / 20)
        let bars = TrafficTiming.waterfall(
            of: self.exchange, at: world.now, columns: left.columns - TrafficTiming.figures - 2, world.language)
        for (lines, place) in [(bars, left), (facts, right)] {
            for (offset, line) in lines.prefix(place.rows).enumerated() {
                canvas.write(line, row: place.row + offset, column: place.column, maxColumns: place.columns - 1)
            }
        }
        let sides = rest.splitLeft(rest.columns / 2)
        let focus = self.shownTab(isWide: true)
        for (tab, place) in [(Tab.request, sides.left), (.response, sides.rest)] {
            self.drawBox(tab, isFocused: tab == focus, into: &canvas, in: place, &layout, world: world)
        }
    }

    private func drawBox(
        _ tab: Tab, isFocused: Bool, into canvas: inout Canvas, in area: Rect,
        _ layout: inout ScreenLayout, world: World
    ) {
        let pager = self.pagers[tab.rawValue]
        let count = pager.lines.count
        let inner = Box(
            title: tab.title(world.language), note: count > area.rows - 2 ? "\(pager.offset + 1)/\(count)" : "",
            isFocused: isFocused
        ).draw(into: &canvas, in: area).inset(rows: 0, columns: 1)
        pager.draw(into: &canvas, in: inner)
        if let zone = TrafficScreen.Zone(tab) { layout.note(zone, area, first: 0, count: 0) }
        if isFocused { layout.noteFocus(inner) }
    }
}
