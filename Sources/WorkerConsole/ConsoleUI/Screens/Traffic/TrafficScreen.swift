import ContentViews
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
    private var requestPending = Pending("request")
    private var responsePending = Pending("response")
    private var timingPending = Pending("timing")
    var objectPending = Pending("object")
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
                return self.refreshDetail(world.traffic.index(of: id).map { world.traffic[$0] }, in: world)
            }
        case .shown: self.list.settle(in: world)
        case .tick: return self.fitContent(in: world)
        case .worldChanged, .hidden, .object: break
        }
        return []
    }

    /// Shows an exchange in the detail that is open.
    private mutating func refreshDetail(_ exchange: Exchange?, in world: World) -> [Effect] {
        guard let exchange, self.detail != nil else { return [] }
        let redaction = self.redaction(in: world)
        let tasks = self.detail?.use(exchange, in: world, redaction: redaction) ?? []
        return tasks.flatMap { self.look($1, in: $0) }
    }

    // MARK: Content

    /// The pane of a tab, while a detail is open.
    private subscript(tab: TrafficDetail.Tab) -> ContentPane? {
        get { self.detail?[tab] }
        set { if let newValue { self.detail?[tab] = newValue } }
    }

    /// The content that keys go to.
    func content(in world: World) -> ContentPane? { self.detail.map { $0[$0.shownTab(in: world)] } }

    private var request: ContentPane? {
        get { self[.request] }
        set { self[.request] = newValue }
    }
    private var response: ContentPane? {
        get { self[.response] }
        set { self[.response] = newValue }
    }
    private var timing: ContentPane? {
        get { self[.timing] }
        set { self[.timing] = newValue }
    }

    private mutating func look(_ task: ContentTask?, in tab: TrafficDetail.Tab) -> [Effect] {
        switch tab {
        case .request: self.look(task, in: \.requestPending, \.request)
        case .response: self.look(task, in: \.responsePending, \.response)
        case .timing: self.look(task, in: \.timingPending, \.timing)
        }
    }

    /// Changes the content that keys go to, and does what it wants then.
    mutating func changeContent(in world: World, _ change: (inout ContentPane) -> ContentTask?) -> [Effect] {
        guard let tab = self.detail?.shownTab(in: world), var content = self[tab] else { return [] }
        let task = change(&content)
        self[tab] = content
        self.detail?.shareQuery(of: tab)
        return self.look(task, in: tab) + (task == nil ? self.fitContent(in: world) : [])
    }

    private mutating func fitContent(in world: World) -> [Effect] {
        guard world.layout.shows(TrafficDetail.contentShown) else { return [] }
        let columns = ContentPaneView.columns(of: world.layout.columns)
        return [TrafficDetail.Tab.request, .response].flatMap { tab in
            let task = self.detail?[tab].fit(columns: columns)
            return self.look(task, in: tab)
        }
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
        return self.refreshDetail(self.selected(in: world), in: world)
    }

    mutating func toggleRevealed(in world: World) -> [Effect] {
        self.isRevealed.toggle()
        return self.refreshDetail(self.detail?.exchange, in: world)
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

    mutating func open(in world: World) -> [Effect] {
        guard let exchange = self.selected(in: world) else { return [] }
        self.list.pause(in: world)
        self.detail = TrafficDetail(exchange)
        return self.refreshDetail(exchange, in: world)
    }

    /// Opens an exchange, whatever the filter lets through.
    /// - Returns: `nil` when it is no longer kept.
    mutating func open(_ id: ExchangeID, in world: World) -> [Effect]? {
        guard world.traffic.index(of: id) != nil else { return nil }
        self.filter.end()
        if !self.list.select(id, in: world) {
            self.setFilter("", in: world)
            guard self.list.select(id, in: world) else { return nil }
        }
        return self.open(in: world)
    }

    mutating func closeDetail() -> [Effect] {
        self.detail = nil
        return self.cancel(\.requestPending) + self.cancel(\.responsePending) + self.cancel(\.timingPending)
    }

    mutating func turn(_ step: Int, in world: World) {
        self.detail?.turn(step, isWide: world.layout.shows(TrafficDetail.sides))
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
                return self.open(in: world)
            } else {
                self.list.pause(in: world)
                self.list.select(row: index, in: world)
            }
        }
        return []
    }

    // MARK: Drawing

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        TrafficView(
            list: self.list, filter: self.filter, detail: self.detail, facts: self.facts,
            redaction: self.redaction(in: world), world: world
        ).draw(into: &canvas, in: area)
    }

    package func stateLine(in world: World) -> [Span] {
        TrafficText.stateLine(of: self.list, isRevealed: self.isRevealed, in: world)
    }
}

extension ScreenID {
    package static let traffic = ScreenID(rawValue: "traffic")
}
