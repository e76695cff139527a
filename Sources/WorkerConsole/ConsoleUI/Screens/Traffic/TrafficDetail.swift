import ContentViews
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
    /// Values of the exchange that are hidden.
    private(set) var hidden = 0
    private var notes: ExchangeNotes
    /// What is looked for is looked for in each.
    private var panes = Tab.allCases.map { _ in ContentPane(wraps: true) }
    /// The bodies that the panes show, request and response, and how.
    private var bodies: [Body?] = [nil, nil]

    /// What decides how a body is shown.
    private struct Body: Equatable {
        let id: ExchangeID
        let head: [UInt8]
        let kept: Int
        let total: Int
        let isRevealed: Bool
    }

    init(_ exchange: Exchange) {
        self.exchange = exchange
        self.notes = ExchangeNotes(exchange: exchange)
    }

    subscript(tab: Tab) -> ContentPane {
        get { self.panes[tab.rawValue] }
        set { self.panes[tab.rawValue] = newValue }
    }

    /// Shows an exchange, or what it has become.
    /// - Returns: What request and response want, in this order.
    mutating func use(_ exchange: Exchange, in world: World, redaction: Redaction) -> [(Tab, ContentTask)] {
        let isSame = self.exchange.id == exchange.id
        self.exchange = exchange
        self.notes = ExchangeNotes(exchange: exchange)
        self.hidden = redaction.count(in: exchange)
        let timing =
            TrafficTiming.waterfall(of: exchange, at: world.now, columns: 44, world.language) + [[]]
            + TrafficTiming.facts(of: exchange, self.notes, in: world, redaction: redaction)
        self[.timing].show(timing, label: nil)
        let sides = [
            (Tab.request, TrafficContent.request(exchange, redaction: redaction)),
            (.response, TrafficContent.response(exchange, in: world, redaction: redaction)),
        ]
        return sides.compactMap { tab, side in
            self.show(side, in: tab, isSame: isSame, world, redaction).map { (tab, $0) }
        }
    }

    private mutating func show(
        _ side: TrafficContent.Side, in tab: Tab, isSame: Bool, _ world: World, _ redaction: Redaction
    ) -> ContentTask? {
        guard let item = TrafficContent.item(of: side) else {
            self.bodies[tab.rawValue] = nil
            self[tab].clear()
            let missing = TrafficContent.missing(side.body, isComplete: !self.exchange.isInFlight, world.language)
            // Without a response there is no body to miss.
            self[tab].show(side.lines + (side.head.isEmpty ? [] : missing), label: nil)
            return nil
        }
        self[tab].show(side.lines + [[]], label: TrafficContent.label(of: side.body, world.language))
        let body = Body(
            id: self.exchange.id, head: side.head, kept: side.body.bytes.count, total: side.body.totalBytes,
            isRevealed: redaction.isOff)
        if body == self.bodies[tab.rawValue], self[tab].language == world.language { return nil }
        self.bodies[tab.rawValue] = body
        return self[tab].open(item, world.contentOptions(redaction), isSame: isSame && self[tab].isOpen)
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

    func shownTab(in world: World) -> Tab { self.shownTab(isWide: world.layout.shows(Self.sides)) }

    // MARK: Finding

    /// What is looked for; empty when nothing is.
    var query: String { self[self.tab].query }
    var isTyping: Bool { self.panes.contains { $0.isTyping } }

    mutating func paste(_ text: String) {
        for tab in Tab.allCases where self[tab].isTyping { self[tab].paste(text) }
    }

    /// What is looked for in one pane is looked for in all.
    mutating func shareQuery(of tab: Tab) {
        let query = self[tab].query
        for other in Tab.allCases where other != tab { self[other].use(query) }
    }

    // MARK: Drawing

    /// What a layout notes where request and response stand beside each other.
    static let sides = "sides"
    /// What a layout notes where a pane of the detail has room.
    static let contentShown = "content"

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
        for pane in self.panes where pane.isTyping { pane.drawField(into: &canvas, in: line, language) }
    }

    /// That values are hidden, or that the exchange has left the journal.
    private func note(in world: World) -> String {
        if world.traffic.index(of: self.exchange.id) == nil { return TrafficPhrases.gone(world.language) }
        // What is hidden behind codings shows only when they are taken off.
        let decoded = [Tab.request, .response].filter { self[$0].root?.codings.isEmpty == false }
        let hidden = decoded.reduce(self.hidden) { $0 + self[$1].hidden }
        return hidden > 0 ? TrafficPhrases.hidden(world.language, "\(hidden)") : ""
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
            layout.noteFocus(body)
            layout.noteShown(Self.contentShown)
            return ContentPaneView(self[self.tab]).draw(into: &canvas, in: body)
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
        let pane = self[tab]
        let view = ContentPaneView(pane, isFocused: isFocused)
        let hasNote = pane.lineCount > area.rows - 2 || pane.cursorPath != nil
        let ellipsis = canvas.glyphs.glyphs.ellipsis
        let note = hasNote ? view.position(world.language, columns: area.columns * 3 / 5, ellipsis: ellipsis) : ""
        let inner = Box(title: tab.title(world.language), note: note, isFocused: isFocused).draw(
            into: &canvas, in: area)
        view.draw(into: &canvas, in: inner)
        if let zone = TrafficScreen.Zone(tab) { layout.note(zone, area, first: 0, count: 0) }
        if isFocused {
            layout.noteFocus(inner)
            layout.noteShown(Self.contentShown)
        }
    }
}
