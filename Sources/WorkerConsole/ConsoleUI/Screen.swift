package import TerminalCanvas
package import WorkerDomain

/// One full-screen page of the console.
///
/// A screen is a value: `update` is the only place its state changes, `draw` only reads it. Work that waits (storage,
/// network, time) is returned as an ``Effect`` and comes back as a message. The frame around it (identity line, tab
/// line, state line, key line, toasts, help, the backend dialog) is drawn by the runtime.
package protocol Screen: Sendable {
    static var id: ScreenID { get }
    init()
    mutating func update(_ message: Message, in world: World) -> [Effect]
    /// Draws the body into `area`, which leaves out the two top and two bottom lines.
    func draw(into canvas: inout Canvas, area: Rect, world: World)
    /// Takes a click at a place of the terminal; what was drawn last says what stands there.
    mutating func click(row: Int, column: Int, in world: World) -> [Effect]
    /// The line above the keys: follow, filter, ring, drops.
    func stateLine(in world: World) -> [Span]
    /// The keys of the pane that has the focus, most useful first; those that do not fit are left out.
    func keys(in world: World) -> [KeyHint]
    /// True while a text field has the focus: letters then are text, not commands.
    var isTyping: Bool { get }
    /// Esc or q first go one level back inside the screen: true while there is such a level.
    var canGoBack: Bool { get }
}

/// A run of text with one meaning.
package struct Span: Sendable, Equatable {
    package var text: String
    package var role: Role

    package init(_ text: String, _ role: Role = .plain) {
        self.text = text
        self.role = role
    }
}

/// A key and what it does, for the key line and the generated key reference.
package struct KeyHint: Sendable, Equatable {
    /// As it is shown: `⏎`, `/`, `t`.
    package let key: String
    package let label: Phrase

    package init(_ key: String, _ label: Phrase) {
        self.key = key
        self.label = label
    }
}
