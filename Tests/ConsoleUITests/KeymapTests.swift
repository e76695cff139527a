import TerminalCanvas
import TestScreens
import Testing
import WorkerDomain

@testable import ConsoleUI

@Suite("a person's own keys")
struct KeymapTests {
    private typealias Choice = KeymapReader.Choice

    private static let catalog = ScreenCatalog([BackendsScreen.self, ChecksScreen.self])

    /// Choices, and what is wrong with each; `nil` where nothing is.
    private static let cases: [([(String, [String])], [String?])] = [
        ([("checks.copy", ["Y"])], [nil]),
        ([("checks.copy", ["Y", "ctrl-y", "F5"])], [nil]),
        ([("backends.canary", ["space"])], [nil]),
        // The name of the action.
        ([("checks.cpoy", ["Y"])], ["unknown checks.copy"]),
        ([("copy", ["Y"])], ["unknown backends.copy"]),
        ([("nothing.like-this-at-all", ["Y"])], ["unknown -"]),
        // The key.
        ([("checks.copy", ["ctrl-i"])], ["unreadable ctrl-i"]),
        ([("checks.copy", ["Y", "hyper-x"])], ["unreadable hyper-x"]),
        ([("checks.copy", ["\u{1B}"])], ["unreadable \u{1B}"]),
        // Another action of the pane.
        ([("checks.copy", ["r"])], ["taken checks.run"]),
        ([("checks.copy", ["j"])], ["taken checks.down"]),
        // It was moved away, whichever stands first.
        ([("checks.copy", ["r"]), ("checks.run", ["R"])], [nil, nil]),
        ([("checks.run", ["R"]), ("checks.copy", ["r"])], [nil, nil]),
        // Two change places.
        ([("checks.copy", ["r"]), ("checks.run", ["y"])], [nil, nil]),
        // What was to go stays, because its own new key cannot be.
        ([("checks.copy", ["r"]), ("checks.run", ["q"])], ["taken checks.run", "taken frame.back"]),
        // Two want the same key: the first one gets it.
        ([("checks.copy", ["Y"]), ("checks.run", ["Y"])], [nil, "taken checks.copy"]),
        // The frame.
        ([("checks.copy", ["q"])], ["taken frame.back"]),
        ([("checks.copy", ["2"])], ["taken frame.screen-2"]),
        ([("checks.copy", ["9"])], [nil]),
        ([("checks.copy", ["ctrl-l"])], ["taken frame.repaint"]),
        ([("frame.theme", ["f"])], ["taken backends.fault"]),
        ([("frame.theme", ["ctrl-t"])], [nil]),
        // The same key may mean different things on different screens, and in panes of one.
        ([("backends.probe", ["e"])], [nil]),
        // A key that it has anyway, beside a new one.
        ([("backends.switch", ["t", "s"])], [nil]),
        ([("backends.undo", ["u", "U"])], [nil]),
        // Fields that are typed in.
        ([("backends.save", ["s"])], ["text s"]),
        ([("backends.save", ["ctrl-w"])], ["text ctrl-w"]),
        ([("backends.save", ["f5"])], [nil]),
        ([("frame.palette", ["p"])], ["text p"]),
        ([("frame.palette", ["f5"])], [nil]),
    ]

    @Test("what can be is used, and what cannot is said", arguments: Self.cases.indices)
    func conflicts(index: Int) {
        let (choices, expected) = Self.cases[index]
        let reader = KeymapReader(choices.map { Choice($0.0, $0.1) }, catalog: Self.catalog)
        let found = choices.indices.map { place -> String? in
            switch reader.faults[place] {
            case .unknownAction(let nearest): "unknown \(nearest ?? "-")"
            case .unreadable(let text): "unreadable \(text)"
            case .isText(let key): "text \(KeyName.written(key))"
            case .isTaken(_, let entry): "taken \(entry.action)"
            case nil: nil
            }
        }
        #expect(found == expected)
        let used = zip(choices, expected).filter { $0.1 == nil }.map { $0.0.0 }
        #expect(reader.keymap.actions == Set(used).sorted())
    }

