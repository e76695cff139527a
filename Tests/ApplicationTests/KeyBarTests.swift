import Foundation
import TerminalCanvas
import TestScreens
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import Application
@testable import ConsoleUI

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
        for stop in try await KeyStops.all() {
            let keys: [KeyEvent?] = [
                nil, .character("?"), .character(":"), .control("p"), .character("t"), .function(2),
            ]
            // A value: each key is pressed on a copy of what the way has led to.
            let opened = await SampleConsole(tour, at: stop, size: size, glyphs: .console)
            for key in keys {
                var console = opened
                if let key { await console.press(key) }
                let wrong = console.canvas.cells.map(\.text).filter { !Self.isAllowed($0) }
                #expect(Set(wrong).isEmpty, "\(stop.pane) \(stop.path) \(String(describing: key))")
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

@Suite("panes that tests open", .timeLimit(.minutes(2)))
struct KeyStopsTests {
    @Test("every pane of every screen is among them, and those that the sample never shows are named")
    func panes() async throws {
        let found = Set(try await KeyStops.all().map(\.pane))
        for pane in ScreenCatalog.withNotes.screens.flatMap({ $0.sections() }).map(\.name) {
            #expect(
                found.contains(pane) != KeyStops.unreachable.contains(pane),
                "\(pane): \(found.contains(pane) ? "is found" : "no keys lead to it on the sample project")")
        }
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
            for stop in try await KeyStops.all() {
                let wide = await SampleConsole(tour, at: stop)
                let small = await SampleConsole(tour, at: stop, size: Size(columns: 40, rows: 10))
                for hint in Frame(model: wide.model).hints {
                    let keys = Self.keys(hint.key)
                    #expect(!keys.isEmpty, "\(stop.pane): \(hint.key) is no key")
                    for key in keys {
                        // From where the pane opens, or from where another key leads.
                        var hasEffect = false
                        let others = keys.filter { $0 != key }
                        for first in [[], others, [.down], [.tab], [.tab] + others] where !hasEffect {
                            // In the large window there may be nothing to scroll.
                            for opened in [wide, small] where !hasEffect {
                                var console = opened
                                for other in first { await console.press(other) }
                                let before = console.canvas
                                hasEffect = await console.press(key) || console.canvas != before
                            }
                        }
                        #expect(hasEffect, "\(stop.pane): \(key) (\(hint.label.english))")
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
            for stop in try await KeyStops.all() {
                let opened = await SampleConsole(tour, at: stop, size: size)
                for hint in Frame(model: opened.model).hints where !Self.moves.contains(hint.key) {
                    let keys = Self.keys(hint.key)
                    for key in keys {
                        var isAnswered = false
                        for first in [[], [.down], [.tab], keys.filter { $0 != key }] where !isAnswered {
                            var console = opened
                            for other in first { await console.press(other) }
                            let before = console.canvas
                            isAnswered = await console.press(key) || console.canvas != before
                        }
                        #expect(
                            isAnswered,
                            "\(size.columns)×\(size.rows) \(stop.pane): \(key) (\(hint.label.english))"
                        )
                    }
                }
            }
        }
    }

    @Test("o says where the paths that it sorts are shown, where they are not")
    func routes() async throws {
        try await self.tour { tour in
            let stop = KeyTour.Stop(screen: .overview, pane: "overview.attention", path: [])
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
            for stop in try await KeyStops.all() {
                for size in [Size(columns: 160, rows: 45), Size(columns: 40, rows: 10)] {
                    var console = await SampleConsole(tour, at: stop, size: size)
                    let screen = console.model.current
                    let wasTyping = console.takesText
                    await console.press(.character("/"))
                    #expect(console.takesText, "\(stop.pane)")
                    let shown = console.model.current
                    #expect(shown == screen || (screen == .overview && shown == .traffic))
                    for character in "upload?qTtn1 :*" {
                        let asked = await console.press(.character(character))
                        #expect(
                            console.takesText && console.model.current == shown,
                            "\(stop.pane): \(character)")
                        #expect(!asked || wasTyping, "\(stop.pane): \(character)")
                    }
                }
            }
        }
    }

    @Test("/ on the overview filters the traffic with what is typed, and undoes no switch")
    func overview() async throws {
        try await self.tour { tour in
            var console = await SampleConsole(
                tour, at: KeyTour.Stop(screen: .overview, pane: "overview.attention", path: []))
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
