import Synchronization
import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI

@Suite("ChecksScreen")
struct ChecksScreenTests {
    private func bench(
        _ language: Language = .english, _ report: CheckReport = ChecksSample.report
    ) -> ScreenBench<ChecksScreen> {
        ScreenBench(world: BackendsSample.world(language), checks: ScriptedChecks(report: report))
    }

    @Test("the checks run once when the screen is first shown, and the first failure is selected")
    func firstRun() async {
        var bench = self.bench()
        await bench.send(.shown)
        #expect(bench.screen.results(in: bench.world).count == 6)
        #expect(bench.screen.selected(in: bench.world)?.id == "entrypoint")
        bench.begin(.hidden)
        bench.begin(.shown)
        #expect(bench.works.isEmpty)
    }

    @Test("a report of the world stands before the screen's own, and nothing is run for it")
    func worldReport() {
        var bench = self.bench()
        bench.world.checks = CheckReport(results: [], startedAt: BackendsSample.now, duration: .zero)
        bench.begin(.shown)
        #expect(bench.works.isEmpty)
        #expect(bench.screen.results(in: bench.world).isEmpty)
    }

    @Test("r and a run again, one run at a time")
    func rerun() async {
        var bench = self.bench()
        await bench.send(.shown)
        bench.begin(.key(.character("r")))
        bench.begin(.key(.character("a")))
        #expect(bench.works.count == 1)
        await bench.settle()
        #expect(!bench.screen.isRunning)
    }

