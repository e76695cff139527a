package import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

/// Shows how the Worker, its bindings, backends and traffic are, and what needs attention.
package struct OverviewScreen: Screen {
    package static let id = ScreenID.overview
    package static let title = Phrase("Overview", "概览")
    package static let summary = Phrase(
        "What runs, how it does and what needs attention; Enter opens what a line is about.",
        "运行状况、表现和需要关注的事项；按 Enter 打开该行所指的内容。")

    /// What needs attention, brought up to date once a second and when the world changes.
    private(set) var items: [AttentionItem] = []
    private(set) var list = ListViewport()
    /// Paths and failures of the last minutes, made anew at most once a second.
    private(set) var digest = OverviewDigest()
    private(set) var routeOrder = OverviewDigest.Order.slowest
    private var isHidden = false
    /// The list has been moved in: the selection stays with its item. Before, it stays on the newest.
    private var isMoved = false
    private var drops = AttentionItem.Drops()
    /// What the kept exchanges show of the items.
    private var trafficItems: [AttentionItem] = []
    /// An exchange has come, changed or ended since they were last looked through.
    private var hasNews = true
    /// When they were last looked through.
    private var readAt: WallTime?
    /// The paths, which only a wide window has.
    private let routes = PaneShown()
    /// Where the items stand.
    private let clicks = ClickMap<Bool>()

    package init() {}

    package var isTyping: Bool { false }
    package var canGoBack: Bool { false }

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown:
            self.isHidden = false
            self.hasNews = true
            self.readTraffic(in: world)
            self.refresh(in: world)
        case .hidden: self.isHidden = true
        case .tick:
            self.readTraffic(in: world)
            self.refresh(in: world)
        case .worldChanged:
            // The rules that answers are held against may be others.
            self.hasNews = true
            self.readTraffic(in: world)
            self.refresh(in: world)
        case .traffic: self.hasNews = true
        case .key(.enter):
            guard let row = self.list.selected, row < self.items.count else { return [] }
            switch self.items[row].place {
            case .traffic(let filter): return [.showTraffic(filter: filter)]
            case .screen(let id): return [.show(id)]
            case .none: return []
            }
        case .key(.character("/")): return [.typeFilter]
        case .key(.character("b")):
            return [
                .toast(ChromePhrases.probing(world.language), isFailure: false),
                .run(key: "probe") { services in
                    await services.worker.probeBindings()
                    await services.backends.probe(nil)
                    return true
                },
            ]
        case .key(.character("o")) where !self.routes.isShown:
            return [.toast(OverviewPhrases.routesHidden(world.language), isFailure: false)]
        case .key(.character("o")):
            self.routeOrder = OverviewDigest.Order(rawValue: self.routeOrder.rawValue + 1) ?? .slowest
            self.digest = OverviewDigest(of: world.traffic, now: world.now, order: self.routeOrder)
        case .key(let key):
            guard self.list.handle(key) else { return [] }
            self.isMoved = !self.list.isAtStart
        case .reply(key: "probe", _): return [.toast(Self.probed(in: world), isFailure: false)]
        case .paste, .reply: break
        }
        return []
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard let index = self.clicks.hit(row: row, column: column)?.index else { return [] }
        if index == self.list.selection { return self.update(.key(.enter), in: world) }
        self.list.select(index)
        self.isMoved = !self.list.isAtStart
        return []
    }

    /// What probing everything has shown.
    static func probed(in world: World) -> String {
        let backends = world.backends.backends
        let answering = backends.count { $0.probes.last?.passed == true }
        return ChromePhrases.probed(world.language, "\(answering)", "\(backends.count)")
    }

    /// Looks through the kept exchanges when there is news, and every 10 s, since the oldest leave the span.
    private mutating func readTraffic(in world: World) {
        // What nobody sees costs nothing.
        guard !self.isHidden else { return }
        let isOld = self.readAt.map { world.now.since($0) >= .seconds(10) || world.now < $0 } ?? true
        guard self.hasNews || isOld else { return self.digest.age(to: world.now) }
        self.hasNews = false
        self.readAt = world.now
        self.digest = OverviewDigest(of: world.traffic, now: world.now, order: self.routeOrder)
        self.trafficItems = AttentionItem.traffic(in: world)
    }

    /// Makes the items anew; the selection stays with its item, or on the newest while nobody has moved it.
    private mutating func refresh(in world: World) {
        self.drops.note(world.statistics.dropped, at: world.now)
        guard !self.isHidden else { return }
        let selected = self.list.selected.flatMap { self.items.indices.contains($0) ? self.items[$0].id : nil }
        self.items = AttentionItem.all(in: world, drops: self.drops, traffic: self.trafficItems)
        self.list.update(count: self.items.count)
        guard self.isMoved, let selected, let row = self.items.firstIndex(where: { $0.id.hasSameBytes(as: selected) })
        else { return }
        self.list.select(row)
    }

    package func keys(in world: World) -> [KeyHint] {
        let hints = [
            KeyHint("⏎", CommonPhrases.open), KeyHint("↑↓", CommonPhrases.move),
            KeyHint("/", CommonPhrases.filter), KeyHint("b", OverviewPhrases.keyProbe),
            KeyHint("t", ChromePhrases.target),
        ]
        return self.routes.isShown ? hints + [KeyHint("o", OverviewPhrases.keySort)] : hints
    }

    package func stateLine(in world: World) -> [Span] {
        let statistics = world.statistics
        let language = world.language
        let dropped = TrafficPhrases.dropped(language, Format.count(statistics.dropped))
        return [
            Span("● \(TrafficPhrases.live(language))", .ok),
            Span(" · " + TrafficPhrases.ring(language, Format.count(statistics.kept))),
            Span(" (\(Format.bytes(Int64(statistics.keptBytes))))", .dim),
            Span(" · " + dropped, statistics.dropped > 0 ? .failure : .plain),
            Span(" · " + CommonPhrases.inFlight(language, Format.count(statistics.inFlight))),
        ]
    }

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        self.drawBody(into: &canvas, area: area, world: world)
        return ScreenLayout()
    }

    private func drawBody(into canvas: inout Canvas, area: Rect, world: World) {
        self.routes.note(area.columns >= 120 && area.rows >= 12)
        if area.columns < 60 || area.rows < 12 { return self.drawSmall(into: &canvas, in: area, world: world) }
        if area.columns >= 120 { return self.drawWide(into: &canvas, in: area, world: world) }
        let backends = max(1, world.backends.backends.count)
        let wanted = max(1, world.resources.count) + backends + 2
        // Traffic needs 6 rows, and what needs attention gets 6.
        let (top, rest) = area.splitTop(max(7, min(wanted, 12, area.rows - 12)))
        let (traffic, attention) = rest.splitTop(max(6, min(12, rest.rows / 2 - 1)))
        let first = top.splitLeft(area.columns / 2 - 1)
        self.drawWorker(into: &canvas, in: first.left, world: world)
        self.drawBindings(into: &canvas, in: first.rest, withBackends: true, world: world)
        self.drawTraffic(into: &canvas, in: traffic, world: world)
        self.drawAttentionPane(into: &canvas, in: attention, world: world)
    }

    /// Three panes, then traffic with the paths it went to, then what needs attention with what was changed.
    private func drawWide(into canvas: inout Canvas, in area: Rect, world: World) {
        let wanted = max(10, 2 * world.resources.count + 3, world.backends.backends.count + 4)
        let (top, rest) = area.splitTop(max(7, min(wanted, 13, area.rows - 14)))
        let (middle, bottom) = rest.splitTop(max(6, min(18, rest.rows - max(6, rest.rows * 2 / 5))))
        let worker = top.splitLeft(area.columns / 3)
        let bindings = worker.rest.splitLeft(area.columns / 3)
        self.drawWorker(into: &canvas, in: worker.left, world: world)
        self.drawBindingTable(into: &canvas, in: bindings.left, world: world)
        self.drawBackends(into: &canvas, in: bindings.rest, world: world)
        // The right third is too narrow for paths in a window that is just wide enough.
        let left = area.columns >= 140 ? area.columns * 2 / 3 : area.columns * 3 / 5
        let traffic = middle.splitLeft(left)
        self.drawTraffic(into: &canvas, in: traffic.left, world: world)
        self.drawRoutes(into: &canvas, in: traffic.rest, world: world)
        let attention = bottom.splitLeft(left)
        self.drawAttentionPane(into: &canvas, in: attention.left, world: world)
        self.drawChanges(into: &canvas, in: attention.rest, world: world)
    }

    private func drawAttentionPane(into canvas: inout Canvas, in area: Rect, world: World) {
        let note = self.items.isEmpty ? "" : OverviewPhrases.newestFirst(world.language, "\(self.items.count)")
        let inner = Box(title: OverviewPhrases.attention(world.language), note: note, isFocused: true).draw(
            into: &canvas, in: area)
        self.drawAttention(into: &canvas, in: inner, world: world)
    }

    /// Bindings in the upper half, what needs attention below them.
    private func drawSmall(into canvas: inout Canvas, in area: Rect, world: World) {
        let glyphs = canvas.glyphs.glyphs
        let lines = self.bindingLines(world.resources, columns: area.columns - 2, glyphs: glyphs, world: world)
        let shown = Self.shortened(
            lines, urgent: self.urgentBindings(in: world), rows: max(1, area.rows - 2), glyphs: glyphs, world.language)
        let (upper, rest) = area.splitTop(shown.count)
        for (offset, runs) in shown.prefix(upper.rows).enumerated() {
            canvas.write(runs, row: area.row + offset, column: 1, maxColumns: area.columns - 2)
        }
        self.drawAttention(into: &canvas, in: rest, world: world)
    }

    func drawAttention(into canvas: inout Canvas, in area: Rect, world: World) {
        let glyphs = canvas.glyphs.glyphs
        let isSmall = area.columns < 60
        let table = Table(
            columns: [
                TableColumn("", .fixed(1)), TableColumn("", .fixed(isSmall ? 5 : 8)),
                TableColumn("", .flexible(minimum: 10)),
            ], emptyText: OverviewPhrases.allWell(world.language), showsHeading: false)
        let window = table.draw(into: &canvas, in: area, viewport: self.list, isFocused: true) { index in
            let item = self.items[index]
            let (glyph, role): (String, Role) =
                switch item.level {
                case .failure: (glyphs.cross, .failure)
                case .warning: (glyphs.warning, .warning)
                case .note: (glyphs.ok, .dim)
                }
            let time = item.at.map { ClockText.time($0, secondsFromUTC: world.secondsFromUTC) } ?? Format.unknown
            let shown = isSmall ? String(time.prefix(5)) : time
            return TableRow([TableCell(glyph, role), TableCell(shown, .dim), TableCell(item.text)])
        }
        self.clicks.clear()
        self.clicks.note(true, area, first: window.lowerBound, count: window.upperBound)
    }
}

extension ScreenID {
    package static let overview = ScreenID(rawValue: "overview")
}
