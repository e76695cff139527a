package import TerminalCanvas

/// The keys that a person has chosen instead of the usual ones (`[keys]` in `worker-console.toml`).
package struct Keymap: Sendable, Equatable {
    private var chosen: [String: [KeyEvent]] = [:]

    package init() {}

    /// Notes what was chosen for an action: `traffic.copy`, `frame.quit`.
    package mutating func use(_ keys: [KeyEvent], for action: String) { self.chosen[action] = keys }

    /// `nil` where nothing was chosen.
    func keys(of action: @autoclosure () -> String) -> [KeyEvent]? {
        self.chosen.isEmpty ? nil : self.chosen[action()]
    }

    /// The key of an action as it is shown, where this one is the usual one.
    package func shown(_ action: @autoclosure () -> String, usually key: KeyEvent) -> String {
        KeyName.shown(self.keys(of: action())?.first ?? key)
    }

    package var isEmpty: Bool { self.chosen.isEmpty }

    package var actions: [String] { self.chosen.keys.sorted() }
}
