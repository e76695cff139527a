import ConsoleUI
import TerminalCanvas
import Testing
import TrafficJournal
import WorkerDomain

/// Plays the runtime for one screen: sends messages, runs effects, and brings their answers back.
struct ScreenBench<S: Screen> {
    var screen = S()
    var world: World
    var services: Services
    /// Effects that are not run: copies, toasts, dialogs.
    var told: [Effect] = []
    /// Work that was asked for and not done yet; of one slot only the newest.
    var works: [Work] = []
    /// How often work was asked for.
    var begun = 0

    init(
        world: World, backends: any BackendControl = ScriptedBackends(),
        checks: any CheckRunner = ScriptedChecks(report: ChecksSample.report)
    ) {
        self.world = world
        self.services = Services(
            journal: Journal(), backends: backends, worker: ScriptedWorker(), resources: world.resources,
            checks: checks)
    }

    /// Sends a message and leaves what it asks for waiting.
    mutating func begin(_ message: Message) { self.note(self.screen.update(message, in: self.world)) }

    /// Takes what the screen has asked for.
    mutating func note(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .work(let work):
                self.works.removeAll { $0.slot == work.slot }
                self.works.append(work)
                self.begun += 1
            case .cancel(let key):
                self.works.removeAll { $0.slot == key }
            default: self.told.append(effect)
            }
        }
    }

    /// Runs everything that waits, and what that asks for in turn.
    mutating func settle() async {
        for _ in 0..<50 {
            guard let index = self.works.firstIndex(where: { !self.isWatch($0.slot) }) else { return }
            let reply = await self.works.remove(at: index).run(self.services)
            self.note(self.screen.receive(reply, in: self.world))
        }
    }

    /// Runs what waits in one slot, and leaves what it asks for waiting.
    mutating func finish(_ slot: String) async {
        guard let index = self.works.firstIndex(where: { $0.slot == slot }) else { return }
        let reply = await self.works.remove(at: index).run(self.services)
        self.note(self.screen.receive(reply, in: self.world))
    }

    /// Waiting for a change is not work that ends by itself.
    private func isWatch(_ key: String) -> Bool { key.hasPrefix("watch") }

    /// True while the screen waits for changes.
    var isWatching: Bool {
        self.works.contains { self.isWatch($0.slot) }
    }

    /// Lets the screen hear of a change that it waits for, and runs what it asks for then.
    mutating func hear() async {
        guard let index = self.works.firstIndex(where: { self.isWatch($0.slot) }) else { return }
        let reply = await self.works.remove(at: index).run(self.services)
        self.note(self.screen.receive(reply, in: self.world))
        await self.settle()
    }

    mutating func send(_ message: Message) async {
        self.begin(message)
        await self.settle()
    }

    /// Draws the body as in a window of that size; the next key or click goes by it.
    mutating func draw(_ columns: Int = 80, _ rows: Int = 24) {
        var canvas = Canvas(columns: columns, rows: rows)
        self.world.layout = self.screen.draw(
            into: &canvas, area: Rect(row: 2, column: 0, rows: rows - 4, columns: columns), world: self.world)
    }

    mutating func press(_ keys: KeyEvent...) async {
        for key in keys { await self.send(.key(key)) }
    }

    mutating func type(_ text: String) async {
        for character in text { await self.send(.key(.character(character))) }
    }

    /// The body with the state line and the keys below it, as the runtime puts them.
    func canvas(_ columns: Int, _ rows: Int, glyphs: GlyphSet = .unicode) -> Canvas {
        var canvas = Canvas(columns: columns, rows: rows, glyphs: glyphs)
        self.screen.draw(
            into: &canvas, area: Rect(row: 2, column: 0, rows: rows - 4, columns: columns), world: self.world)
        var column = 0
        for span in self.screen.stateLine(in: self.world) {
            column += canvas.write(span.text, row: rows - 2, column: column, role: span.role)
        }
        column = 1
        for hint in self.screen.keys(in: self.world) {
            column += canvas.write(hint.key, row: rows - 1, column: column, role: .key) + 1
            column += canvas.write(hint.label(self.world.language), row: rows - 1, column: column) + 2
        }
        return canvas
    }

    /// What was asked to be copied, before the door that cleans it.
    var copied: [String] {
        self.told.compactMap { effect in
            switch effect {
            case .copy(let text), .copyLines(let text): text
            case .copyCommand(let command): command.text
            default: nil
            }
        }
    }
    var toasts: [String] { self.told.compactMap { if case .toast(let text, _) = $0 { text } else { nil } } }
}

/// Expects that drawing keeps nothing: a second one gives the same canvas and layout, also from another window's size in
/// between, and the screen has the same state as before.
func expectPureDrawing<S: Screen>(
    of bench: ScreenBench<S>, _ columns: Int, _ rows: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
    func drawn(_ columns: Int, _ rows: Int) -> (Canvas, ScreenLayout) {
        var canvas = Canvas(columns: columns, rows: rows)
        let area = Rect(row: 2, column: 0, rows: rows - 4, columns: columns)
        let layout = bench.screen.draw(into: &canvas, area: area, world: bench.world)
        return (canvas, layout)
    }
    let before = String(reflecting: bench.screen)
    let first = drawn(columns, rows)
    _ = drawn(columns + 37, rows + 9)
    let second = drawn(columns, rows)
    #expect(first.0 == second.0, sourceLocation: sourceLocation)
    #expect(first.1 == second.1, sourceLocation: sourceLocation)
    #expect(String(reflecting: bench.screen) == before, sourceLocation: sourceLocation)
}

/// What tests look for in a canvas.
enum CanvasReading {
    /// Text with everything that could change what a terminal shows.
    static let hostileText =
        "a\u{1B}[31mred\u{9B}2J\u{202E}evil\u{200B}\u{2066}\u{7F}\u{FEFF}\r\n\u{0}z\u{E0041}"

    /// A line a row.
    static func text(of canvas: Canvas) -> String {
        (0..<canvas.size.rows).map { row in
            (0..<canvas.size.columns).map { canvas[row, $0].text }.joined()
        }.joined(separator: "\n")
    }

    /// Scalars in cells that must not reach a terminal.
    static func forbidden(in canvas: Canvas) -> [Unicode.Scalar] {
        canvas.cells.flatMap(\.text.unicodeScalars).filter { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
            case 0xE0000...0xE007F: true
            default: false
            }
        }
    }
}
