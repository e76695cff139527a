import TerminalCanvas
import Widgets
import WorkerDomain

/// Shows what a stored value holds: the one place between the screens of stored data and what draws bytes.
///
/// Screens give it content and keys, and ask it for a picture; how bytes become lines is its own.
struct PreviewPane: Sendable, Equatable {
    enum Tab: Int, Sendable, Equatable, CaseIterable {
        case pretty, text, hex

        var title: Phrase {
            switch self {
            case .pretty: StoragePhrases.tabPretty
            case .text: StoragePhrases.tabText
            case .hex: StoragePhrases.tabHex
            }
        }
    }

    /// `nil` until something has been read.
    private(set) var content: StoredContent?
    private(set) var tab = Tab.pretty
    /// The line that the view is around, from 0; of the hexadecimal tab 16 bytes are one.
    private(set) var line = 0
    /// Columns that are scrolled off to the left.
    private var left = 0
    private var finder = TextFinder()

    var lineCount: Int {
        guard let content = self.content else { return 0 }
        switch self.tab {
        case .pretty: return content.pretty?.count ?? content.lines.count
        case .text: return content.lines.count
        case .hex: return (content.window.bytes.count + 15) / 16
        }
    }

    // MARK: Content

    /// Shows a value in the view that suits it best, from its first line on.
    mutating func show(_ content: StoredContent) {
        self.content = content
        self.tab = content.pretty != nil ? .pretty : content.isText ? .text : .hex
        self.line = 0
    }

    /// Takes in another window of the same value; the byte that was looked at stays in view.
    mutating func update(_ content: StoredContent, direction: StoredWindow.Direction) {
        let before = self.content?.window
        let linesBefore = self.lineCount
        self.content = content
        switch direction {
        case .last: self.line = max(0, self.lineCount - 1)
        case .first: self.line = 0
        case .before, .behind:
            if let before { self.follow(from: before, to: content.window, linesBefore: linesBefore) }
        }
        self.line = max(0, min(self.line, max(0, self.lineCount - 1)))
    }

    /// Moves the view so that it stays on what it showed when lines came in above it or went away there.
    private mutating func follow(from before: StoredWindow, to now: StoredWindow, linesBefore: Int) {
        if self.tab == .hex {
            self.line += Int((before.start - now.start) / 16)
        } else if now.start < before.start {
            self.line += now.bytes.prefix(Int(before.start - now.start)).count { $0 == 0x0A }
        } else if now.start > before.start {
            let added = now.bytes.suffix(Int(max(0, now.end - before.end))).count { $0 == 0x0A }
            self.line = self.lineCount - added - (linesBefore - self.line)
        }
    }

    // MARK: Moving

    mutating func show(_ tab: Tab) {
        self.tab = tab
        self.line = 0
        self.left = 0
    }

    mutating func showNext(by step: Int) {
        let count = Tab.allCases.count
        self.show(Tab(rawValue: (self.tab.rawValue + step + count) % count) ?? .pretty)
    }

    mutating func move(to line: Int) { self.line = max(0, min(line, max(0, self.lineCount - 1))) }

    mutating func scroll(by columns: Int) { self.left = max(0, min(self.left + columns, 4_000)) }

    // MARK: Finding

    /// What is looked for; empty when nothing is.
    var query: String { self.finder.query }

    /// What is looked for is being typed.
    var isTyping: Bool { self.finder.field != nil }

    /// In a value that is no text only the hexadecimal view is looked through.
    var canFind: Bool { self.content.map { $0.isText || !$0.window.bytes.isEmpty } ?? false }

    mutating func beginFinding() { self.finder.begin() }

    mutating func endFinding() { self.finder.clear() }

    /// Takes a key of what is looked for.
    /// - Returns: True when it is complete and can be looked for.
    mutating func type(_ key: KeyEvent) -> Bool { self.finder.take(key) }

    mutating func paste(_ text: String) { self.finder.field?.paste(text) }

    /// Goes to the next line that holds what is looked for; in the hexadecimal view to the next such bytes.
    /// - Returns: False when there is none in what has been read.
    mutating func find(_ step: Int) -> Bool {
        guard let content = self.content else { return false }
        let lines: (Int) -> [TextRun]
        switch self.tab {
        case .hex: return self.findBytes(step, in: content.window.bytes)
        case .pretty where content.pretty != nil: lines = { content.pretty?[$0] ?? [] }
        case .pretty, .text: lines = { [TextRun(content.lines[$0])] }
        }
        guard let line = self.finder.seek(step, from: self.line, count: self.lineCount, line: lines) else {
            return false
        }
        self.move(to: line)
        return true
    }

    private mutating func findBytes(_ step: Int, in bytes: [UInt8]) -> Bool {
        let needle = Array(self.finder.query.utf8)
        guard !needle.isEmpty else { return false }
        // Rows hold 16 bytes: from the row behind this one on, or backwards from this one.
        let here = min(bytes.count, self.line * 16)
        let behind = min(bytes.count, here + 16)
        let found =
            step > 0
            ? bytes[behind...].firstRange(of: needle)
                ?? bytes[..<min(bytes.count, behind + needle.count)].firstRange(of: needle)
            : bytes[..<here].ranges(of: needle).last ?? bytes[here...].ranges(of: needle).last
        guard let found else { return false }
        self.move(to: found.lowerBound / 16)
        return true
    }

    // MARK: Drawing

    func draw(into canvas: inout Canvas, in rect: Rect, _ language: Language) {
        guard let content = self.content else { return }
        let form: StoredContentView.Form =
            switch self.tab {
            case .pretty: .pretty
            case .text: .text
            case .hex: .hex
            }
        StoredContentView.draw(
            &canvas, rect, content, form: form, line: self.line, left: self.left, finder: self.finder,
            language: language)
    }

    /// The field that what is looked for is typed in, in one row.
    func drawField(into canvas: inout Canvas, in row: Rect, _ language: Language) {
        guard let field = self.finder.field else { return }
        self.finder.draw(field, into: &canvas, in: row, label: CommonPhrases.find(language))
    }

    /// Where in the value the view is.
    func position(_ language: Language) -> String {
        guard let content = self.content, !content.window.bytes.isEmpty else { return "" }
        if self.tab == .hex {
            let address = content.window.start + Int64(self.line) * 16
            return "0x\(String(address, radix: 16))"
        }
        let line = ScreenFormat.count(self.line + 1)
        let count = ScreenFormat.count(self.lineCount) + (content.window.isWhole ? "" : "+")
        return StoragePhrases.line(language, line, count)
    }

    /// How much of the value is in memory, and what it is made of.
    func facts(_ language: Language) -> [Span] {
        guard let content = self.content else { return [] }
        let window = content.window
        guard window.total > 0 else { return [Span(" · \(StoragePhrases.wholeValue(language))")] }
        var spans: [Span] = []
        if window.isWhole {
            spans.append(Span(" · \(StoragePhrases.wholeValue(language))"))
        } else {
            let text = StoragePhrases.partOfValue(
                language, ScreenFormat.count(window.start), ScreenFormat.count(window.end),
                ScreenFormat.count(window.total))
            spans.append(Span(" · \(text)", .warning))
        }
        spans.append(Span(" · \(content.isText ? content.encoding.rawValue : StoragePhrases.binary(language))"))
        if content.isText {
            spans.append(
                content.controls == 0
                    ? Span(" · \(StoragePhrases.noControls(language))", .dim)
                    : Span(" · \(StoragePhrases.controls(language, ScreenFormat.count(content.controls)))", .warning))
        }
        return spans
    }
}
