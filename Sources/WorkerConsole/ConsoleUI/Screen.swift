package import TerminalCanvas
package import WorkerDomain

/// One full-screen page of the console.
///
/// A screen is a value: `update` is the only place its state changes, `draw` only reads it. Work that waits (storage,
/// network, time) is returned as an ``Effect`` and comes back as a message. The frame around it (identity line, tab
/// line, state line, key line, toasts, help, the backend dialog) is drawn by the runtime.
package protocol Screen: Sendable {
    static var id: ScreenID { get }
    /// Its name in the tab line.
    static var title: Phrase { get }
    /// Its name behind `:` and `--screen` as help and completions write it.
    static var commandName: String { get }
    /// Further names, in lower case; the title in every language and the id are names as well.
    static var names: [String] { get }
    /// What it is for, in a sentence.
    static var summary: Phrase { get }
    /// The keys of its panes; those of the first one that has the focus count.
    static var panes: [KeyPane<Self, Effect>] { get }
    /// What its marks mean, for the help.
    static var legend: [LegendLine] { get }
    init()
    mutating func update(_ message: Message, in world: World) -> [Effect]
    /// Draws the body into `area`, which leaves out the two top and two bottom lines; changes nothing.
    /// - Returns: Where things stand; ``World/layout`` of the next message.
    @discardableResult
    func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout
    /// Handles a click at a place of the terminal; ``World/layout`` says what stands there.
    mutating func click(row: Int, column: Int, in world: World) -> [Effect]
    /// The line above the keys: follow, filter, ring, drops.
    func stateLine(in world: World) -> [Span]
    func keys(in world: World) -> [KeyHint]
    /// True while a text field has the focus: letters then are text, not commands.
    var isTyping: Bool { get }
    var canGoBack: Bool { get }
}

/// A mark and what it means.
package struct LegendLine: Sendable, Equatable {
    package let mark: String
    package let meaning: Phrase

    package init(_ mark: String, _ meaning: Phrase) {
        self.mark = mark
        self.meaning = meaning
    }
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
