package import TerminalCanvas

extension Screen {
    package static var legend: [LegendLine] { [] }
    package static var commandName: String { Self.id.rawValue }
    package static var names: [String] { [] }
    package func keys(in world: World) -> [KeyHint] { Frame.joined(self.entries(in: world, barOnly: true)) }

    /// The pane that keys go to.
    var focusedPane: KeyPane<Self, Effect>? { Self.panes.first { $0.isFocused(in: self) } }

    /// True while a text field has the focus: letters then are text, not commands.
    package var isTyping: Bool { self.focusedPane?.isTyping ?? false }

    /// Does what a key stands for in the pane that has the focus.
    package mutating func press(_ key: KeyEvent, in world: World) -> [Effect] {
        self.focusedPane?.press(key, on: &self, in: world, screen: Self.id.rawValue) ?? []
    }

    /// Whether a key means something now.
    func binds(_ key: KeyEvent, in world: World) -> Bool {
        self.focusedPane?.binding(for: key, of: self, in: world, screen: Self.id.rawValue) != nil
    }

    /// What can be pressed now, in the order of the key line; with `barOnly` what it names.
    package func entries(in world: World, barOnly: Bool = false) -> [KeyEntry] {
        self.focusedPane?.entries(for: self, in: world, screen: Self.id.rawValue, barOnly: barOnly) ?? []
    }

    /// Does what an entry stands for, whatever its key.
    mutating func perform(_ action: String, in world: World) -> [Effect] {
        let screen = Self.id.rawValue
        let binding = self.focusedPane?.bindings.first {
            "\(screen).\($0.action)" == action && $0.applies(to: self, in: world)
        }
        return binding?.perform(on: &self, in: world) ?? []
    }

    /// Every pane with every key.
    package static func sections(_ keymap: Keymap = Keymap()) -> [KeySection] {
        self.panes.map { $0.section(screen: self.id.rawValue, keymap: keymap) }
    }
}
