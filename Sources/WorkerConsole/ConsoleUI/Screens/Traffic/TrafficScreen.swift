package import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
package import WorkerDomain

/// Shows one row per exchange as it happens, and each in detail.
package struct TrafficScreen: Screen {
    package static let id = ScreenID.traffic
    package static let title = Phrase("Traffic", "流量")
    package static let summary = Phrase(
        "Every request as it happens, with its head, body and timing; filter it, find errors, copy it as curl.",
        "实时显示每个请求及其头部、正文和时序；可过滤、查找错误、复制为 curl。")

    /// What a click can hit.
    enum Zone: String {
        case list, request, response

        init?(_ tab: TrafficDetail.Tab) {
            switch tab {
            case .request: self = .request
            case .response: self = .response
            case .timing: return nil
            }
        }
    }

    private var list = TrafficListPane()
    private var filter = TrafficFilterPane()
    private(set) var detail: TrafficDetail?
    private(set) var isRevealed = false
    /// What rows show of their exchanges.
    let facts = ExchangeFactsCache()

    package init() {}

    package static let panes: [KeyPane<TrafficScreen, Effect>] = TrafficKeys.panes
    package static let legend = TrafficText.legend

    // MARK: What there is

    var rows: TrafficRows { self.list.rows }
    var viewport: ListViewport { self.list.viewport }
    var selectedID: ExchangeID? { self.list.selectedID }
    var isFollowing: Bool { self.list.isFollowing }
    var hasMarks: Bool { !self.list.marks.isEmpty }
    var isFiltering: Bool { self.filter.isTyping }
    var hasFilter: Bool { !self.filter.isEmpty }
    var filterError: TrafficFilterError? { self.filter.error }

    func selected(in world: World) -> Exchange? { self.list.selected(in: world) }

    /// What is hidden now.
    func redaction(in world: World) -> Redaction { self.isRevealed ? .off : world.redaction }

    // MARK: Messages

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .key(let key):
            if self.detail == nil, world.layout.shows(Zone.list.rawValue) { self.list.note(page: world.layout.page) }
            return self.press(key, in: world)
        case .paste(let text):
            if self.isFiltering {
                self.use(self.filter.paste(text), in: world)
            } else {
                self.detail?.paste(text)
            }
        case .traffic(let delta):
            self.facts.drop(delta)
            self.list.apply(delta, in: world)
            if let id = self.detail?.exchange.id, delta.changed.contains(where: { $0.id == id }) {
                self.refreshDetail(world.traffic.index(of: id).map { world.traffic[$0] }, in: world)
            }
        case .shown: self.list.settle(in: world)
        case .worldChanged, .tick, .hidden, .reply: break
        }
        return []
    }

    /// Shows an exchange in the detail that is open.
    private mutating func refreshDetail(_ exchange: Exchange?, in world: World) {
        guard let exchange, self.detail != nil else { return }
        let redaction = self.redaction(in: world)
        self.detail?.use(exchange, in: world, redaction: redaction)
    }

    // MARK: Filter

    mutating func beginTyping() {
        self.detail = nil
        self.filter.begin()
    }

    /// Uses a filter that came from elsewhere.
    mutating func setFilter(_ text: String, in world: World) {
        self.detail = nil
        self.use(self.filter.set(text), in: world)
    }

    mutating func type(_ key: KeyEvent, in world: World) { self.use(self.filter.type(key), in: world) }

    mutating func endTyping(in world: World) { self.filter.end() }

    mutating func leaveFilter(in world: World) {
        self.filter.end()
        // What does not read is not kept: the rows are those of the last filter that did.
        if self.filterError != nil { self.setFilter(self.rows.filter.text, in: world) }
    }

    private mutating func use(_ filter: TrafficFilter?, in world: World) {
        if let filter { self.list.use(filter, in: world) }
    }

    // MARK: List

    mutating func move(_ movement: KeyMovement, in world: World) {
        guard self.detail == nil else { return self.detail?.scroll(movement, world.layout) ?? () }
        if movement == .last { return self.list.follow(in: world) }
        self.list.move(by: movement.rows(page: world.layout.page), in: world)
    }

    mutating func follow(in world: World) { self.list.follow(in: world) }

    mutating func toggleFollowing(in world: World) {
        if self.isFollowing { self.list.pause(in: world) } else { self.list.follow(in: world) }
    }

    mutating func toggleMark() { self.list.toggleMark() }

    mutating func clearMarks() { self.list.clearMarks() }

    mutating func seekError(_ step: Int, in world: World) -> [Effect] {
        let phrase = step > 0 ? TrafficPhrases.noNextError : TrafficPhrases.noPreviousError
        return self.seek(step, orSay: phrase, in: world, where: ExchangeText.isError)
    }

    mutating func seekNext(_ step: Int, in world: World) -> [Effect] {
        let phrase = step > 0 ? TrafficPhrases.noNext : TrafficPhrases.noPrevious
        return self.seek(step, orSay: phrase, in: world) { _ in true }
    }

    private mutating func seek(
        _ step: Int, orSay phrase: Phrase, in world: World, where body: (Exchange) -> Bool
    ) -> [Effect] {
        guard self.list.seek(step, in: world, where: body) else {
            return [.toast(phrase(world.language), isFailure: false)]
        }
        self.refreshDetail(self.selected(in: world), in: world)
        return []
    }

    mutating func toggleRevealed(in world: World) {
        self.isRevealed.toggle()
        self.refreshDetail(self.detail?.exchange, in: world)
    }

    func copy(in world: World) -> [Effect] {
        guard let exchange = self.detail?.exchange ?? self.selected(in: world) else {
            return [.toast(TrafficPhrases.nothingSelected(world.language), isFailure: false)]
        }
        let authority = world.status.listening.first ?? "127.0.0.1:8787"
        let redaction = self.redaction(in: world)
        return [.copyCommand(CurlCommand(for: exchange, authority: authority, redaction: redaction))]
    }

    // MARK: Detail

    mutating func open(in world: World) {
        guard let exchange = self.selected(in: world) else { return }
        self.list.pause(in: world)
        self.detail = TrafficDetail(exchange, in: world, redaction: self.redaction(in: world))
    }

    /// Opens an exchange, whatever the filter lets through.
    /// - Returns: False when it is no longer kept.
    mutating func open(_ id: ExchangeID, in world: World) -> Bool {
        guard world.traffic.index(of: id) != nil else { return false }
        self.filter.end()
        if !self.list.select(id, in: world) {
            self.setFilter("", in: world)
            guard self.list.select(id, in: world) else { return false }
        }
        self.open(in: world)
        return true
    }

    mutating func closeDetail() { self.detail = nil }

    mutating func turn(_ step: Int, in world: World) {
        self.detail?.turn(step, isWide: world.layout.shows(TrafficDetail.sides))
    }

    mutating func beginFinding() { self.detail?.beginFinding() }

    mutating func stopFinding() { self.detail?.stopFinding() }

    /// Takes a key of the field that is looked for.
    mutating func find(_ key: KeyEvent, in world: World) -> [Effect] {
        self.detail?.type(key) == true ? self.findAgain(1, in: world) : []
    }

    mutating func findAgain(_ step: Int, in world: World) -> [Effect] {
        guard self.detail?.find(step, world.layout) == false else { return [] }
        let query = self.detail?.finder.query ?? ""
        return [.toast(CommonPhrases.notFound(world.language, query), isFailure: true)]
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard let (zone, index) = world.layout.hit(row: row, column: column, as: Zone.self) else { return [] }
        switch zone {
        case .request: self.detail?.focus(.request)
        case .response: self.detail?.focus(.response)
        case .list:
            guard self.detail == nil, let index else { return [] }
            self.list.note(page: world.layout.page)
            if index == self.viewport.selection {
                self.open(in: world)
            } else {
                self.list.pause(in: world)
                self.list.select(row: index, in: world)
            }
        }
        return []
    }

    // MARK: Drawing

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        var layout = ScreenLayout()
        let redaction = self.redaction(in: world)
        if let detail = self.detail {
            let facts = self.facts.facts(of: detail.exchange, redaction: redaction)
            detail.draw(into: &canvas, in: area, facts, redaction: redaction, &layout, world: world)
            return layout
        }
        // In a small window an empty filter takes no row from the list.
        let hasFilter = area.rows >= 8 || self.isFiltering || self.hasFilter
        let (line, rest) = area.splitTop(hasFilter ? 1 : 0)
        if hasFilter {
            let found = TrafficText.found(self.rows, in: world)
            self.filter.draw(into: &canvas, in: line, found: found, world.language)
        }
        if area.columns >= 120 {
            let (list, side) = rest.splitLeft(area.columns * 6 / 10)
            let count = Format.count(self.rows.count(in: world))
            let inner = Box(title: TrafficPhrases.requests(world.language), note: count, isFocused: true).draw(
                into: &canvas, in: list)
            self.list.draw(self.facts, redaction, into: &canvas, in: inner, &layout, world: world)
            self.drawSide(into: &canvas, in: side, world: world)
        } else if rest.rows >= 14, area.columns >= 60, let exchange = self.selected(in: world) {
            let (list, foot) = rest.splitTop(rest.rows - 4)
            self.list.draw(self.facts, redaction, into: &canvas, in: list, &layout, world: world)
            let facts = self.facts.facts(of: exchange, redaction: redaction)
            TrafficText.drawPreview(of: exchange, facts, redaction, into: &canvas, in: foot, world: world)
        } else {
            self.list.draw(self.facts, redaction, into: &canvas, in: rest, &layout, world: world)
        }
        return layout
    }

    private func drawSide(into canvas: inout Canvas, in area: Rect, world: World) {
        guard let exchange = self.selected(in: world) else {
            Box().draw(into: &canvas, in: area)
            return
        }
        let redaction = self.redaction(in: world)
        let language = world.language
        let facts = self.facts.facts(of: exchange, redaction: redaction)
        let glance = self.facts.glance(of: exchange, redaction: redaction, language) {
            TrafficContent.glance(exchange, redaction: redaction, language)
        }
        TrafficText.drawSide(of: exchange, facts, glance, redaction, into: &canvas, in: area, world: world)
    }

    package func stateLine(in world: World) -> [Span] {
        TrafficText.stateLine(of: self.list, isRevealed: self.isRevealed, in: world)
    }
}

extension ScreenID {
    package static let traffic = ScreenID(rawValue: "traffic")
}
