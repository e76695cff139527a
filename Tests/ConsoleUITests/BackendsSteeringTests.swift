import TerminalCanvas
import TestScreens
import TestSupport
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("Drains, canaries and faults on the backends screen")
struct BackendsSteeringTests {
    /// A canary that is about to be taken back, a fault, and a drain.
    private static var snapshot: BackendsSnapshot {
        var snapshot = BackendsSample.snapshot
        snapshot.check = HealthCheckSummary(method: "HEAD /health", interval: .seconds(15), fall: 3, rise: 2)
        snapshot.backends[0].share = 90
        snapshot.backends[1].share = 0
        snapshot.backends[1].drainDeadline = BackendsSample.time(-14)
        snapshot.backends[2].share = 10
        snapshot.backends[3].share = 0
        snapshot.backends[3].fault = BackendFault(kind: .latency(.seconds(1)), until: BackendsSample.time(-92))
        var canary = CanaryStatus(
            plan: CanaryPlan(target: "canary", percent: 10), startedAt: BackendsSample.time(130),
            stable: CanarySide(
                name: "blue", count: 1_612, serverErrors: 16, p50: .milliseconds(11), p95: .milliseconds(84)),
            canary: CanarySide(
                name: "canary", count: 68, serverErrors: 7, p50: .milliseconds(9), p95: .milliseconds(31)))
        canary.breach = .serverErrors(percent: 10.3, limit: 2)
        canary.rollsBackAt = BackendsSample.time(-24)
        snapshot.canary = canary
        snapshot.events = [
            BackendEvent(at: BackendsSample.time(130), backend: "canary", kind: .canaryStarted(percent: 10)),
            BackendEvent(at: BackendsSample.time(28), backend: "new", kind: .faultStarted(.latency(.seconds(1)))),
            BackendEvent(
                at: BackendsSample.time(6), backend: "canary",
                kind: .canaryWarned(.serverErrors(percent: 10.3, limit: 2), seconds: 30)),
        ]
        return snapshot
    }

    private func bench(
        _ control: ScriptedBackends = ScriptedBackends(), _ snapshot: BackendsSnapshot = Self.snapshot,
        _ language: Language = .english
    ) -> ScreenBench<BackendsScreen> {
        ScreenBench(world: BackendsSample.world(language, backends: snapshot), backends: control)
    }

