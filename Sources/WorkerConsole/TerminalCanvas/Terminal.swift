/// A screen that canvases are shown on and a keyboard that events come from.
package protocol Terminal: Sendable {
    /// Keys, pastes and resizes, in order; ends when the terminal is closed.
    var events: AsyncStream<TerminalEvent> { get }
    /// Takes the terminal over.
    /// - Returns: Its size.
    /// - Throws: ``TerminalError`` — `.notATerminal`, `.unknownType` with the value of `TERM`.
    func open() async throws(TerminalError) -> Size
    /// Shows a canvas; only what differs from the one before is sent.
    func present(_ canvas: Canvas) async
    /// Sends a text for the user's clipboard (OSC 52); whether the terminal takes it is not known.
    func copy(_ text: String, through passage: ClipboardPassage) async -> ClipboardSending
    /// Asks for presses and turns of the mouse, or no longer; it is off when the terminal is taken over.
    func useMouse(_ isOn: Bool) async
    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when it continues.
    func suspend() async
    /// Gives the terminal back; safe to call twice.
    func close() async
}

/// Something that came from the terminal.
package enum TerminalEvent: Sendable, Equatable {
    case key(KeyEvent)
    /// Text that was pasted in one piece.
    case paste(String)
    /// Only while the mouse has been asked for.
    case mouse(MouseEvent)
    case resized(Size)
    /// The process was stopped, by Ctrl-Z or by a signal, and goes on.
    case resumed
}

/// Why a terminal could not be opened.
package enum TerminalError: Error, Sendable, Equatable, CustomStringConvertible {
    case notATerminal
    case unknownType(String)

    package var description: String {
        switch self {
        case .notATerminal:
            "standard input or output is no terminal; run `worker-console serve` to work without a screen"
        case .unknownType(let name):
            "the terminal type TERM=\(name) is not known here; try TERM=xterm-256color"
        }
    }
}
