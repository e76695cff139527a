import Foundation
import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import Application
@testable import ConsoleUI

/// The console on the sample project, without a terminal; whatever it asks for is done at once.
private struct SampleConsole {
    private(set) var model: ConsoleModel
    private let services: Services

    init(
        _ tour: KeyTour, at stop: KeyTour.Stop, size: Size = Size(columns: 160, rows: 45), glyphs: GlyphSet = .unicode
    ) async {
        self.services = tour.services
        var world = tour.world
        world.checks = nil
        let options = ConsoleOptions(glyphs: glyphs, initialScreen: stop.screen, now: { [now = world.now] in now })
        self.model = ConsoleModel(world: world, options: options, size: size)
        await self.carryOut(self.model.start())
        await self.carryOut(self.model.take(tour.services.journal.delta(since: nil)))
        for key in stop.path { await self.press(key) }
        // As the console does after everything that it is told.
        _ = self.model.draw()
    }

    var canvas: Canvas { Frame(model: self.model).draw() }

    /// - Returns: True when it asks for something that is more than a change of the picture.
    @discardableResult
    mutating func press(_ key: KeyEvent) async -> Bool {
        _ = self.model.draw()
        return await self.carryOut(self.model.take(.key(key)))
    }

    @discardableResult
    private mutating func carryOut(_ commands: [ConsoleCommand]) async -> Bool {
        for command in commands {
            switch command {
            case .work(let owner, let work):
                await self.carryOut(self.model.receive(await work.run(self.services), for: owner))
            default: break
            }
        }
        return !commands.isEmpty
    }

    var takesText: Bool {
        switch self.model.overlay {
        case .command, .palette, .backend: true
        case .help(let help): help.takesText
        case nil: self.model.screen?.isTyping == true
        }
    }
}

@Suite("what is drawn on a console with a small font", .timeLimit(.minutes(2)))
struct ConsoleGlyphTests {
    /// What the fonts of text consoles have: ASCII, and of code page 437 single lines, shades and halves. Letters of names and
    /// values are a person's own.
    private static func isAllowed(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x20..<0x7F: true
            case 0x2500, 0x2502, 0x250C, 0x2510, 0x2514, 0x2518, 0x251C, 0x2524, 0x252C, 0x2534, 0x253C: true
            case 0x2580, 0x2584, 0x2588, 0x2591...0x2593: true
            default: scalar.properties.isAlphabetic
            }
        }
    }

    @Test(
        "every cell of every pane and of what lies over it",
        arguments: [Size(columns: 80, rows: 24), Size(columns: 160, rows: 45)])
    func everyPane(size: Size) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("glyphs-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tour = try KeyTour(folder: folder)
        for stop in KeyStops.all {
            let keys: [KeyEvent?] = [
                nil, .character("?"), .character(":"), .control("p"), .character("t"), .function(2),
            ]
            for key in keys {
                var console = await SampleConsole(tour, at: stop, size: size, glyphs: .console)
                if let key { await console.press(key) }
                let wrong = console.canvas.cells.map(\.text).filter { !Self.isAllowed($0) }
                #expect(Set(wrong).isEmpty, "\(stop.screen) \(stop.path) \(String(describing: key))")
            }
        }
    }

    @Test("marks that no set knows become a question mark, and letters stay")
    func marks() {
        var canvas = Canvas(columns: 40, rows: 1, glyphs: .console)
        canvas.write("✓●⣿…·—═╔╬┃🎉é中あж☃→", row: 0, column: 0)
        #expect(canvas.lines[0].replacing(" ", with: "") == "+*?~.-─┌┼│?é中あж?>")
    }
}

@Suite("what the key line promises", .timeLimit(.minutes(2)))
struct KeyBarTests {
    /// The keys that a hint names.
    private static func keys(_ hint: String) -> [KeyEvent] {
        hint.split(whereSeparator: { $0 == " " || $0 == "/" && hint.count > 1 }).flatMap { word -> [KeyEvent] in
            switch word {
            case "⏎": [.enter]
            case "Esc": [.escape]
            case "Tab": [.tab]
            case "Space": [.character(" ")]
            case "↑↓": [.down, .up]
            case "←→": [.right, .left]
            case "↑": [.up]
            case "↓": [.down]
            case "F5": [.function(5)]
            case "F6": [.function(6)]
            case "Ctrl-R": [.control("r")]
            case "Ctrl-O": [.control("o")]
            default: word.count == 1 ? word.map { .character($0) } : []
            }
        }
    }

    private func tour(_ body: (KeyTour) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(KeyTour(folder: folder))
    }

