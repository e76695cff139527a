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

    @Test("e and E go from problem to problem")
    func problems() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("e"))
        #expect(bench.screen.cursor == 3)
        await bench.press(.character("e"))
        #expect(bench.screen.cursor == 2)
        await bench.press(.character("E"))
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
