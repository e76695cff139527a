import Foundation
import TerminalCanvas
import TerminalDriver
import Testing

/// Not a test by itself: what the process behind the pseudo terminal does.
@Suite("PseudoTerminalChild", .enabled(if: ProcessInfo.processInfo.environment["WORKER_CONSOLE_PTY_CHILD"] == "1"))
struct PseudoTerminalChild {
    @Test("shows what it is told and does what keys say")
    func run() async throws {
        signal(SIGHUP, SIG_IGN)
        let environment = ProcessInfo.processInfo.environment
        let terminal = try NcursesTerminal(
            settings: TerminalSettings(
                environment: environment, glyphs: environment["WORKER_CONSOLE_PTY_GLYPHS"] == nil ? .unicode : nil,
                theme: environment["WORKER_CONSOLE_PTY_THEME"].flatMap(Theme.init(rawValue:))))
        var size: Size
        do {
            size = try await terminal.open()
        } catch {
            print("<not opened: \(error)>")
            return
        }
        var glyphs = await terminal.glyphs
        let picture = Picture(width: 2, height: 2, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
        var isPictured = false
        var text = "ready \(glyphs.rawValue) \(size.columns)x\(size.rows)"
        for await event in [nil].stream(then: terminal.events) {
            switch event {
            case nil: break
            case .resized(let new):
                size = new
                text = "size \(new.columns)x\(new.rows)"
            case .resumed: text = "RESUMED"
            case .glyphs(let found):
                glyphs = found
                text = "GLYPHS \(found)"
            case .theme(let theme): text = "THEME \(theme)"
            case .mouse(let mouse): text = "mouse \(mouse.kind) \(mouse.row),\(mouse.column)"
            case .paste(let pasted): text = "paste \(pasted.count) \(pasted)"
            case .key(let key):
                switch key {
                case .character("q"):
                    await terminal.close()
                    await terminal.close()
                    print("<closed>")
                    return
                case .character("a"): kill(getpid(), SIGABRT)
                case .character("t"): fatalError("asked to")
                case .character("w"): await terminal.adoptWindowSize()
                case .character("y"): _ = await terminal.copy("copied", through: .direct)
                case .character("z"): terminal.suspend()
                case .character("r"): await terminal.resume()
                case .function(2): terminal.useMouse(true)
                case .function(3): terminal.useMouse(false)
                case .function(4): isPictured.toggle()
                default: break
                }
                text = "key \(key)"
            }
            var canvas = Canvas(columns: size.columns, rows: size.rows, glyphs: glyphs)
            Self.draw(text, into: &canvas)
            if isPictured { Self.drawPicture(picture, into: &canvas) }
            if text.hasSuffix("function(5)") { canvas.write("COVER", row: 6, column: 4) }
            terminal.present(canvas)
        }
        print("<ended>")
    }

    private static func drawPicture(_ picture: Picture?, into canvas: inout Canvas) {
        guard let picture else { return }
        for row in 5..<8 { canvas.write("▀▄▀▄", row: row, column: 3) }
        canvas.place(PictureRows(picture, size: Size(columns: 4, rows: 4), rows: 1..<4), row: 5, column: 3)
    }

    private static func draw(_ text: String, into canvas: inout Canvas) {
        canvas.write(canvas.glyphs.glyphs.topLeft + "照片", row: 0, column: 0, role: .ok)
        canvas.write("\u{1B}[31m\u{7}\u{202E}", row: 1, column: 0)
        canvas.write("[\(text)]", row: 2, column: 0, role: .strong)
    }
}

extension [TerminalEvent?] {
    /// These events, then those of the terminal.
    fileprivate func stream(then events: AsyncStream<TerminalEvent>) -> AsyncStream<TerminalEvent?> {
        AsyncStream { continuation in
            for event in self { continuation.yield(event) }
            let task = Task {
                for await event in events { continuation.yield(event) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