    @Test("every key that a pane names does something there")
    func promises() async throws {
        try await self.tour { tour in
            for stop in KeyStops.all {
                let console = await SampleConsole(tour, at: stop)
                for hint in Frame(model: console.model).hints {
                    let keys = Self.keys(hint.key)
                    #expect(!keys.isEmpty, "\(stop.screen) \(stop.title.english): \(hint.key) is no key")
                    for key in keys {
                        // From where the pane opens, or from where another key leads.
                        var hasEffect = false
                        let others = keys.filter { $0 != key }
                        for first in [[], others, [.down], [.tab], [.tab] + others] {
                            // In the large window there may be nothing to scroll.
                            for size in [Size(columns: 160, rows: 45), Size(columns: 40, rows: 10)] where !hasEffect {
                                var console = await SampleConsole(tour, at: stop, size: size)
                                for other in first { await console.press(other) }
                                let before = console.canvas
                                hasEffect = await console.press(key) || console.canvas != before
                            }
                        }
                        #expect(hasEffect, "\(stop.screen) \(stop.title.english): \(key) (\(hint.label.english))")
                    }
                }
            }
        }
    }

    /// Keys that move in what is longer than its window, and those of which two go opposite ways: at an end, or where all
    /// fits, there is nothing to do.
    private static let moves: Set<String> = ["↑↓", "←→", "j k", "h l", "g G", "n N", "n/N", "↑", "↓"]

    @Test(
        "every key of a bar is answered in a window of its size",
        arguments: [Size(columns: 80, rows: 24), Size(columns: 160, rows: 45), Size(columns: 40, rows: 10)])
    func sizes(size: Size) async throws {
        try await self.tour { tour in
            for stop in KeyStops.all {
                let console = await SampleConsole(tour, at: stop, size: size)
                _ = console.canvas
                for hint in Frame(model: console.model).hints where !Self.moves.contains(hint.key) {
                    let keys = Self.keys(hint.key)
                    for key in keys {
                        var isAnswered = false
                        for first in [[], [.down], [.tab], keys.filter { $0 != key }] where !isAnswered {
                            var console = await SampleConsole(tour, at: stop, size: size)
                            _ = console.canvas
                            for other in first { await console.press(other) }
                            let before = console.canvas
                            isAnswered = await console.press(key) || console.canvas != before
                        }
                        #expect(
                            isAnswered,
                            "\(size.columns)×\(size.rows) \(stop.screen) \(stop.title.english): \(key) (\(hint.label.english))"
                        )
                    }
                }
            }
        }
    }

    @Test("o says where the paths that it sorts are shown, where they are not")
    func routes() async throws {
        try await self.tour { tour in
            let stop = KeyTour.Stop(screen: .overview, title: Phrase("", ""), path: [])
            for (columns, isShown) in [(80, false), (119, false), (120, true), (160, true)] {
                var console = await SampleConsole(tour, at: stop, size: Size(columns: columns, rows: 45))
                _ = console.canvas
                #expect(Frame(model: console.model).hints.contains { $0.key == "o" } == isShown)
                await console.press(.character("o"))
                #expect((console.model.notice?.text.contains("120") == true) == !isShown)
            }
        }
    }

    @Test("what is typed behind / is text, on every pane of every screen, in a window of any size")
    func prompts() async throws {
        try await self.tour { tour in
            for stop in KeyStops.all {
                for size in [Size(columns: 160, rows: 45), Size(columns: 40, rows: 10)] {
                    var console = await SampleConsole(tour, at: stop, size: size)
                    let screen = console.model.current
                    let wasTyping = console.takesText
                    await console.press(.character("/"))
                    #expect(console.takesText, "\(stop.screen) \(stop.title.english)")
                    let shown = console.model.current
                    #expect(shown == screen || (screen == .overview && shown == .traffic))
                    for character in "upload?qTtn1 :*" {
                        let asked = await console.press(.character(character))
                        #expect(
                            console.takesText && console.model.current == shown,
                            "\(stop.screen) \(stop.title.english): \(character)")
                        #expect(!asked || wasTyping, "\(stop.screen) \(stop.title.english): \(character)")
                    }
                }
            }
        }
    }

    @Test("/ on the overview filters the traffic with what is typed, and undoes no switch")
    func overview() async throws {
        try await self.tour { tour in
            var console = await SampleConsole(
                tour, at: KeyTour.Stop(screen: .overview, title: Phrase("", ""), path: []))
            for key in [KeyEvent.character("t"), .enter] { await console.press(key) }
            #expect(console.model.undoTarget != nil)
            for character in "/resumes/2" { await console.press(.character(character)) }
            await console.press(.enter)
            #expect(console.model.undoTarget != nil && console.model.current == .traffic)
            let canvas = console.canvas
            let picture = (0..<45).map { row in (0..<160).map { canvas[row, $0].text }.joined() }
            #expect(picture.contains { $0.contains("/api/resumes/2") })
            #expect(!picture.contains { $0.contains("/api/resumes/3") })
        }
    }
}
