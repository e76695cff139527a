import TerminalCanvas
import TestScreens
import TestSupport
import Testing
import TrafficJournal
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("mouse")
struct MouseTests {
    /// Draws, as the console does after each message: a click means what is seen.
    private func click(_ text: String, in model: inout ConsoleModel) -> [ConsoleCommand] {
        let canvas = model.draw()
        // Lists stand at the left; at the right their details may hold the same.
        let width = canvas.size.columns >= 120 ? canvas.size.columns / 2 : canvas.size.columns
        guard let row = canvas.lines.firstIndex(where: { $0.prefix(width).contains(text) }),
            let column = (0..<width).first(where: { column in
                let rest = (column..<canvas.size.columns).map { canvas[row, $0].text }.joined()
                return rest.hasPrefix(text)
            })
        else {
            Issue.record("\(text) is not on the screen")
            return []
        }
        return model.take(.mouse(MouseEvent(.press, row: row, column: column)))
    }

    private func asks(_ commands: [ConsoleCommand], _ isOn: Bool) -> Bool {
        commands.contains { if case .useMouse(isOn) = $0 { true } else { false } }
    }

    @Test("F2 and :mouse ask for it and give it back; the screen says so")
    func toggling() {
        var model = Pilot.model()
        #expect(!model.usesMouse)
        #expect(self.asks(model.take(.key(.function(2))), true))
        #expect(model.picture.contains("mouse on: wheel scrolls"))
        model.notice = nil
        #expect(model.picture.contains("mouse on"))
        #expect(model.perform(.mouse(true)).isEmpty)
        #expect(self.asks(model.perform(CommandLine.parse("mouse off", in: .all)), false))
        model.notice = nil
        #expect(!model.picture.contains("mouse on"))
        #expect(CommandLine.parse("mouse", in: .all) == .usage("mouse on|off"))
    }

    @Test("a title of the tab line brings its screen", arguments: [(80, 24), (160, 45)])
    func tabs(columns: Int, rows: Int) {
        var model = Pilot.model(columns: columns, rows: rows)
        for (title, id) in [("2 Traffic", ScreenID.traffic), ("6 Checks", .checks), ("1 Overview", .overview)] {
            _ = self.click(title, in: &model)
            #expect(model.current == id)
        }
    }

    @Test("a click selects a row, another one opens it; the wheel moves", arguments: [(80, 24), (160, 45), (40, 10)])
    func traffic(columns: Int, rows: Int) throws {
        var model = Pilot.model(columns: columns, rows: rows, screen: .traffic)
        _ = model.draw()
        _ = model.take(.mouse(MouseEvent(.wheelUp, row: 5, column: 5)))
        let screen = { (model: ConsoleModel) in model.screen as? TrafficScreen }
        #expect(screen(model)?.viewport.selection == 3)
        #expect(screen(model)?.isFollowing == false)
        _ = self.click("/slow", in: &model)
        #expect(screen(model)?.viewport.selection == 5)
        #expect(screen(model)?.detail == nil)
        _ = self.click("/slow", in: &model)
        #expect(screen(model)?.detail?.exchange.id.rawValue == 6)
    }

    @Test("what needs attention is opened by two clicks")
    func attention() {
        var model = Pilot.model()
        _ = model.tick(now: Pilot.now)
        _ = self.click("/api/upload", in: &model)
        #expect(model.current == .overview || model.current == .traffic)
        if model.current == .overview { _ = self.click("/api/upload", in: &model) }
        #expect(model.current == .traffic)
    }

    @Test("a click brings the focus to the pane that it is in")
    func panes() async {
        var bench = ScreenBench<BackendsScreen>(world: BackendsSample.world(backends: BackendsSample.snapshot))
        await bench.send(.shown)
        var canvas = Canvas(columns: 80, rows: 20)
        bench.world.layout = bench.screen.draw(into: &canvas, area: canvas.bounds, world: bench.world)
        _ = bench.screen.click(row: 18, column: 20, in: bench.world)
        #expect(bench.screen.focus == .details)
        _ = bench.screen.click(row: 3, column: 5, in: bench.world)
        #expect(bench.screen.focus == .list)
        #expect(bench.screen.selected(in: bench.world)?.name == "green")
    }

    @Test("clicks in tables, rows and values of D1")
    func database() async {
        var bench = ScreenBench<DatabaseScreen>(
            world: BackendsSample.world(resources: DatabaseSample.resources(DatabaseSample.database)))
        await bench.send(.shown)
        var canvas = Canvas(columns: 80, rows: 20)
        func draw() { bench.world.layout = bench.screen.draw(into: &canvas, area: canvas.bounds, world: bench.world) }
        draw()
        _ = bench.screen.click(row: 4, column: 40, in: bench.world)
        #expect(bench.screen.focus == .rows)
        #expect(bench.screen.grid?.row == 1)
        draw()
        _ = bench.screen.click(row: 4, column: 40, in: bench.world)
        #expect(bench.screen.isRowOpen)
        draw()
        _ = bench.screen.click(row: 3, column: 3, in: bench.world)
        #expect(bench.screen.focus == .tables)
        #expect(bench.screen.tables.cursor == 1)
    }

    @Test("over a dialog or a field a click does nothing, and no place is out of bounds")
    func safely() {
        for screen in ScreenCatalog.withNotes.ids {
            var model = Pilot.model(screen: screen, catalog: .withNotes)
            _ = model.draw()
            for (row, column) in [(0, 0), (1, 79), (23, 79), (500, 2_000), (12, 40)] {
                for kind in [MouseEvent.Kind.press, .wheelUp, .wheelDown] {
                    _ = model.take(.mouse(MouseEvent(kind, row: row, column: column)))
                    _ = model.draw()
                }
            }
        }
        var model = Pilot.model(screen: .traffic)
        _ = model.draw()
        _ = model.press("?")
        _ = self.click("1 Overview", in: &model)
        #expect(model.current == .traffic)
        #expect(model.overlay != nil)
    }
}
