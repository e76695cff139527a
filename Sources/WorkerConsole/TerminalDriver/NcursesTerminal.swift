import CNcurses
import Executors
import Glibc
import Synchronization
package import TerminalCanvas

/// The terminal of the process, through ncurses: the only type that opens it, and the owner of what draws on it.
///
/// All drawing is on one thread, which is this actor's executor and may hang in a write; keys come by another one, and
/// whoever draws does not wait. Signals must be trapped before ``open()``: ncurses then installs no handlers of its own.
package actor NcursesTerminal: Terminal {
    package nonisolated let events: AsyncStream<TerminalEvent>
    /// The glyph set that canvases should be made with; right after ``open()``. An answer of the terminal may change it,
    /// which is an event.
    package private(set) var glyphs: GlyphSet
    private nonisolated let thread: SerialThread
    private nonisolated let continuation: AsyncStream<TerminalEvent>.Continuation
    /// The newest canvas that waits to be shown.
    private nonisolated let waiting = Mutex<Canvas?>(nil)
    private nonisolated let questions = TerminalQuestions()
    private let settings: TerminalSettings
    private var input: TerminalInput?
    private var painter = TerminalPainter()
    private var isOpen = false
    private var size = Size(columns: 80, rows: 24)
    private var available = 0
    /// A person has chosen the theme: what the terminal says of its background comes too late.
    private var isThemeChosen = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { self.thread.asUnownedSerialExecutor() }

    /// - Throws: ``TerminalError`` — `.noThread`.
    package init(settings: TerminalSettings = TerminalSettings()) throws(TerminalError) {
        self.settings = settings
        self.glyphs = settings.glyphs ?? .unicode
        do throws(ThreadUnavailable) {
            self.thread = try SerialThread()
        } catch {
            throw .noThread(errno: error.code)
        }
        // Keys wait for the screen; a key held down on a stuck one must not fill the memory.
        (self.events, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(4096))
    }

    deinit {
        self.input?.stop()
        self.thread.stop()
    }

    package func open() throws(TerminalError) -> Size {
        if self.isOpen { return self.size }
        var terminal = wc_terminal()
        let result = wc_open(&terminal)
        let name = getenv("TERM").map { Sanitizer.line(String(String(cString: $0).prefix(64))) } ?? ""
        switch result {
        case WC_OPEN_OK: break
        case WC_OPEN_NOT_A_TERMINAL: throw .notATerminal
        case WC_OPEN_NO_CURSOR: throw .cannotDraw(name)
        default: throw .unknownType(name)
        }
        self.isOpen = true
        self.glyphs = self.settings.glyphs(isUTF8: terminal.is_utf8, isAmbiguousWide: false)
        self.available = Int(terminal.colors)
        self.size = Size(columns: Int(terminal.columns), rows: Int(terminal.rows))
        self.painter.encode(isUTF8: terminal.is_utf8)
        self.look(theme: self.settings.theme, colors: self.settings.colors)
        self.ask(isUTF8: terminal.is_utf8)
        do throws(ThreadUnavailable) {
            try self.readKeys()
        } catch {
            self.close()
            throw .noThread(errno: error.code)
        }
        return self.size
    }

    package nonisolated func present(_ canvas: Canvas) {
        let isFirst = self.waiting.withLock { waiting in
            defer { waiting = canvas }
            return waiting == nil
        }
        // One that waits already is shown in its place.
        guard isFirst else { return }
        self.later { $0.showWaiting() }
    }

    /// Does something on this terminal's thread and does not wait for it.
    private nonisolated func later(_ act: @escaping @Sendable (isolated NcursesTerminal) -> Void) {
        // Weak: the thread must not keep the terminal alive.
        self.thread.perform { [weak self] in self?.assumeIsolated { act($0) } }
    }

    private func showWaiting() {
        let canvas = self.waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        if let canvas, self.isOpen { self.painter.show(canvas, in: self.size) }
    }

    package nonisolated func repaint() {
        self.later { terminal in
            if terminal.isOpen { terminal.painter.showAnew(in: terminal.size) }
        }
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
        self.painter.forget()
        self.continuation.yield(.resized(size))
    }

    package nonisolated func useMouse(_ isOn: Bool) {
        self.later { terminal in
            if terminal.isOpen { wc_mouse(isOn) }
        }
    }

    package func copy(_ text: String, through passage: ClipboardPassage) -> ClipboardSending {
        guard self.isOpen else { return .failed }
        guard let bytes = ClipboardSequence.bytes(for: text, through: passage) else { return .tooLong }
        let result = bytes.withUnsafeBufferPointer { wc_send($0.baseAddress, $0.count) }
        return result == 0 ? .sent : .failed
    }

    /// Draws in other colours from now on, what is shown included; whatever the terminal says of its background.
    /// - Parameters:
    ///   - theme: The styles of the roles.
    ///   - colors: The most colours that are used; `nil` for all that the terminal has.
    package nonisolated func use(theme: Theme, colors: ColorLevel? = nil) {
        self.later { terminal in
            terminal.isThemeChosen = true
            terminal.look(theme: theme, colors: colors)
        }
    }

    private func look(theme: Theme, colors: ColorLevel?) {
        guard self.isOpen else { return }
        let level = TerminalSettings(theme: theme, colors: colors).level(colors: self.available)
        self.painter.look(theme, level, in: self.size)
    }

    package nonisolated func suspend() {
        self.later { $0.stopProcess() }
    }

    package nonisolated func lend(_ use: @escaping @Sendable () -> Void) {
        self.later { $0.lendOut(use) }
    }

    private func lendOut(_ use: @Sendable () -> Void) {
        guard self.isOpen else { return use() }
        self.endQuestions()
        self.input?.pause(true)
        self.painter.clearPictures()
        wc_lend()
        use()
        self.input?.pause(false)
        self.takeAgain()
        self.continuation.yield(.resumed)
    }

    private func stopProcess() {
        guard self.isOpen else { return }
        self.endQuestions()
        self.input?.pause(true)
        self.painter.clearPictures()
        wc_suspend()
        self.input?.pause(false)
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
        let before = self.size
        self.adoptWindowSize()
        if self.size == before { self.painter.showAnew(in: self.size) }
    }

    package func close() {
        if self.isOpen {
            self.endQuestions()
            self.input?.pause(true)
            self.painter.clearPictures()
            wc_close()
        }
        self.input?.stop()
        self.input = nil
        self.isOpen = false
        self.painter.forget()
        self.continuation.finish()
    }

    /// Gives the terminal back at once, for a process that ends although nobody reads what it shows: ``close()`` would wait
    /// for the reader. What is drawn afterwards goes nowhere.
    package nonisolated func abandon() { wc_abandon() }

    // MARK: - Input

    private func readKeys() throws(ThreadUnavailable) {
        let (questions, continuation) = (self.questions, self.continuation)
        let input = try TerminalInput(
            take: { [weak self] output in
                switch output {
                case .event(let event): continuation.yield(event)
                case .answer(let answer):
                    if questions.isLast(answer) { self?.later { $0.noteEnd() } }
                    self?.later { $0.take(answer) }
                }
            },
            ended: { [weak self] in
                // At once: the thread that draws may hang.
                continuation.finish()
                self?.later { $0.close() }
            })
        self.input = input
        input.expectAnswer(until: self.questions.deadline)
        try input.start(keys: .ofTerminal())
    }

    // MARK: - Questions

    /// Asks what can be asked; the answers come with the keys, and the screen is painted before.
    private func ask(isUTF8: Bool) {
        let question = self.settings.question(isUTF8: isUTF8, colors: self.available)
        guard !question.bytes.isEmpty else { return }
        self.questions.begin(question)
        question.bytes.withUnsafeBufferPointer { wc_ask($0.baseAddress, $0.count) }
    }

    private func take(_ answer: TerminalAnswer) {
        guard self.isOpen else { return }
        switch answer {
        case .cursor(let row, let column):
            guard self.questions.asked.isWide(row: row, column: column), self.glyphs == .unicode else { return }
            self.glyphs = self.settings.glyphs(isUTF8: true, isAmbiguousWide: true)
            self.continuation.yield(.glyphs(self.glyphs))
        case .background(let isLight):
            let theme: Theme = isLight ? .light : .dark
            guard self.questions.asked.asksBackground, !self.isThemeChosen else { return }
            self.look(theme: theme, colors: self.settings.colors)
            self.continuation.yield(.theme(theme))
        case .pictures(let method):
            guard self.questions.asked.pictures.contains(method) else { return }
            self.painter.usePictures(method, in: self.size)
        }
    }

    private func noteEnd() {
        self.input?.expectAnswer(until: nil)
        wc_answered()
    }

    /// Before the terminal is given back: an answer that comes later would be typed into the shell, and what was typed
    /// ahead is the shell's.
    private func endQuestions() {
        let isOver = self.questions.awaitLast()
        self.input?.expectAnswer(until: nil)
        if isOver { wc_answered() }
    }
}
