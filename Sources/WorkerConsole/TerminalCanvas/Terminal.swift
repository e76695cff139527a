/// A screen that canvases are shown on and a keyboard that events come from.
package protocol Terminal: Sendable {
    /// Keys, pastes and resizes, in order; ends when the terminal is closed.
    var events: AsyncStream<TerminalEvent> { get }
    /// Takes the terminal over.
    /// - Returns: Its size.
    /// - Throws: ``TerminalError`` — `.notATerminal`, `.unknownType` with the value of `TERM`.
    func open() async throws(TerminalError) -> Size
    /// Shows a canvas soon, unless another one comes before; only what differs from what is shown is sent. Does not wait
    /// for whoever reads the terminal, as nothing here does but ``open()``, ``copy(_:through:)`` and ``close()``.
    func present(_ canvas: Canvas)
    /// Sends all of what is shown.
    func repaint()
    /// Sends a text for the user's clipboard (OSC 52); whether the terminal takes it is not known.
    func copy(_ text: String, through passage: ClipboardPassage) async -> ClipboardSending
    /// Asks for presses and turns of the mouse, or no longer; it is off when the terminal is taken over.
    func useMouse(_ isOn: Bool)
    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when it continues.
    func suspend()
    /// Gives the terminal back, calls `use` on the terminal's own thread, and takes the terminal again when it returns.
    func lend(_ use: @escaping @Sendable () -> Void)
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
    /// The terminal has answered how wide it draws: canvases should be made with this set.
    case glyphs(GlyphSet)
    /// The terminal has answered how light it is, and draws with this theme now.
    case theme(Theme)
}

/// Why a terminal could not be opened.
package enum TerminalError: Error, Sendable, Equatable, CustomStringConvertible {
    case notATerminal
    case unknownType(String)
    /// The type is known, and cannot place its cursor.
    case cannotDraw(String)
    /// The system gives no thread for it.
    case noThread(errno: Int32)

    package var description: String {
        switch self {
        case .notATerminal:
            "standard input or output is not a terminal; run `worker-console serve` to work without a screen"
        case .unknownType(""):
            "TERM is not set; try TERM=xterm-256color"
        case .unknownType(let name):
            "the terminal type TERM=\(name) is not known here; try TERM=xterm-256color"
        case .cannotDraw(let name):
            "a terminal of type TERM=\(name) cannot place its cursor; try TERM=xterm-256color, or run "
                + "`worker-console serve` to work without a screen"
        case .noThread(let code): "the system gives no thread for the terminal (error \(code))"
        }
    }
}
