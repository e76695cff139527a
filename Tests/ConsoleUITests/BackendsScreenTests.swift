import TerminalCanvas
import TestSupport
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI

@Suite("BackendsScreen")
struct BackendsScreenTests {
    private func bench(
        _ control: ScriptedBackends = ScriptedBackends(), _ snapshot: BackendsSnapshot = BackendsSample.snapshot,
        _ language: Language = .english
    ) -> ScreenBench<BackendsScreen> {
        ScreenBench(world: BackendsSample.world(language, backends: snapshot), backends: control)
    }

    @Test("t and Enter open the dialog that switches")
    func switching() async {
        var bench = self.bench()
        await bench.press(.character("t"), .enter)
        let dialogs = bench.told.count { if case .chooseBackend = $0 { true } else { false } }
        #expect(dialogs == 2)
    }

    @Test("b probes all backends, once at a time")
    func probing() async {
        let control = ScriptedBackends()
        var bench = self.bench(control)
        bench.begin(.key(.character("b")))
        bench.begin(.key(.character("b")))
        #expect(bench.works.count == 1)
        await bench.settle()
        #expect(control.log == ["probe all"])
        #expect(!bench.screen.isProbing)
    }

    @Test("u goes back to the backend before the last switch")
    func undo() async {
        let control = ScriptedBackends()
        var bench = self.bench(control)
        await bench.press(.character("u"))
        #expect(control.log == ["activate green"])
        #expect(bench.toasts == ["back on green"])
    }

    @Test("there is nothing to undo before the first switch")
    func nothingToUndo() async {
        let control = ScriptedBackends()
        var bench = self.bench(control, BackendsSnapshot())
        await bench.press(.character("u"))
        #expect(control.log.isEmpty)
        #expect(bench.toasts == ["no switch to undo"])
    }

    @Test("n adds a backend; wrong fields are said in place and keep the form open")
    func adding() async {
        let control = ScriptedBackends()
        var bench = self.bench(control)
        await bench.press(.character("n"))
        #expect(bench.screen.isTyping)
        await bench.type("green")
        await bench.press(.tab)
        await bench.type("htp://x")
        await bench.press(.enter)
        var text = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(text.contains("a backend with this name exists"))
        #expect(text.contains("the scheme must be http or https"))
        #expect(control.log.isEmpty)
        await bench.press(.control("u"))
        await bench.type("red")
        await bench.press(.tab, .control("u"))
        await bench.send(.paste("https://red.example.com/api/\n"))
        text = CanvasReading.text(of: bench.canvas(80, 24))
        #expect(text.contains("parsed as https://red.example.com/api"))
        await bench.press(.enter)
        #expect(control.log == ["add red https://red.example.com/api"])
        #expect(bench.screen.form == nil)
        #expect(bench.toasts == ["added red"])
    }

    @Test("a refusal of the control stays in the form")
    func refusal() async {
        let control = ScriptedBackends(
            refusal: BackendControlError(.notSaved, operation: "add red", reason: "read-only file system"))
        var bench = self.bench(control)
        await bench.press(.character("n"))
        await bench.type("red")
        await bench.press(.enter)
        await bench.type("127.0.0.1:9")
        await bench.press(.enter)
        #expect(bench.screen.form?.refusal?.code == .notSaved)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("read-only file system"))
        await bench.press(.escape)
        #expect(!bench.screen.isTyping)
    }

    @Test(
        arguments: [
            ("", BackendsForm.NameProblem.empty), ("a b", .badCharacter), ("名", .badCharacter), ("blue", .taken),
            (String(repeating: "a", count: 65), .tooLong),
        ])
    func names(name: String, problem: BackendsForm.NameProblem) {
        #expect(BackendsForm(name: name).nameProblem(taken: ["blue"]) == problem)
    }

