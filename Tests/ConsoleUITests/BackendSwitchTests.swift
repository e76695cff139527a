import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI

@Suite struct BackendSwitchTests {
    private static func model(columns: Int = 80, rows: Int = 24) -> ConsoleModel {
        var model = Pilot.model(
            columns: columns, rows: rows, screen: .backends, catalog: Pilot.only(.overview, .backends))
        model.world.backends.backends[1].health = .up
        model.world.backends.backends[1].probes = model.world.backends.backends[0].probes
        return model
    }

    /// As the proxy reports it after the switch: three exchanges end where they began.
    private static func switched(_ model: inout ConsoleModel) {
        _ = model.press("t")
        _ = model.press(.enter)
        model.world.backends.backends[0].isActive = false
        model.world.backends.backends[1].isActive = true
        model.world.backends.switches.append(
            BackendSwitch(from: "blue", to: "green", at: Pilot.now, by: "alice"))
        let done = ConsoleModel.BackendSwitched(from: "blue", to: "green", stayed: 3)
        model.tell(switched: .success(done))
        _ = model.worldChanged()
    }

    @Test("t offers the other backend, says what stays behind, and the rest of the story is on the screen")
    func story() {
        var model = Self.model()
        _ = model.press("t")
        #expect(model.picture.contains("▌ ● green"))
        #expect(model.picture.contains("3 in flight on blue finish there"))
        #expect(goldenMismatch(Frame(model: model).draw(), "switch-asked-80x24") == nil)
        _ = model.press(.escape)
        Self.switched(&model)
        #expect(model.picture.contains("blue → green · 3 in flight on blue finish there · u undo"))
        #expect(model.picture.contains("↓3"))
        #expect(goldenMismatch(Frame(model: model).draw(), "switch-done-80x24") == nil)
        _ = model.tick(now: Pilot.time(13))
        #expect(model.picture.contains("active green · blue draining: 3 left"))
        _ = model.press("1")
        #expect(model.picture.contains("draining: 3 left"))
    }

    @Test("a target that is down is offered with a warning")
    func down() {
        var model = Pilot.model()
        _ = model.press("t")
        #expect(model.picture.contains("green is down (L4CON connection refused)"))
    }

    @Test("a backend that was never probed is told from one whose state is not known")
    func unknown() {
        var model = Self.model()
        model.world.backends.backends[0].health = .unknown
        #expect(model.picture.contains("○ UNKNOWN"))
        model.world.backends.backends[0].probes = []
        #expect(model.picture.contains("○ NO PROBE"))
        #expect(model.picture.contains("none yet: b probes now"))
    }

    @Test("40×10 shows rows, not frames: the list without an empty filter, the detail without a box")
    func small() {
        var model = Pilot.model(columns: 40, rows: 10, screen: .traffic, catalog: Pilot.only(.traffic))
        #expect(!model.picture.contains("filter ▸"))
        #expect(model.picture.split(separator: "\n").count { $0.contains("/api/") } == 5)
        _ = model.press("/")
        #expect(model.picture.contains("filter ▸"))
        _ = model.press(.escape)
        _ = model.press("k")
        _ = model.press(.enter)
        #expect(!model.picture.contains("╭"))
        #expect(goldenMismatch(Frame(model: model).draw(), "detail-40x10") == nil)
    }
}
