package import TerminalCanvas
import TrafficJournal
import Widgets
package import WorkerDomain

/// Shows how the Worker, its bindings, backends and traffic are, and what needs attention.
package struct OverviewScreen: Screen {
    package static let id = ScreenID.overview
    package static let title = Phrase("Overview", "概览")
    package static let summary = Phrase(
        "What runs, how it does and what needs attention; Enter opens what a line is about.",
        "运行状况、表现和需要关注的事项；按 Enter 打开该行所指的内容。")

    private enum Zone: String { case attention }
    /// What a layout notes where the paths have room.
    static let routes = "routes"

    /// What needs attention, brought up to date once a second and when the world changes.
    private(set) var items: [AttentionItem] = []
    private(set) var list = ListViewport()
    /// Paths and failures of the last minutes, made anew at most once a second.
    private(set) var digest = TrafficDigest()
    private var routeOrder = TrafficDigest.Order.slowest
    /// Until it is shown for the first time, too: the console can start on another screen.
    private var isHidden = true
    /// The list has been moved in: the selection stays with its item. Before, it stays on the newest.
    private var isMoved = false
    private var drops = AttentionItem.Drops()
    /// What the kept exchanges show of the items.
    private var trafficItems: [AttentionItem] = []
    /// An exchange has come, changed or ended since they were last looked through.
    private var hasNews = true
    /// When they were last looked through, and for texts in which language; `nil` when that holds no more.
    private var read: (at: WallTime, language: Language)?
    private var probing = Pending("probe")

    package init() {}

    package static let panes: [KeyPane<OverviewScreen, Effect>] = OverviewKeys.panes
    package static let legend = [
        LegendLine("✖", OverviewPhrases.legendFailure), LegendLine("▲", OverviewPhrases.legendWarning),
        LegendLine("·", OverviewPhrases.legendNote), LegendLine("●", OverviewPhrases.legendUp),
        LegendLine("◐", OverviewPhrases.legendLocked), LegendLine("○", OverviewPhrases.legendIdle),
    ]

    // MARK: Messages

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .key(let key): return self.press(key, in: world)
        case .hidden: self.isHidden = true
        case .traffic: self.hasNews = true
        case .shown:
            self.isHidden = false
            self.hasNews = true
            // What was looked through within this second is as new as the screen ever shows it; the next tick looks again.
            let isNew = self.read.map { read in
                world.now >= read.at && world.now.since(read.at) < .seconds(1) && read.language == world.language
            }
            if isNew != true { self.readTraffic(in: world) }
            self.refresh(in: world)
        case .worldChanged:
            // The rules that responses are held against may be others.
            self.hasNews = true
            self.read = nil
            self.readTraffic(in: world)
            self.refresh(in: world)
        case .tick:
            self.readTraffic(in: world)
            self.refresh(in: world)
        case .paste, .object: break
        }
        return []
    }

    /// Looks through the kept exchanges when there is news, and every 10 s, since the oldest leave the span.
    private mutating func readTraffic(in world: World) {
        // What nobody sees costs nothing.
        guard !self.isHidden else { return }
        let isOld = self.read.map { world.now.since($0.at) >= .seconds(10) || world.now < $0.at } ?? true
        guard self.hasNews || isOld else { return self.digest.age(to: world.now) }
        self.hasNews = false
        self.read = (world.now, world.language)
        self.digest = TrafficDigest(of: world.traffic, now: world.now, order: self.routeOrder)
        self.trafficItems = TrafficAttention.items(in: world)
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
        self.list.select(row, page: world.layout.page)
    }

    // MARK: What keys do

    private var selected: AttentionItem? {
        self.list.selected.flatMap { self.items.indices.contains($0) ? self.items[$0] : nil }
    }

    /// There is something to open behind the selected line.
    var leadsSomewhere: Bool { self.selected.map { $0.place != .none } ?? false }

    func open() -> [Effect] {
        switch self.selected?.place {
        case .exchange(let id, let filter): [.showExchange(id, filter: filter)]
        case .screen(let id): [.show(id)]
        case .some(.none), nil: []
        }
    }

    mutating func move(_ movement: KeyMovement, in world: World) {
        self.list.move(by: movement.rows(page: world.layout.page), page: world.layout.page)
        self.isMoved = !self.list.isAtStart
    }

    mutating func sortRoutes(in world: World) {
        self.routeOrder = TrafficDigest.Order(rawValue: self.routeOrder.rawValue + 1) ?? .slowest
        self.digest = TrafficDigest(of: world.traffic, now: world.now, order: self.routeOrder)
    }

    mutating func probe(in world: World) -> [Effect] {
        [
            .toast(ChromePhrases.probing(world.language), isFailure: false),
            self.start(\.probing) { services in
                await services.worker.probeBindings()
                await services.backends.probe(nil)
            } then: { _, _, world in
                [.toast(Self.probed(in: world), isFailure: false)]
            },
        ]
    }

    /// What probing everything has shown.
    static func probed(in world: World) -> String {
        let backends = world.backends.backends
        let answering = backends.count { $0.probes.last?.passed == true }
        return ChromePhrases.probed(world.language, "\(answering)", "\(backends.count)")
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard let index = world.layout.hit(row: row, column: column, as: Zone.self)?.index else { return [] }
        if index == self.list.selection { return self.open() }
        self.list.select(index, page: world.layout.page)
        self.isMoved = !self.list.isAtStart
        return []
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

    // MARK: Drawing

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        var layout = ScreenLayout()
        if area.columns < 60 || area.rows < 12 {
            self.drawSmall(into: &canvas, in: area, &layout, world: world)
        } else if area.columns >= 120 {
            self.drawWide(into: &canvas, in: area, &layout, world: world)
        } else {
            self.drawNarrow(into: &canvas, in: area, &layout, world: world)
        }
        return layout
    }

    private func drawNarrow(into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout, world: World) {
        let backends = max(1, world.backends.backends.count)
        let wanted = max(1, world.resources.count) + backends + 2
        // Traffic needs 6 rows, and what needs attention gets 6.
        let (top, rest) = area.splitTop(max(7, min(wanted, 12, area.rows - 12)))
        let (traffic, attention) = rest.splitTop(max(6, min(12, rest.rows / 2 - 1)))
        let first = top.splitLeft(area.columns / 2 - 1)
        OverviewWorker.draw(into: &canvas, in: first.left, world: world)
        OverviewBindings.draw(into: &canvas, in: first.rest, withBackends: true, world: world)
        OverviewTraffic.draw(self.digest, into: &canvas, in: traffic, world: world)
        self.drawAttentionPane(into: &canvas, in: attention, &layout, world: world)
    }

    private func drawWide(into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout, world: World) {
        layout.noteShown(Self.routes)
        let changes = OverviewLists.changes(in: world, glyphs: canvas.glyphs.glyphs).count
        let places = OverviewPlaces(
            area,
            OverviewPlaces.Wanted(
                bindings: world.resources.count, backends: world.backends.backends.count, attention: self.items.count,
                routes: self.digest.routes.count, clients: self.digest.clients.count, changes: changes))
        OverviewWorker.draw(into: &canvas, in: places.worker, world: world)
        OverviewBindings.drawTable(into: &canvas, in: places.bindings, world: world)
        OverviewBindings.drawBackends(into: &canvas, in: places.backends, world: world)
        OverviewTraffic.draw(self.digest, into: &canvas, in: places.traffic, world: world)
        self.drawAttentionPane(into: &canvas, in: places.attention, &layout, world: world)
        OverviewLists.drawRoutes(self.digest, self.routeOrder, into: &canvas, in: places.routes, world: world)
        OverviewLists.drawClients(self.digest, into: &canvas, in: places.clients, world: world)
        OverviewLists.drawChanges(into: &canvas, in: places.changes, world: world)
        if let place = places.loads { OverviewLists.drawLoads(self.digest, into: &canvas, in: place, world: world) }
    }

    private func drawAttentionPane(
        into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout, world: World
    ) {
        let note = self.items.isEmpty ? "" : OverviewPhrases.newestFirst(world.language, "\(self.items.count)")
        let inner = Box(title: OverviewPhrases.attention(world.language), note: note, isFocused: true).draw(
            into: &canvas, in: area)
        self.drawAttention(into: &canvas, in: inner, &layout, world: world)
    }

    /// Bindings in the upper half, what needs attention below them.
    private func drawSmall(into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout, world: World) {
        let glyphs = canvas.glyphs.glyphs
        let lines = OverviewBindings.bindingLines(
            world.resources, columns: area.columns - 2, glyphs: glyphs, world: world)
        let shown = OverviewBindings.shortened(
            lines, urgent: OverviewBindings.urgentBindings(in: world), rows: max(1, area.rows - 2), glyphs: glyphs,
            world.language)
        let (upper, rest) = area.splitTop(shown.count)
        for (offset, runs) in shown.prefix(upper.rows).enumerated() {
            canvas.write(runs, row: area.row + offset, column: 1, maxColumns: area.columns - 2)
        }
        self.drawAttention(into: &canvas, in: rest, &layout, world: world)
    }

    private func drawAttention(into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout, world: World) {
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
        layout.note(Zone.attention, area, first: window.lowerBound, count: window.upperBound)
        layout.noteFocus(area)
    }
}

extension ScreenID {
    package static let overview = ScreenID(rawValue: "overview")
}
