import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// Shows one row per exchange as it happens, and each in detail.
package struct TrafficScreen: Screen {
    package static let id = ScreenID.traffic
    package static let title = Phrase("Traffic", "流量")
    package static let summary = Phrase(
        "Every request as it happens, with its head, body and timing; filter it, find errors, copy it as curl.",
        "实时显示每个请求及其头部、正文和时序；可过滤、查找错误、复制为 curl。")

    var rows = TrafficRows()
    var viewport = ListViewport()
    var field = TextField(limit: TrafficFilter.lengthLimit)
    var filterError: TrafficFilterError?
    var marks: Set<ExchangeID> = []
    var isFollowing = true
    var isRevealed = false
    var detail: TrafficDetail?
    private(set) var selectedID: ExchangeID?
    /// The newest row when following ended; what is above it is new.
    private(set) var anchor: ExchangeID?
    private var isFiltering = false
    /// What rows show of their exchanges.
    let facts = ExchangeFactsCache()
    /// Where the rows stand.
    let clicks = ClickMap<Bool>()

    package init() {}

    package var isTyping: Bool { self.isFiltering || self.detail?.finder.field != nil }
    package var canGoBack: Bool { self.detail != nil || self.isTyping }

    /// What is hidden now.
    func redaction(in world: World) -> Redaction { self.isRevealed ? .off : world.redaction }

    func selected(in world: World) -> Exchange? {
        self.selectedID.flatMap { world.traffic.index(of: $0) }.map { world.traffic[$0] }
    }

    /// Rows that came after following ended.
    func newRows(in world: World) -> Int {
        guard !self.isFollowing, let anchor = self.anchor else { return 0 }
        let next = ExchangeID(rawValue: anchor.rawValue &+ 1)
        return max(0, self.rows.count(in: world) - self.rows.row(atOrAfter: next, in: world))
    }

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .key(let key):
            if self.isFiltering { self.takeTyped(key, in: world) } else { return self.take(key, in: world) }
        case .paste(let text):
            guard self.isTyping else { return [] }
            guard self.isFiltering else {
                self.detail?.finder.field?.paste(text)
                return []
            }
            self.field.paste(text)
            self.readFilter(in: world)
        case .traffic(let delta):
            self.facts.drop(delta)
            let before = self.selectedID.map { self.rows.row(atOrAfter: $0, in: world) }
            self.rows.apply(delta, in: world)
            if !delta.removed.isEmpty || delta.isComplete {
                self.marks = self.marks.filter { world.traffic.index(of: $0) != nil }
            }
            self.settle(in: world, before: before)
            if let id = self.detail?.exchange.id, delta.changed.contains(where: { $0.id == id }),
                let index = world.traffic.index(of: id)
            {
                let redaction = self.redaction(in: world)
                self.detail?.use(world.traffic[index], in: world, redaction: redaction)
            }
        case .shown: self.settle(in: world, before: nil)
        case .worldChanged, .tick, .hidden, .reply: break
        }
        return []
    }

    // MARK: Selection

    /// Puts selection and window where they belong after rows have come and gone.
    private mutating func settle(in world: World, before: Int?) {
        let count = self.rows.count(in: world)
        if self.isFollowing {
            self.viewport.update(count: count)
            self.viewport.end()
            self.selectedID = self.rows.id(at: count - 1, in: world)
            return
        }
        guard let id = self.selectedID else { return self.viewport.update(count: count) }
        let now = min(self.rows.row(atOrAfter: id, in: world), max(0, count - 1))
        // Rows that left above the selection take the window with them.
        let left = self.viewport.selection - now
        if left > 0 { self.viewport.dropFirst(left) }
        self.viewport.update(count: count)
        self.viewport.select(now)
        self.selectedID = self.rows.id(at: now, in: world)
    }

    mutating func select(row: Int, in world: World) {
        let count = self.rows.count(in: world)
        self.viewport.update(count: count)
        self.viewport.select(max(0, min(row, count - 1)))
        self.selectedID = self.rows.id(at: self.viewport.selection, in: world)
        if let exchange = self.selected(in: world), self.detail != nil {
            let redaction = self.redaction(in: world)
            self.detail?.use(exchange, in: world, redaction: redaction)
        }
    }

    mutating func pause(in world: World) {
        guard self.isFollowing else { return }
        self.isFollowing = false
        self.anchor = self.rows.id(at: self.rows.count(in: world) - 1, in: world)
    }

    mutating func follow(in world: World) {
        self.isFollowing = true
        self.anchor = nil
        self.settle(in: world, before: nil)
    }

    /// Moves to the next row for which `body` holds.
    /// - Returns: False when there is none in that direction.
    @discardableResult
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

    // MARK: Filter

    /// Uses a filter that came from elsewhere.
    mutating func setFilter(_ text: String, in world: World) {
        self.detail = nil
        self.isFiltering = false
        self.field.set(text)
        self.readFilter(in: world)
    }

    private mutating func readFilter(in world: World) {
        do throws(TrafficFilterError) {
            let filter = try TrafficFilter(parsing: self.field.text)
            self.filterError = nil
            guard filter != self.rows.filter else { return }
            self.rows.use(filter, in: world)
            self.settle(in: world, before: nil)
        } catch {
            self.filterError = error
        }
    }

    private mutating func takeTyped(_ key: KeyEvent, in world: World) {
        switch key {
        case .enter: self.isFiltering = false
        case .escape:
            self.isFiltering = false
            // What does not read is not kept: the rows are those of the last filter that did.
            if self.filterError != nil { self.setFilter(self.rows.filter.text, in: world) }
        default: if self.field.handle(key) { self.readFilter(in: world) }
        }
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard self.detail == nil, let index = self.clicks.hit(row: row, column: column)?.index else { return [] }
        if index == self.viewport.selection { return self.take(.enter, in: world) }
        self.pause(in: world)
        self.select(row: index, in: world)
        return []
    }

    mutating func beginTyping() {
        self.detail = nil
        self.isFiltering = true
    }
}

extension ScreenID {
    package static let traffic = ScreenID(rawValue: "traffic")
}
