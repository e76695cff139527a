import TerminalCanvas
import Widgets

/// The keys that mean the same on every screen.
package enum GlobalKeys {
    typealias Binding = KeyBinding<ConsoleModel, ConsoleCommand>

    /// What these actions are called in `[keys]`: `frame.quit`.
    static let owner = "frame"

    /// Keys that work over everything, also while text is typed.
    static let always = KeyPane<ConsoleModel, ConsoleCommand>(
        "always", KeyPhrases.groupFrame, when: { _ in true },
        [
            Binding(
                "palette", .control("p"), ChromePhrases.palette, help: KeyPhrases.palette, group: .frame,
                when: { model, _ in model.overlay == nil && !Frame.isTooSmall(model.size) }
            ) { model, world in
                model.openPalette(in: world)
                return []
            },
            Binding("mouse", .function(2), ChromePhrases.mouse, help: KeyPhrases.mouse, group: .frame) { model, _ in
                model.toggleMouse()
            },
            Binding("repaint", .control("l"), ChromePhrases.repaint, help: KeyPhrases.repaint, group: .frame) { _, _ in
                [.repaint]
            },
            Binding(
                "suspend", .control("z"), ChromePhrases.suspend, help: KeyPhrases.suspend, group: .frame
            ) { _, _ in [.suspend] },
            Binding(
                "quit-at-once", .control("c"), ChromePhrases.quit, help: KeyPhrases.quitAtOnce, group: .frame
            ) { _, _ in [.quit] },
        ])

    /// Keys of the frame while nothing is typed; those that a pane has for something of its own come after it.
    static let free = KeyPane<ConsoleModel, ConsoleCommand>(
        "everywhere", ChromePhrases.helpEverywhere, when: { _ in true }, Self.screens + Self.actions)

    /// One for each screen: the digits are those of the tab line.
    private static let screens: [Binding] = (1...9).map { number in
        Binding(
            "screen-\(number)", .character(Character("\(number)")), ChromePhrases.screens, help: KeyPhrases.screen,
            group: .frame, bar: false, when: { model, _ in number <= model.catalog.screens.count }
        ) { model, _ in model.bring(model.catalog.ids[number - 1]) }
    }

    private static let actions: [Binding] = [
        Binding(
            "backend", .character("t"), ChromePhrases.target, help: KeyPhrases.chooseBackend, group: .frame,
            danger: .reversible
        ) { model, _ in model.perform(.chooseBackend) },
        Binding("command", .character(":"), ChromePhrases.command, help: KeyPhrases.command, group: .frame) {
            model, _ in
            model.openCommand("")
            return []
        },
        Binding("help", .character("?"), ChromePhrases.help, help: KeyPhrases.help, group: .frame, bar: false) {
            model, _ in model.perform(.help)
        },
        Binding("ask", .character("/"), CommonPhrases.filter, help: KeyPhrases.ask, group: .frame, bar: false) {
            model, _ in model.ask()
        },
        Binding("theme", .character("T"), ChromePhrases.theme, help: KeyPhrases.theme, group: .frame, bar: false) {
            model, _ in model.perform(.theme(nil))
        },
        Binding(
            "undo", .character("u"), ChromePhrases.undo, help: KeyPhrases.undo, group: .frame, danger: .reversible,
            bar: false, when: { model, _ in model.undoTarget != nil }
        ) { model, _ in model.undo() },
        Binding(
            "back", .character("q"), CommonPhrases.back, help: KeyPhrases.back, group: .frame, bar: false,
            when: { model, _ in model.canGoBack }
        ) { model, _ in model.tellUsual(.escape) },
        Binding(
            "quit", .character("q"), ChromePhrases.quit, help: KeyPhrases.quit, group: .frame,
            when: { model, _ in !model.canGoBack }
        ) { _, _ in [.quit] },
    ]

    /// Those that end the key line of every screen.
    static func isBrief(_ action: String) -> Bool {
        ["backend", "command", "back", "quit"].contains { action == "\(self.owner).\($0)" }
    }

    /// Of a window that is too small for a screen.
    static let tooSmall = KeyPane<ConsoleModel, ConsoleCommand>(
        "small", KeyPhrases.groupFrame, when: { _ in true }, [Self.actions[Self.actions.count - 1]])

    package static func sections(_ keymap: Keymap = Keymap()) -> [KeySection] {
        [Self.free, Self.always].map { $0.section(screen: Self.owner, keymap: keymap) }
            + OverlayKeys.panes.map { $0.section(screen: Self.owner, keymap: keymap) }
    }
}
