import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// The rows that pass the filter: which one is selected, which ones are marked, and whether the newest is followed.
struct TrafficListPane: Sendable {
    private(set) var rows = TrafficRows()
    private(set) var viewport = ListViewport()
    private(set) var marks: Set<ExchangeID> = []
    private(set) var isFollowing = true
    private(set) var selectedID: ExchangeID?
    /// The newest row when following ended; what is above it is new.
    private var anchor: ExchangeID?
    /// Rows that the list showed when somebody last pressed a key in it.
    private var page = 20

    func selected(in world: World) -> Exchange? {
        self.selectedID.flatMap { world.traffic.index(of: $0) }.map { world.traffic[$0] }
    }

    /// Rows that came after following ended.
    func newRows(in world: World) -> Int {
        guard !self.isFollowing, let anchor = self.anchor else { return 0 }
        let next = ExchangeID(rawValue: anchor.rawValue &+ 1)
        return max(0, self.rows.count(in: world) - self.rows.row(atOrAfter: next, in: world))
    }

    /// The viewport with the number of rows that there are now.
    func shown(in world: World) -> ListViewport {
        var viewport = self.viewport
        viewport.update(count: self.rows.count(in: world))
        return viewport
    }

    mutating func note(page: Int) { self.page = page }

    // MARK: Rows

    mutating func apply(_ delta: JournalDelta, in world: World) {
        let before = self.selectedID.map { self.rows.row(atOrAfter: $0, in: world) }
        self.rows.apply(delta, in: world)
        if !self.marks.isEmpty, !delta.removed.isEmpty || delta.isComplete {
            self.marks = self.marks.filter { world.traffic.index(of: $0) != nil }
        }
        self.settle(in: world, before: before)
    }

    mutating func use(_ filter: TrafficFilter, in world: World) {
        guard filter != self.rows.filter else { return }
        self.rows.use(filter, in: world)
        self.settle(in: world)
    }

    /// Puts selection and window where they belong after rows have come and gone.
    mutating func settle(in world: World, before: Int? = nil) {
        let count = self.rows.count(in: world)
        if self.isFollowing {
            self.viewport.update(count: count)
            self.viewport.end(page: self.page)
            self.selectedID = self.rows.id(at: count - 1, in: world)
            return
        }
        guard let id = self.selectedID else { return self.viewport.update(count: count) }
        let now = min(self.rows.row(atOrAfter: id, in: world), max(0, count - 1))
        // Rows that left above the selection take the window with them.
        let left = self.viewport.selection - now
        if left > 0 { self.viewport.dropFirst(left) }
        self.viewport.update(count: count)
        self.viewport.select(now, page: self.page)
        self.selectedID = self.rows.id(at: now, in: world)
    }

    // MARK: Selection

    mutating func select(row: Int, in world: World) {
        let count = self.rows.count(in: world)
        self.viewport.update(count: count)
        self.viewport.select(max(0, min(row, count - 1)), page: self.page)
        self.selectedID = self.rows.id(at: self.viewport.selection, in: world)
    }

    mutating func move(by rows: Int, in world: World) {
        self.pause(in: world)
        self.viewport.update(count: self.rows.count(in: world))
        self.viewport.move(by: rows, page: self.page)
        self.select(row: self.viewport.selection, in: world)
    }

    /// Selects an exchange.
    /// - Returns: False when it is not among the rows.
    mutating func select(_ id: ExchangeID, in world: World) -> Bool {
        let row = self.rows.row(atOrAfter: id, in: world)
        guard self.rows.id(at: row, in: world) == id else { return false }
        self.pause(in: world)
        self.select(row: row, in: world)
        return true
    }

    mutating func pause(in world: World) {
        guard self.isFollowing else { return }
        self.isFollowing = false
        self.anchor = self.rows.id(at: self.rows.count(in: world) - 1, in: world)
    }

    mutating func follow(in world: World) {
        self.isFollowing = true
        self.anchor = nil
        self.settle(in: world)
    }

    /// Moves to the next row for which `body` holds.
    /// - Returns: False when there is none in that direction.
    mutating func seek(_ step: Int, in world: World, where body: (Exchange) -> Bool) -> Bool {
        self.pause(in: world)
        var row = self.viewport.selection + step
        let count = self.rows.count(in: world)
        while row >= 0, row < count {
            if let exchange = self.rows.exchange(at: row, in: world), body(exchange) {
                self.select(row: row, in: world)
                return true
            }
            row += step
        }
        return false
    }

    // MARK: Marks

    mutating func toggleMark() {
        guard let id = self.selectedID else { return }
        if self.marks.remove(id) == nil { self.marks.insert(id) }
    }

    mutating func clearMarks() { self.marks = [] }

    // MARK: Drawing

    func draw(
        _ facts: ExchangeFactsCache, _ redaction: Redaction, into canvas: inout Canvas, in area: Rect,
        _ layout: inout ScreenLayout, world: World
    ) {
        let viewport = self.shown(in: world)
        let table = TrafficText.table(
            isFiltered: !self.rows.filter.isEmpty, columns: area.columns, world: world)
        let glyphs = canvas.glyphs.glyphs
        facts.use(table)
        let row = RowAtHand(self.rows, world)
        let memory = self.memory(row, facts, redaction, columns: area.columns, glyphs: canvas.glyphs, world: world)
        let window = table.draw(into: &canvas, in: area, viewport: viewport, memory: memory) { index in
            guard let exchange = row.exchange(at: index) else { return TableRow([]) }
            return TrafficText.row(
                of: exchange, facts.facts(of: exchange, redaction: redaction),
                isMarked: self.marks.contains(exchange.id), columns: area.columns, glyphs: glyphs, world: world)
        }
        let body = table.body(of: area)
        layout.note(TrafficScreen.Zone.list, body, first: window.lowerBound, count: window.upperBound)
        layout.noteFocus(body)
    }

    private func memory(
        _ row: RowAtHand, _ facts: ExchangeFactsCache, _ redaction: Redaction, columns: Int, glyphs: GlyphSet,
        world: World
    ) -> TableMemory {
        let marked = TextRun(glyphs.glyphs.marked, .match)
        return TableMemory(
            cells: { index in
                row.exchange(at: index).flatMap {
                    facts.row(of: $0, redaction: redaction, columns: columns, glyphs: glyphs, in: world)
                }
            },
            keep: { index, cells in
                guard let exchange = row.exchange(at: index) else { return }
                facts.keep(cells, of: exchange, redaction: redaction, columns: columns, glyphs: glyphs, in: world)
            },
            marker: { index in
                row.exchange(at: index).map { self.marks.contains($0.id) } == true ? marked : nil
            })
    }
}

/// The exchange of the row that is being drawn: it is asked for up to four times, and found once.
private final class RowAtHand {
    private let rows: TrafficRows
    private let world: World
    private var index = -1
    private var exchange: Exchange?

    init(_ rows: TrafficRows, _ world: World) {
        self.rows = rows
        self.world = world
    }

    func exchange(at index: Int) -> Exchange? {
        if index != self.index {
            self.index = index
            self.exchange = self.rows.exchange(at: index, in: self.world)
        }
        return self.exchange
    }
}
