package import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

/// Shows how the Worker, its bindings, backends and traffic are, and what needs attention.
package struct OverviewScreen: Screen {
    package static let id = ScreenID.overview

    /// What needs attention, made anew once a second and when the world changes.
    private(set) var items: [AttentionItem] = []
    private(set) var list = ListViewport()

    package init() {}

    package var isTyping: Bool { false }
    package var canGoBack: Bool { false }

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown, .tick, .worldChanged:
            self.items = AttentionItem.all(in: world)
            self.list.update(count: self.items.count)
        case .key(.enter):
            guard let row = self.list.selected, row < self.items.count else { return [] }
            switch self.items[row].place {
            case .traffic(let filter): return [.showTraffic(filter: filter)]
            case .screen(let id): return [.show(id)]
            case .none: return []
            }
        case .key(.character("/")): return [.show(.traffic)]
        case .key(.character("b")):
            return [
                .toast(ChromePhrases.probing(world.language), isFailure: false),
                .run(key: "probe") { services in
                    await services.worker.probeBindings()
                    await services.backends.probe(nil)
                    return true
                },
            ]
        case .key(let key): _ = self.list.handle(key)
        case .paste, .hidden, .traffic, .reply: break
        }
        return []
    }

    package func keys(in world: World) -> [KeyHint] {
        [
            KeyHint("⏎", CommonPhrases.open), KeyHint("↑↓", CommonPhrases.move),
            KeyHint("b", OverviewPhrases.keyProbe), KeyHint("t", ChromePhrases.target),
        ]
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

    package func draw(into canvas: inout Canvas, area: Rect, world: World) {
        if area.columns < 60 || area.rows < 12 { return self.drawSmall(into: &canvas, in: area, world: world) }
        let isWide = area.columns >= 120
        let topRows = min(area.rows >= 34 ? 10 : 7, area.rows - 8)
        let (top, rest) = area.splitTop(topRows)
        let (traffic, attention) = rest.splitTop(min(6, rest.rows))
        let first = top.splitLeft(isWide ? area.columns / 3 : area.columns / 2 - 1)
        self.drawWorker(into: &canvas, in: first.left, world: world)
        if isWide {
            let second = first.rest.splitLeft(area.columns / 3)
            self.drawBindings(into: &canvas, in: second.left, withBackends: false, world: world)
            self.drawBackends(into: &canvas, in: second.rest, world: world)
        } else {
            self.drawBindings(into: &canvas, in: first.rest, withBackends: true, world: world)
        }
        self.drawTraffic(into: &canvas, in: traffic, world: world)
        let note = self.items.isEmpty ? "" : OverviewPhrases.newestFirst(world.language, "\(self.items.count)")
        let inner = Box(title: OverviewPhrases.attention(world.language), note: note, isFocused: true).draw(
            into: &canvas, in: attention)
        self.drawAttention(into: &canvas, in: inner, world: world)
    }

    private func drawSmall(into canvas: inout Canvas, in area: Rect, world: World) {
        let glyphs = canvas.glyphs.glyphs
        let rows = world.resources.map { Self.binding($0, glyphs: glyphs, world: world) }
        let shown = rows.prefix(max(0, min(rows.count, area.rows - 2)))
        for (offset, runs) in shown.enumerated() {
            canvas.write(runs, row: area.row + offset, column: 1, maxColumns: area.columns - 2)
        }
        let (_, rest) = area.splitTop(shown.count)
        self.drawAttention(into: &canvas, in: rest, world: world)
    }

    func drawAttention(into canvas: inout Canvas, in area: Rect, world: World) {
        let glyphs = canvas.glyphs.glyphs
        Table(
            columns: [
                TableColumn("", .fixed(1)), TableColumn("", .fixed(8)), TableColumn("", .flexible(minimum: 10)),
            ], emptyText: OverviewPhrases.allWell(world.language), showsHeading: false
        ).draw(into: &canvas, in: area, viewport: self.list, isFocused: true) { index in
            let item = self.items[index]
            let (glyph, role): (String, Role) =
                switch item.level {
                case .failure: (glyphs.cross, .failure)
                case .warning: (glyphs.warning, .warning)
                case .note: (glyphs.ok, .dim)
                }
            let time = item.at.map { ClockText.time($0, secondsFromUTC: world.secondsFromUTC) } ?? Format.unknown
            return TableRow([TableCell(glyph, role), TableCell(time, .dim), TableCell(item.text)])
        }
    }
}
