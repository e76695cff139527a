package import TerminalCanvas
package import WorkerDomain

/// One thing that a pane can be asked for: its keys, its words, when it applies and what it does.
///
/// Dispatch, key line, help, palette and the key reference all read these; there is no second list.
package struct KeyBinding<Subject: Sendable, Outcome: Sendable>: Sendable {
    /// Its name within its screen, as `[keys]` in `worker-console.toml` uses it: `copy`.
    package let action: String
    /// Unless the person has chosen others; the first one is the one that is shown.
    package let keys: [KeyEvent]
    /// One or two words for the key line.
    package let label: Phrase
    /// A sentence for the help, the palette and the reference.
    package let help: Phrase
    package let group: KeyGroup
    package let danger: KeyDanger
    /// Named on the key line where there is room; the help names every key.
    package let isInBar: Bool
    private let labelNow: (@Sendable (Subject, World) -> Phrase)?
    private let condition: @Sendable (Subject, World) -> Bool
    private let act: @Sendable (inout Subject, World) -> [Outcome]

    /// - Parameters:
    ///   - action: Its name within its screen.
    ///   - keys: The first one is the one that is shown.
    ///   - label: One or two words for the key line.
    ///   - help: A sentence.
    ///   - group: Where the help lists it.
    ///   - danger: What pressing it can cost.
    ///   - bar: Whether the key line names it.
    ///   - labelNow: Words that say what it would do now, where they change.
    ///   - condition: Whether it applies now; a key without a binding that applies goes on to the frame.
    ///   - act: What it does.
    package init(
        _ action: String, _ keys: [KeyEvent], _ label: Phrase, help: Phrase, group: KeyGroup,
        danger: KeyDanger = .harmless, bar: Bool = true,
        labelNow: (@Sendable (Subject, World) -> Phrase)? = nil,
        when condition: @escaping @Sendable (Subject, World) -> Bool = { _, _ in true },
        _ act: @escaping @Sendable (inout Subject, World) -> [Outcome]
    ) {
        self.action = action
        self.keys = keys
        self.label = label
        self.help = help
        self.group = group
        self.danger = danger
        self.isInBar = bar
        self.labelNow = labelNow
        self.condition = condition
        self.act = act
    }

    /// As the other initialiser, for one key.
    package init(
        _ action: String, _ key: KeyEvent, _ label: Phrase, help: Phrase, group: KeyGroup,
        danger: KeyDanger = .harmless, bar: Bool = true,
        labelNow: (@Sendable (Subject, World) -> Phrase)? = nil,
        when condition: @escaping @Sendable (Subject, World) -> Bool = { _, _ in true },
        _ act: @escaping @Sendable (inout Subject, World) -> [Outcome]
    ) {
        self.init(
            action, [key], label, help: help, group: group, danger: danger, bar: bar, labelNow: labelNow,
            when: condition, act)
    }

    func applies(to subject: Subject, in world: World) -> Bool { self.condition(subject, world) }

    func perform(on subject: inout Subject, in world: World) -> [Outcome] { self.act(&subject, world) }

    /// What the key line, the help and the palette show of it.
    func entry(for subject: Subject, in world: World, screen: String) -> KeyEntry {
        KeyEntry(
            screen: screen, name: self.action, keys: world.keymap.keys(of: "\(screen).\(self.action)") ?? self.keys,
            label: self.labelNow?(subject, world) ?? self.label, help: self.help, group: self.group,
            danger: self.danger, isInBar: self.isInBar)
    }

    /// The same without a moment: for the reference, and to look for conflicts.
    func entry(screen: String, keymap: Keymap = Keymap()) -> KeyEntry {
        KeyEntry(
            screen: screen, name: self.action, keys: keymap.keys(of: "\(screen).\(self.action)") ?? self.keys,
            label: self.label, help: self.help, group: self.group, danger: self.danger, isInBar: self.isInBar)
    }
}

/// What is said of a binding, whatever it acts on.
package struct KeyEntry: Sendable, Equatable {
    private let screen: String
    private let name: String
    package let keys: [KeyEvent]
    package let label: Phrase
    package let help: Phrase
    package let group: KeyGroup
    package let danger: KeyDanger
    package let isInBar: Bool

    init(
        screen: String, name: String, keys: [KeyEvent], label: Phrase, help: Phrase, group: KeyGroup,
        danger: KeyDanger, isInBar: Bool
    ) {
        self.screen = screen
        self.name = name
        self.keys = keys
        self.label = label
        self.help = help
        self.group = group
        self.danger = danger
        self.isInBar = isInBar
    }

    /// `traffic.copy`.
    package var action: String { "\(self.screen).\(self.name)" }

    /// The keys as the help shows them.
    package var shownKeys: String { KeyName.shown(self.keys) }
}