    @Test("y copies the code that works; f shows it full screen, Esc goes back")
    func fix() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("y"))
        #expect(bench.copied == [ChecksSample.report.results[2].example ?? ""])
        await bench.press(.character("f"))
        #expect(bench.screen.focus == .fix && bench.screen.binds(.escape, in: bench.world))
        await bench.press(.escape)
        #expect(bench.screen.focus == .list && !bench.screen.binds(.escape, in: bench.world))
    }

    @Test("f does nothing where there is nothing to fix")
    func noFix() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("g"), .character("f"))
        #expect(bench.screen.focus == .list)
    }

    /// Notes what is applied.
    private final class RepairingChecks: CheckRunner {
        private let state = Mutex(
            (applied: [CheckRepair](), outcome: CheckRepairOutcome.applied(backups: ["worker.py.bak"])))
        let report: CheckReport

        init(_ report: CheckReport) { self.report = report }

        var applied: [CheckRepair] { self.state.withLock { $0.applied } }
        func refuse(_ why: String) { self.state.withLock { $0.outcome = .refused(why) } }
        func run() async -> CheckReport { self.report }
        func apply(_ repair: CheckRepair) async -> CheckRepairOutcome {
            self.state.withLock { state in
                state.applied.append(repair)
                return state.outcome
            }
        }
    }

    private static let repairable: CheckReport = {
        var results = ChecksSample.report.results
        let old = "async def fetch(request, env):\n    return 1\n"
        results[2].repair = CheckRepair(
            files: [
                .init(
                    path: "/p/worker.py", name: "worker.py", original: Array(old.utf8),
                    repaired: Array((old + "\n\nclass Default(WorkerEntrypoint):\n    pass\n").utf8))
            ], steps: ["keep fetch and add a class Default that calls it"])
        results[2].location = CheckLocation(path: "/p/worker.py", line: 12)
        return CheckReport(
            results: results, startedAt: ChecksSample.report.startedAt, duration: ChecksSample.report.duration)
    }()

    @Test("F shows what would be changed, and nothing is changed until that is confirmed")
    func apply() async {
        let checks = RepairingChecks(Self.repairable)
        var bench = ScreenBench<ChecksScreen>(world: self.bench().world, checks: checks)
        bench.world.checks = Self.repairable
        await bench.send(.shown)
        await bench.press(.character("F"))
        #expect(bench.screen.focus == .confirmation && checks.applied.isEmpty)
        let shown = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(shown.contains("Change worker.py?") && shown.contains("class Default(WorkerEntrypoint):"), "\(shown)")
        await bench.press(.escape)
        #expect(bench.screen.focus == .list && checks.applied.isEmpty)
        await bench.press(.character("F"), .enter)
        #expect(checks.applied == Self.repairable.results[2].repair.map { [$0] })
        #expect(bench.toasts == ["worker.py changed · as before: worker.py.bak"])
        checks.refuse("worker.py has changed since it was checked; run the checks again")
        await bench.press(.character("F"), .character("F"))
        #expect(bench.toasts.last?.hasPrefix("nothing was changed: worker.py has changed") == true)
    }

    @Test("F does nothing where no change is known, and E nothing where there is no file")
    func notRepairable() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("F"), .character("E"))
        #expect(bench.screen.focus == .list)
        #expect(!bench.told.contains { if case .edit = $0 { true } else { false } })
    }

    @Test("E opens the file at the line of the finding")
    func edit() async {
        var bench = self.bench()
        bench.world.checks = Self.repairable
        await bench.send(.shown)
        await bench.press(.character("E"))
        let edits = bench.told.compactMap { if case .edit(let path, let line) = $0 { "\(path):\(line)" } else { nil } }
        #expect(edits == ["/p/worker.py:12"])
    }

    @Test("e and p go from problem to problem")
    func problems() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("e"))
        #expect(bench.screen.cursor == 3)
        await bench.press(.character("e"))
        #expect(bench.screen.cursor == 2)
        await bench.press(.character("p"))
        #expect(bench.screen.cursor == 3)
    }

    @Test("the gate is ready when nothing fails")
    func ready() async {
        let report = CheckReport(
            results: ChecksSample.report.results.filter { $0.outcome != .fail }, startedAt: BackendsSample.now,
            duration: .zero)
        var bench = self.bench(.english, report)
        await bench.send(.shown)
        let text = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(text.contains("✓ ready to deploy"))
        #expect(text.contains("exit code would be 0"))
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func loaded(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        #expect(goldenMismatch(bench.canvas(columns, rows), "checks-loaded-\(columns)x\(rows)") == nil)
    }

    @Test func otherPictures() async {
        var bench = self.bench()
        bench.begin(.shown)
        #expect(goldenMismatch(bench.canvas(80, 24), "checks-running-80x24") == nil)
        await bench.settle()
        await bench.press(.character("f"))
        #expect(goldenMismatch(bench.canvas(80, 24), "checks-fix-80x24") == nil)
        await bench.press(.escape, .enter)
        #expect(goldenMismatch(bench.canvas(80, 24), "checks-explanation-80x24") == nil)
        #expect(goldenMismatch(bench.canvas(40, 10), "checks-explanation-40x10") == nil)
        var chinese = self.bench(.simplifiedChinese)
        await chinese.send(.shown)
        #expect(goldenMismatch(chinese.canvas(80, 24), "checks-chinese-80x24") == nil)
        #expect(goldenMismatch(chinese.canvas(80, 24, glyphs: .ascii), "checks-ascii-80x24") == nil)
        var empty = self.bench(
            .english, CheckReport(results: [], startedAt: BackendsSample.now, duration: .zero))
        await empty.send(.shown)
        #expect(goldenMismatch(empty.canvas(80, 24), "checks-empty-80x24") == nil)
    }

    @Test("no control, bidi or zero-width scalar of a result reaches a cell")
    func hostile() async {
        let text = CanvasReading.hostileText
        let result = CheckResult(
            id: text, title: text, outcome: .fail, summary: text, evidence: [text], rule: text, place: text, fix: text,
            example: text)
        var bench = self.bench(
            .english, CheckReport(results: [result], startedAt: BackendsSample.now, duration: .zero))
        await bench.send(.shown)
        for key in [KeyEvent.up, .enter, .character("f")] {
            await bench.press(key)
            for (columns, rows) in [(40, 10), (80, 24), (160, 45)] {
                #expect(CanvasReading.forbidden(in: bench.canvas(columns, rows)).isEmpty)
            }
        }
    }

    @Test("drawing again gives the same picture and the same layout, and changes nothing")
    func pure() async {
        var bench = self.bench()
        await bench.send(.shown)
        for key in [KeyEvent.up, .enter, .escape, .down, .character("f")] {
            await bench.press(key)
            for (columns, rows) in [(40, 10), (80, 24), (160, 45)] { expectPureDrawing(of: bench, columns, rows) }
        }
    }

    @Test("every size down to nothing draws without a crash")
    func sizes() async {
        var bench = self.bench()
        await bench.send(.shown)
        for key in [KeyEvent.down, .enter, .character("f")] {
            await bench.press(key)
            for columns in stride(from: 0, through: 170, by: 7) {
                for rows in stride(from: 4, through: 46, by: 5) { _ = bench.canvas(columns, rows) }
            }
        }
    }
}