    @Test("URLs of vars are offered, those in use are not, and Enter brings the form")
    func suggestions() async {
        var bench = self.bench()
        bench.world.status.suggestedBackends = [
            "BACKEND_URL": "https://api.example.com/v2", "API_BASE": "http://10.0.0.5:8000", "BAD": "not a url at all",
        ]
        #expect(BackendsRow.all(in: bench.world).count == 5)
        await bench.press(.character("G"), .enter)
        #expect(bench.screen.form?.name.text == "API_BASE")
        #expect(bench.screen.form?.url.text == "http://10.0.0.5:8000")
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func loaded(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.press(.character("j"))
        #expect(goldenMismatch(bench.canvas(columns, rows), "backends-loaded-\(columns)x\(rows)") == nil)
    }

    @Test func otherPictures() async {
        var chinese = self.bench(ScriptedBackends(), BackendsSample.snapshot, .simplifiedChinese)
        #expect(goldenMismatch(chinese.canvas(80, 24), "backends-chinese-80x24") == nil)
        await chinese.press(.tab)
        #expect(goldenMismatch(chinese.canvas(80, 24, glyphs: .ascii), "backends-ascii-details-80x24") == nil)
        let empty = self.bench(ScriptedBackends(), BackendsSnapshot())
        #expect(goldenMismatch(empty.canvas(80, 24), "backends-empty-80x24") == nil)
        var form = self.bench()
        await form.press(.character("n"), .enter)
        #expect(goldenMismatch(form.canvas(80, 24), "backends-form-80x24") == nil)
        #expect(goldenMismatch(form.canvas(40, 10), "backends-form-40x10") == nil)
    }

    @Test("no control, bidi or zero-width scalar of a probe or a name reaches a cell")
    func hostile() async {
        let text = CanvasReading.hostileText
        let probe = HealthProbeResult(
            code: text, detail: text, passed: false, latency: .zero, at: BackendsSample.now)
        let status = BackendStatus(
            backend: Backend(name: text, url: BackendURL(scheme: .http, host: text, port: 1)), isActive: true,
            health: .down, probes: [probe])
        let change = BackendSwitch(from: text, to: text, at: BackendsSample.now, by: text)
        var bench = self.bench(
            ScriptedBackends(), BackendsSnapshot(backends: [status], switches: [change]))
        for (columns, rows) in [(40, 10), (80, 24), (160, 45)] {
            #expect(CanvasReading.forbidden(in: bench.canvas(columns, rows)).isEmpty)
        }
        await bench.press(.tab)
        #expect(CanvasReading.forbidden(in: bench.canvas(80, 24)).isEmpty)
    }

    @Test("drawing again gives the same picture and the same layout, and changes nothing")
    func pure() async {
        var bench = self.bench()
        await bench.send(.shown)
        let ways: [[KeyEvent]] = [[], [.down], [.tab], [.escape, .character("n")], [.escape, .character("f")]]
        for keys in ways {
            for key in keys { await bench.press(key) }
            for (columns, rows) in [(40, 10), (80, 24), (160, 45)] { expectPureDrawing(of: bench, columns, rows) }
        }
    }

    @Test("the selection stays with its backend when others come before it")
    func selectionStays() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("j"))
        bench.world.backends.backends.insert(
            BackendStatus(backend: Backend(name: "first", url: BackendURL(scheme: .http, host: "::1", port: 1))), at: 0)
        await bench.send(.worldChanged)
        #expect(bench.screen.selected(in: bench.world)?.name == "green")
    }

    @Test("the key line names a canary and a drain only where there can be one")
    func promises() async {
        var bench = self.bench()
        func keys() -> [String] { bench.screen.keys(in: bench.world).map(\.key) }
        #expect(!keys().contains("c") && !keys().contains("d") && keys().contains("f"))
        await bench.press(.character("j"))
        #expect(keys().contains("c") && keys().contains("d"))
    }

    @Test("every size down to nothing draws without a crash")
    func sizes() async {
        var bench = self.bench()
        for key in [KeyEvent.down, .tab, .character("n")] {
            await bench.press(key)
            for columns in stride(from: 0, through: 170, by: 7) {
                for rows in stride(from: 4, through: 46, by: 5) { _ = bench.canvas(columns, rows) }
            }
        }
    }
}
