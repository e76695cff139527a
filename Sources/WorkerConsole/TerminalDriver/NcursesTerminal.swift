import CNcurses
import Glibc
package import TerminalCanvas

/// The terminal of the process, through ncurses: the only type that calls it.
///
/// All of it runs on one thread, which is this actor's executor. Signals must be trapped before ``open()``: ncurses then
/// installs no handlers of its own.
package actor NcursesTerminal: Terminal {
    package nonisolated let events: AsyncStream<TerminalEvent>
    /// The glyph set that canvases should be made with; right after ``open()``.
    package private(set) var glyphs: GlyphSet
    private nonisolated let thread: TerminalThread
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let settings: TerminalSettings
    private var encoder = CellEncoder(isUTF8: false, width: { _ in -1 })
    private var looks: [Look] = []
    private var shown: Canvas?
    private var decoder = KeyDecoder()
    private var lastPasteInput = ContinuousClock.now
    private var isOpen = false
    private var size = Size(columns: 80, rows: 24)
    private var available = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { self.thread.asUnownedSerialExecutor() }

    package init(settings: TerminalSettings = TerminalSettings()) {
        self.settings = settings
        self.glyphs = settings.glyphs ?? .unicode
        self.thread = TerminalThread(input: STDIN_FILENO)
        // Keys wait for the screen; a key held down on a stuck one must not fill the memory.
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(4096))
    }

    deinit { self.thread.stop() }

    package func open() throws(TerminalError) -> Size {
        if self.isOpen { return self.size }
        var terminal = wc_terminal()
        switch wc_open(&terminal) {
        case WC_OPEN_OK: break
        case WC_OPEN_NOT_A_TERMINAL: throw .notATerminal
        default:
            let name = getenv("TERM").map { String(cString: $0) } ?? ""
            throw .unknownType(Sanitizer.line(String(name.prefix(64))))
        }
        self.isOpen = true
        // The Linux console never draws wide; what is chosen by the user needs no question.
        let mustAsk = self.settings.glyphs == nil && terminal.is_utf8 && terminal.colors != 8
        let isWide = mustAsk && wc_is_ambiguous_wide(100)
        self.glyphs = self.settings.glyphs(isUTF8: terminal.is_utf8, isAmbiguousWide: isWide)
        self.encoder = CellEncoder(isUTF8: terminal.is_utf8, width: { Int(wc_scalar_width($0)) })
        self.available = Int(terminal.colors)
        self.use(theme: self.settings.theme, colors: self.settings.colors)
        self.size = Size(columns: Int(terminal.columns), rows: Int(terminal.rows))
        // Weak: the thread must not keep the terminal alive.
        self.thread.watchInput { [weak self] isGone in
            self?.assumeIsolated { $0.inputArrived(isGone: isGone) }
        }
        // What was typed while the terminal was asked waits inside ncurses, where no poll sees it.
        self.readKeys()
        return self.size
    }

    package func present(_ canvas: Canvas) {
        guard self.isOpen, self.shown != canvas else { return }
        let old = self.shown.flatMap { $0.size == canvas.size ? $0 : nil }
        if old == nil { wc_repaint() }
        let columns = min(canvas.size.columns, self.size.columns)
        for row in 0..<min(canvas.size.rows, self.size.rows) {
            for column in 0..<columns {
                let cell = canvas[row, column]
                // The second column of a wide character goes with the first.
                if cell.text.isEmpty || old?[row, column] == cell { continue }
                self.put(cell, of: canvas, row: row, column: column)
            }
        }
        let cursor = canvas.cursor.flatMap { $0.row < self.size.rows && $0.column < self.size.columns ? $0 : nil }
        _ = wc_present(Int32(cursor?.row ?? -1), Int32(cursor?.column ?? 0))
        self.shown = canvas
    }

    /// Adopts the window size that the kernel reports and announces it. To be called after SIGWINCH.
    package func adoptWindowSize() {
        guard self.isOpen else { return }
        var (rows, columns): (Int32, Int32) = (0, 0)
        guard wc_window_size(&rows, &columns) else { return }
        // A window may claim any size; nobody reads more than this, and cells cost memory.
        let size = Size(columns: min(Int(columns), 1000), rows: min(Int(rows), 500))
        guard size != self.size else { return }
        self.size = size
        _ = wc_resize(Int32(size.rows), Int32(size.columns))
        self.shown = nil
        self.continuation.yield(.resized(size))
    }

    package func useMouse(_ isOn: Bool) {
        guard self.isOpen else { return }
        wc_mouse(isOn)
    }

    package func copy(_ text: String, through passage: ClipboardPassage) -> ClipboardSending {
        guard self.isOpen else { return .failed }
        guard let bytes = ClipboardSequence.bytes(for: text, through: passage) else { return .tooLong }
        let result = bytes.withUnsafeBufferPointer { wc_send($0.baseAddress, $0.count) }
        return result == 0 ? .sent : .failed
    }

    /// Draws in other colours from now on, what is shown included.
    /// - Parameters:
    ///   - theme: The styles of the roles.
    ///   - colors: The most colours that are used; `nil` for all that the terminal has.
    package func use(theme: Theme, colors: ColorLevel?) {
        guard self.isOpen else { return }
        let level = TerminalSettings(theme: theme, colors: colors).level(colors: self.available)
        self.looks = Role.allCases.map { Look(theme.style(of: $0, level: level)) }
        guard let shown = self.shown else { return }
        self.shown = nil
        self.present(shown)
    }

    package func suspend() {
        guard self.isOpen else { return }
        wc_suspend()
        self.takeAgain()
    }

    /// Takes the terminal again, shows everything anew and announces it. To be called after SIGCONT: while the process
    /// was stopped a shell has used the terminal.
    package func resume() {
        guard self.isOpen else { return }
        self.takeAgain()
        self.continuation.yield(.resumed)
    }

    private func takeAgain() {
        wc_resume()
        let shown = self.shown
        self.shown = nil
        let before = self.size
        self.adoptWindowSize()
        if self.size == before, let shown { self.present(shown) }
    }

    package func close() {
        self.thread.watchInput(nil)
        if self.isOpen { wc_close() }
        self.isOpen = false
        self.shown = nil
        self.continuation.finish()
    }

    /// Gives the terminal back at once, for a process that ends although nobody reads what it shows: ``close()`` would wait
    /// for the reader. What is drawn afterwards goes nowhere.
    package nonisolated func abandon() { wc_abandon() }

    private func put(_ cell: Cell, of canvas: Canvas, row: Int, column: Int) {
        let isWide = column + 1 < canvas.size.columns && canvas[row, column + 1].text.isEmpty
        // A wide character of which the window has only half.
        let text = isWide && column + 1 >= self.size.columns ? " " : cell.text
        let look = self.looks[min(Int(cell.role.rawValue), self.looks.count - 1)]
        for piece in self.encoder.pieces(of: text, columns: isWide ? 2 : 1) {
            _ = piece.scalars.withUnsafeBufferPointer { scalars in
                wc_put(
                    Int32(row), Int32(column + piece.offset), scalars.baseAddress, scalars.count, look.attributes,
                    look.pair)
            }
        }
    }

    private func inputArrived(isGone: Bool) {
        guard self.isOpen else { return }
        let hadBytes = wc_input_pending()
        if isGone || hadBytes < 0 { return self.close() }
        // Readable and yet empty: the other end has hung up.
        if hadBytes == 0 { return self.close() }
        self.readKeys()
    }

    private func readKeys() {
        if self.decoder.isPasting, self.lastPasteInput.duration(to: .now) > .seconds(2) {
            // The end of a paste got lost: keys must not be swallowed for ever.
            self.announce(self.decoder.endPaste())
        }
        var value: UInt32 = 0
        loop: while true {
            switch wc_read_key(&value) {
            case WC_KEY_BYTE: self.announce(self.decoder.byte(UInt8(truncatingIfNeeded: value)))
            case WC_KEY_NAMED: self.announce(self.decoder.named(value))
            case WC_KEY_OTHER: continue
            default: break loop
            }
        }
        self.announce(self.decoder.settle())
        self.lastPasteInput = .now
    }

    private func announce(_ events: [TerminalEvent]) {
        for event in events { self.continuation.yield(event) }
    }
}

/// A style as ncurses takes it.
private struct Look {
    let attributes: UInt32
    let pair: Int32

    init(_ style: Style) {
        var attributes: UInt32 = 0
        if style.isBold { attributes |= WC_BOLD.rawValue }
        if style.isDim { attributes |= WC_DIM.rawValue }
        if style.isUnderlined { attributes |= WC_UNDERLINE.rawValue }
        if style.isReversed { attributes |= WC_REVERSE.rawValue }
        self.attributes = attributes
        self.pair = wc_pair(Int32(style.foreground ?? -1), Int32(style.background ?? -1))
    }
}