    @Test("d asks about a draining backend: to wait is the first answer, to cut the last")
    func drain() async {
        let control = ScriptedBackends()
        var bench = self.bench(control)
        await bench.press(.character("j"), .character("d"))
        #expect(bench.screen.choice != nil && bench.screen.binds(.escape, in: bench.world))
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("should finish within 14 s"))
        await bench.press(.enter)
        #expect(control.log == ["drain green 30.0 seconds"])
        await bench.press(.character("d"), .up, .enter)
        #expect(control.log.last == "cut green")
        #expect(bench.toasts.last == "done: green: close 2 in flight now")
    }

    @Test("the backend that gets everything is not drained, the dialog says what to do")
    func drainActive() async {
        let control = ScriptedBackends()
        var bench = self.bench(control)
        await bench.press(.character("d"))
        #expect(bench.screen.choice == nil)
        #expect(bench.toasts.last?.contains("t switches away") == true)
        await bench.press(.character("c"))
        #expect(bench.toasts.last?.contains("is active") == true)
    }

    @Test("under a policy a backend is held back and put back")
    func holdBack() async {
        let control = ScriptedBackends()
        var snapshot = BackendsSample.snapshot
        snapshot.policy = "round-robin"
        var bench = self.bench(control, snapshot)
        await bench.press(.character("d"), .enter)
        #expect(control.log == ["drain blue 30.0 seconds"])
        bench.world.backends.backends[0].isHeldBack = true
        bench.world.backends.backends[0].inFlight = 0
        await bench.press(.character("d"), .enter)
        #expect(control.log.last == "resume blue")
    }

    @Test("c starts a canary with a tenth, changes it, finishes it or takes it back")
    func canary() async {
        let control = ScriptedBackends()
        var bench = self.bench(control)
        await bench.press(.character("j"), .character("c"), .enter)
        #expect(control.log == ["canary green 10"])
        await bench.press(.character("j"), .character("c"), .down, .enter)
        #expect(control.log.last == "canary canary 25")
        await bench.press(.character("c"), .up, .up, .up, .enter)
        #expect(control.log.last == "end false")
        await bench.press(.character("c"), .up, .up, .up, .up, .enter)
        #expect(control.log.last == "end true")
    }

    @Test("f breaks a backend, and ends it where one is broken; Esc leaves")
    func fault() async {
        let control = ScriptedBackends()
        var bench = self.bench(control)
        await bench.press(.character("f"), .down, .enter)
        #expect(control.log == ["fault blue status"])
        await bench.press(.character("G"), .character("f"), .enter)
        #expect(control.log.last == "fault new none")
        await bench.press(.character("f"), .escape)
        #expect(control.log.count == 2 && bench.screen.choice == nil)
    }

    @Test("what is refused is told")
    func refused() async {
        let refusal = BackendControlError(.refused, operation: "canary green", reason: "it is the active backend")
        var bench = self.bench(ScriptedBackends(refusal: refusal))
        await bench.press(.character("j"), .character("c"), .enter)
        #expect(bench.toasts.last == "canary green: it is the active backend")
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func steered(columns: Int, rows: Int) async {
        let bench = self.bench()
        #expect(goldenMismatch(bench.canvas(columns, rows), "backends-steered-\(columns)x\(rows)") == nil)
        let chinese = self.bench(ScriptedBackends(), Self.snapshot, .simplifiedChinese)
        #expect(goldenMismatch(chinese.canvas(columns, rows), "backends-steered-zh-\(columns)x\(rows)") == nil)
    }

    @Test(arguments: [("d", "drain"), ("c", "canary"), ("f", "fault")])
    func dialogs(key: Character, name: String) async {
        for (language, suffix) in [(Language.english, ""), (.simplifiedChinese, "-zh")] {
            var bench = self.bench(ScriptedBackends(), Self.snapshot, language)
            await bench.press(.character("j"), .character(key))
            #expect(goldenMismatch(bench.canvas(80, 24), "backends-\(name)\(suffix)-80x24") == nil)
            if language == .english {
                #expect(goldenMismatch(bench.canvas(40, 10), "backends-\(name)-40x10") == nil)
            }
        }
    }

    @Test("the banner stands before the state line of every screen", arguments: Language.allCases)
    func banner(language: Language) {
        let world = BackendsSample.world(language, backends: Self.snapshot)
        let spans = SteeringText.banner(in: world, GlyphSet.unicode.glyphs)
        #expect(spans.map(\.role) == [.danger, .warning])
        #expect(spans[0].text.contains("new") && spans[0].text.contains("1m32"))
        #expect(SteeringText.banner(in: BackendsSample.world(language), GlyphSet.ascii.glyphs).isEmpty)
        for id in ScreenCatalog.withNotes.ids {
            var options = ConsoleOptions(now: { BackendsSample.now })
            options.initialScreen = id
            let model = ConsoleModel(
                world: world, options: options, size: Size(columns: 80, rows: 24), catalog: .withNotes)
            let text = CanvasReading.text(of: Frame(model: model).draw())
            #expect(text.contains(spans[0].text), "\(id)")
            #expect(text.split(separator: "\n").first?.contains(" ⚑ ") == true, "\(id)")
        }
    }

    @Test("what goes wrong is told once, by a toast on any screen and among what needs attention")
    func told() {
        let options = ConsoleOptions(now: { BackendsSample.now })
        var model = ConsoleModel(
            world: BackendsSample.world(), options: options, size: Size(columns: 80, rows: 24), catalog: .all)
        _ = model.worldChanged()
        #expect(model.notice == nil)
        var snapshot = Self.snapshot
        snapshot.events = [
            BackendEvent(
                at: BackendsSample.time(-1), backend: "canary",
                kind: .canaryWarned(.serverErrors(percent: 10.3, limit: 2), seconds: 30)),
            BackendEvent(at: BackendsSample.time(-2), backend: "new", kind: .faultEnded),
        ]
        model.world.backends = snapshot
        _ = model.worldChanged()
        #expect(model.notice?.text == "canary canary: 5xx 10.3 % > 2 %, rolled back in 30 s unless it recovers")
        model.notice = nil
        _ = model.worldChanged()
        #expect(model.notice == nil)
        #expect(AttentionItem.all(in: model.world).contains { $0.id == "canary canary" && $0.level == .warning })
    }

    @Test("every event has its own words in both languages", arguments: Language.allCases)
    func events(language: Language) {
        let breach = CanaryBreach.slow(p95: .milliseconds(90), limit: .milliseconds(20))
        let kinds: [BackendEvent.Kind] = [
            .switched(from: nil, to: "b"), .health(isUp: true, code: "L7OK"), .health(isUp: false, code: "L4CON"),
            .keptAsLast, .probedEarly, .drainEnded(seconds: 3), .drainOverdue(left: 2), .cut(count: 1),
            .canaryStarted(percent: 5), .canaryWarned(breach, seconds: 30), .canaryRecovered, .canaryRolledBack(breach),
            .canaryRolledBack(nil), .canaryPromoted, .faultStarted(.reset), .faultEnded, .auditFailed(reason: "full"),
        ]
        let texts = kinds.map {
            SteeringText.event(BackendEvent(at: BackendsSample.now, backend: "b", kind: $0), language)
        }
        #expect(Set(texts).count == kinds.count)
        #expect(texts.allSatisfy { !$0.contains("%1") && !$0.contains("%2") && !$0.contains("%3") }, "\(texts)")
    }
}
