import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

@Suite struct ChromeTests {
    @Test(
        "every screen draws as recorded",
        arguments: [
            (ScreenID.overview, 80, 24), (.overview, 160, 45), (.overview, 40, 10), (.overview, 120, 30),
            (.traffic, 80, 24),
            (.traffic, 160, 45), (.traffic, 40, 10),
        ])
    func loaded(screen: ScreenID, columns: Int, rows: Int) {
        for (name, language, glyphs) in [
            ("en", Language.english, GlyphSet.unicode), ("zh", .simplifiedChinese, .unicode),
            ("ascii", .english, .ascii),
        ] {
            let model = Pilot.model(
                columns: columns, rows: rows, screen: screen, language: language, glyphs: glyphs,
                catalog: Pilot.only(screen))
            let canvas = Frame(model: model).draw()
            #expect(goldenMismatch(canvas, "\(screen.rawValue)-\(name)-\(columns)x\(rows)") == nil)
        }
    }

    @Test("a project without anything asks for a backend", arguments: [ScreenID.overview, .traffic])
    func empty(screen: ScreenID) {
        var model = Pilot.model(screen: screen, isEmpty: true, catalog: Pilot.only(screen))
        #expect(goldenMismatch(Frame(model: model).draw(), "\(screen.rawValue)-ask-80x24") == nil)
        _ = model.press(.escape)
        #expect(goldenMismatch(Frame(model: model).draw(), "\(screen.rawValue)-empty-80x24") == nil)
    }

    @Test("a backend whose certificate nobody verifies has a badge on every screen, and its details say so")
    func unverified() throws {
        var model = Pilot.model(columns: 160, rows: 45, screen: .backends)
        for isInsecure in [false, true] {
            var backend = Backend(name: "blue", url: try BackendURL(parsing: "https://api.example.com"))
            backend.isInsecure = isInsecure
            model.world.backends = BackendsSnapshot(backends: [BackendStatus(backend: backend, isActive: true)])
            let text = Pilot.text(Frame(model: model).draw())
            #expect(text.contains("NOT VERIFIED") == isInsecure)
            #expect(BackendsScreen.tls(of: backend)(.english).contains("insecure = true") == isInsecure)
        }
    }

    @Test("the rate of requests stands whole or not at all")
    func rate() {
        var widths: Set<Bool> = []
        for columns in 100...160 {
            var model = Pilot.model(columns: columns, rows: 30)
            model.world.statistics.requestsPerSecond = 11_009
            let top = Pilot.text(Frame(model: model).draw()).prefix { $0 != "\n" }
            #expect(top.contains("11,009/s") || !top.contains("11,"), "\(columns) columns: \(top)")
            widths.insert(top.contains("11,009/s"))
        }
        #expect(widths == [true, false])
    }

    @Test("a backend on a Unix socket is named after it")
    func socketName() throws {
        let model = Pilot.model()
        let dialog = BackendDialog(in: model.world)
        #expect(dialog.newName(for: try BackendURL(parsing: "unix:/run/app.sock"), in: model.world) == "app.sock")
    }

    @Test("a window that is too small says what still runs")
    func tooSmall() {
        let model = Pilot.model(columns: 30, rows: 6)
        #expect(goldenMismatch(Frame(model: model).draw(), "card-30x6") == nil)
    }

    @Test("dialogs draw as recorded")
    func overlays() {
        var model = Pilot.model(catalog: Pilot.only(.overview, .traffic))
        _ = model.press("t")
        #expect(goldenMismatch(Frame(model: model).draw(), "backend-80x24") == nil)
        _ = model.press(.escape)
        _ = model.press("?")
        #expect(goldenMismatch(Frame(model: model).draw(), "help-80x24") == nil)
        _ = model.press(.escape)
        _ = model.press(.control("p"))
        #expect(goldenMismatch(Frame(model: model).draw(), "palette-80x24") == nil)
    }
}
