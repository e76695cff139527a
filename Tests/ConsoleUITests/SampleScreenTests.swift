import TerminalCanvas
import TestScreens
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("a screen is one folder and one line")
struct SampleScreenTests {
    private static let catalog = ScreenCatalog.withNotes
    private static let number = ScreenCatalog.all.screens.count + 1

    private func model(_ start: ScreenID = NotesScreen.id, columns: Int = 100, rows: Int = 30) -> ConsoleModel {
        var world = World(language: .english, now: Pilot.now, status: Pilot.status())
        world.backends = Pilot.backends()
        let options = ConsoleOptions(initialScreen: start, now: { Pilot.now })
        var model = ConsoleModel(
            world: world, options: options, size: Size(columns: columns, rows: rows), catalog: Self.catalog)
        _ = model.start()
        return model
    }

    @Test("it has a tab, a number, a name behind : and a place in the palette")
    func names() {
        var model = self.model(.overview)
        #expect(model.picture.contains("\(Self.number) Notes"))
        _ = model.press("\(Self.number)")
        #expect(model.current == NotesScreen.id)
        _ = model.press("1")
        for typed in ["notes", "备注", "note", "\(Self.number)"] {
            #expect(CommandLine.parse(typed, in: Self.catalog) == .show(NotesScreen.id))
        }
        #expect(Self.catalog.number(of: NotesScreen.id) == Self.number)
        _ = model.take(.key(.control("p")))
        for character in "go to notes" { _ = model.take(.key(.character(character))) }
        _ = model.take(.key(.enter))
        #expect(model.current == NotesScreen.id)
    }

    @Test("its keys are dispatched, named on the key line and in the help, and found by the palette")
    func keys() {
        var model = self.model()
        #expect(model.picture.contains("w write  r load"))
        _ = model.draw()
        _ = model.take(.key(.pageDown))
        #expect((model.screen as? NotesScreen)?.row == 26)
        _ = model.press("w")
        #expect(model.screen?.isTyping == true)
        _ = model.press("q1t?")
        #expect((model.screen as? NotesScreen)?.text == "q1t?")
        _ = model.take(.key(.enter))
        _ = model.press("?")
        #expect(model.picture.contains("Write a note."))
        _ = model.press("/")
        _ = model.press("matters")
        #expect(model.picture.contains("★") && !model.picture.contains("Write a note."))
    }

    @Test("its work comes back to it, and while it runs the key does not apply")
    func work() async throws {
        var model = self.model()
        let commands = model.press("r")
        guard case .work(let owner, let work)? = commands.first else {
            Issue.record("no work was asked for")
            return
        }
        #expect(model.press("r").isEmpty)
        let services = Pilot.services()
        _ = model.receive(await work.run(services), for: owner)
        #expect((model.screen as? NotesScreen)?.text == "0 resources")
        #expect(model.notice?.text == "loaded")
    }

    @Test("the reference lists its panes with names for actions, and a chosen key takes the place of the usual one")
    func reference() {
        let sections = NotesScreen.sections()
        #expect(sections.map(\.name) == ["notes.editor", "notes.list"])
        #expect(sections[0].isTyping && !sections[1].isTyping)
        #expect(sections[1].entries.prefix(2).map(\.action) == ["notes.write", "notes.load"])
        var model = self.model()
        model.world.keymap.use([.function(5)], for: "notes.write")
        _ = model.press("w")
        #expect(model.screen?.isTyping == false)
        #expect(model.picture.contains("F5 write"))
        _ = model.take(.key(.function(5)))
        #expect(model.screen?.isTyping == true)
    }

    @Test("drawing twice gives the same, and changes nothing")
    func drawing() {
        let model = self.model()
        let (first, second) = (Frame(model: model).drawWithLayout(), Frame(model: model).drawWithLayout())
        #expect(first.canvas == second.canvas && first.layout == second.layout)
    }
}

@Suite("every screen's table of keys")
struct KeyTableTests {
    @Test("labels and sentences stand in both languages, and an action has one meaning in its screen")
    func words() {
        var sections = GlobalKeys.sections()
        for screen in ScreenCatalog.withNotes.screens { sections += screen.sections() }
        for entry in sections.flatMap(\.entries) {
            #expect(!entry.label.english.isEmpty && !entry.label.chinese.isEmpty, "\(entry.action)")
            #expect(entry.help.english.hasSuffix("."), "\(entry.action)")
            #expect(entry.help.chinese.hasSuffix("。"), "\(entry.action)")
            #expect(!entry.keys.isEmpty)
        }
    }

    @Test("every key can be written and read back")
    func written() {
        for screen in ScreenCatalog.withNotes.screens {
            for entry in screen.sections().flatMap(\.entries) {
                for key in entry.keys {
                    let shown = KeyName.shown(key)
                    #expect(shown != "?" || key == .character("?"))
                    #expect(KeyName.parse(shown) == key || key == .control("i"), "\(shown)")
                }
            }
        }
        #expect(KeyName.parse("ctrl-k") == .control("k") && KeyName.parse("F5") == .function(5))
        #expect(KeyName.parse("space") == .character(" ") && KeyName.parse("X") == .character("X"))
        for text in ["", " ", "ctrl-i", "ctrl-m", "ctrl-s", "ctrl-q", "f13", "f0", "xx", "\u{1B}", "ctrl-"] {
            #expect(KeyName.parse(text) == nil, "\(text)")
        }
        #expect(KeyName.shown([.character("1"), .character("2"), .character("3")]) == "1–3")
        #expect(KeyName.shown([.down, .up]) == "↑↓" && KeyName.shown([.character("e"), .character("E")]) == "e/E")
    }
}