    @Test("every key that has a name is written as it is read")
    func names() {
        let keys: [KeyEvent] = [
            .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home, .end,
            .pageUp, .pageDown, .character(" "), .character("Y"), .character("界"), .control("y"), .function(12),
        ]
        for key in keys { #expect(KeyName.parse(KeyName.written(key)) == key) }
    }

    /// A console whose person has chosen keys.
    private static func model(_ choices: [(String, [String])], screen: ScreenID = .backends) -> ConsoleModel {
        var model = Pilot.model(columns: 160, rows: 45, screen: screen)
        let reader = KeymapReader(choices.map { Choice($0.0, $0.1) }, catalog: Self.catalog)
        #expect(reader.faults.isEmpty)
        model.world.keymap = reader.keymap
        return model
    }

    private static func lastLine(_ model: ConsoleModel) -> String {
        String(model.picture.split(separator: "\n", omittingEmptySubsequences: false).last ?? "")
    }

    @Test("dispatch, key line, help and palette go by the chosen keys")
    func everywhere() {
        var model = Self.model([("backends.fault", ["F"]), ("frame.help", ["H"]), ("frame.palette", ["f5"])])
        #expect(Self.lastLine(model).contains("F fault") && !Self.lastLine(model).contains("f fault"))
        #expect(model.picture.contains("H help") && model.picture.contains("F5 palette"))
        _ = model.press("f")
        #expect((model.screen as? BackendsScreen)?.choice == nil)
        _ = model.press("F")
        #expect((model.screen as? BackendsScreen)?.choice != nil)
        _ = model.press(.escape)
        _ = model.press("?")
        #expect(model.overlay == nil)
        _ = model.press("H")
        let help = model.picture.split(separator: "\n").first { $0.contains("Inject a fault") } ?? ""
        #expect(help.contains(" F "))
        _ = model.press(.escape)
        _ = model.press(.function(5))
        _ = model.press("inject")
        let palette = model.picture.split(separator: "\n")
        #expect(palette.contains { $0.contains("Inject a fault") && $0.contains(" F ") })
    }

    @Test("the wheel, / and q do what they say, also when Esc, the arrows and / have other keys")
    func usual() {
        var model = Self.model([
            ("backends.down", ["n"]), ("backends.new", ["N"]), ("backends.back", ["B"]), ("frame.ask", ["ctrl-g"]),
        ])
        _ = model.take(TerminalEvent.mouse(MouseEvent(.wheelDown, row: 5, column: 5)))
        #expect((model.screen as? BackendsScreen)?.selected(in: model.world)?.name == "green")
        _ = model.press(.tab)
        #expect(model.canGoBack)
        _ = model.press("q")
        #expect((model.screen as? BackendsScreen)?.focus == .list)
        _ = model.press(.control("g"))
        if case .command = model.overlay {} else { Issue.record("/ opens nothing") }
    }

    @Test("what a text says of a key is the chosen one")
    func texts() {
        var model = Self.model([("frame.undo", ["U"])])
        model.tell(switched: .success(ConsoleModel.BackendSwitched(from: "blue", to: "green")))
        #expect(model.notice?.text.hasSuffix("U undo") == true)
    }
}

@Suite("the tour of the first start")
struct GreetingTests {
    private static func model(_ language: Language = .english, columns: Int = 80, rows: Int = 24, isEmpty: Bool = false)
        -> ConsoleModel
    {
        let now = Pilot.now
        var options = ConsoleOptions(language: language, now: { now })
        options.greets = { true }
        var world = World(language: language, now: now, status: Pilot.status())
        if !isEmpty { world.backends = Pilot.backends() }
        var model = ConsoleModel(
            world: world, options: options, size: Size(columns: columns, rows: rows), catalog: .withNotes)
        _ = model.start()
        return model
    }

    @Test("it names every screen in a sentence", arguments: Language.allCases)
    func sentences(language: Language) {
        var model = Self.model(language)
        var text = ""
        // As many screens as there may be: what does not fit is a few lines further down.
        for _ in 0..<20 {
            text += model.picture.filter { $0 != " " && $0 != "│" && $0 != "\n" }
            _ = model.draw()
            _ = model.press(.down)
        }
        for screen in ScreenCatalog.withNotes.screens {
            let sentence = screen.summary(language).filter { $0 != " " }
            #expect(text.contains(sentence.prefix(12)), "\(screen.id)")
        }
        if case .help = model.overlay {} else { Issue.record("scrolling closes it") }
    }

    @Test("any key that does not scroll closes it and does nothing else", arguments: ["q", "2", "t", "x"])
    func closes(key: String) {
        var model = Self.model()
        #expect(model.press(key).isEmpty)
        #expect(model.overlay == nil && model.current == .overview)
    }

    @Test("behind it the first backend is asked for")
    func firstBackend() {
        var model = Self.model(isEmpty: true)
        _ = model.press(.enter)
        if case .backend = model.overlay {} else { Issue.record("no dialog") }
    }
}
