package import TerminalCanvas
package import WorkerDomain

/// The keys of one pane, or of one thing that lies over a screen.
package struct KeyPane<Subject: Sendable, Outcome: Sendable>: Sendable {
    /// Its name within its screen: `list`.
    package let name: String
    /// As the help and the reference call it.
    package let title: Phrase
    /// In the order of the key line, most useful first.
    package let bindings: [KeyBinding<Subject, Outcome>]
    private let hasFocus: @Sendable (Subject) -> Bool
    private let typed: (@Sendable (inout Subject, KeyEvent, World) -> [Outcome])?

    /// - Parameters:
    ///   - name: Its name within its screen.
    ///   - title: As the help calls it.
    ///   - hasFocus: Whether keys go to it now; of several the first one gets them.
    ///   - bindings: In the order of the key line.
    ///   - typed: Takes every key that no binding takes: a field that is typed in.
    package init(
        _ name: String, _ title: Phrase, when hasFocus: @escaping @Sendable (Subject) -> Bool,
        _ bindings: [KeyBinding<Subject, Outcome>],
        typed: (@Sendable (inout Subject, KeyEvent, World) -> [Outcome])? = nil
    ) {
        self.name = name
        self.title = title
        self.bindings = bindings
        self.hasFocus = hasFocus
        self.typed = typed
    }

    /// Letters are text here.
    var isTyping: Bool { self.typed != nil }

    func isFocused(in subject: Subject) -> Bool { self.hasFocus(subject) }

    /// The binding that a key stands for now; `nil` when it stands for none.
    func binding(
        for key: KeyEvent, of subject: Subject, in world: World, screen: String
    ) -> KeyBinding<Subject, Outcome>? {
        self.bindings.first { binding in
            let keys = world.keymap.keys(of: "\(screen).\(binding.action)") ?? binding.keys
            return keys.contains(key) && binding.applies(to: subject, in: world)
        }
    }

    /// - Returns: What the key asks for; `nil` when it means nothing here.
    func press(
        _ key: KeyEvent, on subject: inout Subject, in world: World, screen: String
    ) -> [Outcome]? {
        if let binding = self.binding(for: key, of: subject, in: world, screen: screen) {
            return binding.perform(on: &subject, in: world)
        }
        return self.typed?(&subject, key, world)
    }

    /// What applies now, in the order of the key line; with `barOnly` what it names.
    func entries(for subject: Subject, in world: World, screen: String, barOnly: Bool = false) -> [KeyEntry] {
        var entries: [KeyEntry] = []
        for binding in self.bindings where binding.isInBar || !barOnly {
            guard binding.applies(to: subject, in: world) else { continue }
            entries.append(binding.entry(for: subject, in: world, screen: screen))
        }
        return entries
    }

    /// Everything it ever offers.
    func section(screen: String, keymap: Keymap = Keymap()) -> KeySection {
        var entries: [KeyEntry] = []
        for binding in self.bindings {
            let entry = binding.entry(screen: screen, keymap: keymap)
            // One action may have several bindings, of which one applies at a time.
            let isThere = entries.contains { $0.action == entry.action && $0.keys == entry.keys }
            if !isThere { entries.append(entry) }
        }
        return KeySection(
            name: "\(screen).\(self.name)", title: self.title, entries: entries, isTyping: self.isTyping)
    }
}

/// A pane's keys as the reference lists them.
package struct KeySection: Sendable, Equatable {
    /// `traffic.list`.
    package let name: String
    package let title: Phrase
    package let entries: [KeyEntry]
    /// Every other key is text there.
    package let isTyping: Bool
}
