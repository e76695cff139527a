import TerminalCanvas
import Widgets
import WorkerDomain

/// The statement that is typed, the ones before it, and the completion of names.
struct StatementPane: Sendable, Equatable {
    /// Statements that are kept.
    private static let historyLimit = 50

    /// Names that may stand at a place, one of which does.
    private struct Completion: Sendable, Equatable {
        let names: [String]
        var index: Int
    }

    private var area = TextArea()
    /// It is typed in.
    private(set) var isOpen = false
    /// Statements that were run, the newest last.
    private(set) var history: [String] = []
    private var place: Int?
    private var completion: Completion?

    var text: String { self.area.text }

    /// Lines that it would like to have, the candidates of a completion included.
    var rows: Int { self.area.lineCount + (self.hasCandidates ? 1 : 0) }

    private var hasCandidates: Bool { self.completion.map { $0.names.count > 1 } ?? false }

    /// Opens it with the statement whose answer is in front, else as it was left.
    mutating func open(with statement: String?) {
        if let statement, !statement.hasSameBytes(as: self.area.text) { self.area.set(statement) }
        self.isOpen = true
        self.place = nil
        self.completion = nil
    }

    mutating func close() {
        self.isOpen = false
        self.completion = nil
    }

    // MARK: Typing

    mutating func type(_ key: KeyEvent) {
        self.completion = nil
        _ = self.area.handle(key)
    }

    mutating func paste(_ text: String) {
        self.completion = nil
        self.area.paste(text)
    }

    mutating func breakLine() {
        self.completion = nil
        self.area.breakLine()
    }

    /// Takes the statement to run it.
    /// - Returns: `nil` when there is none.
    mutating func take() -> String? {
        guard !self.area.isBlank else { return nil }
        self.note(self.area.text)
        self.close()
        return self.area.text
    }

    /// Keeps a statement that is run.
    mutating func note(_ statement: String) {
        if self.history.last?.hasSameBytes(as: statement) != true { self.history.append(statement) }
        if self.history.count > Self.historyLimit { self.history.removeFirst() }
        self.place = nil
    }

    // MARK: History

    /// Goes a line up; from the first one to the statement before.
    mutating func moveUp() {
        guard self.area.isOnFirstLine else { return self.type(.up) }
        let place = (self.place ?? self.history.count) - 1
        guard self.history.indices.contains(place) else { return }
        self.show(place)
    }

    /// Goes a line down; from the last one to the statement behind.
    mutating func moveDown() {
        guard self.area.isOnLastLine else { return self.type(.down) }
        guard let place = self.place else { return }
        self.show(place + 1)
    }

    private mutating func show(_ place: Int) {
        self.completion = nil
        let isKnown = self.history.indices.contains(place)
        self.place = isKnown ? place : nil
        self.area.set(isKnown ? self.history[place] : "")
    }

    // MARK: Completion

    /// Completes the name left of the cursor; again, it puts the next one that fits in its place.
    mutating func complete(with names: StatementNames) {
        if var completion = self.completion, completion.names.count > 1 {
            let before = completion.names[completion.index].count
            completion.index = (completion.index + 1) % completion.names.count
            self.area.replace(before, with: completion.names[completion.index])
            self.completion = completion
            return
        }
        guard
            let candidates = names.candidates(before: self.area.textBeforeCursor, in: self.area.text),
            let first = candidates.names.first
        else { return }
        self.area.replace(candidates.typed, with: first)
        self.completion = Completion(names: candidates.names, index: 0)
    }

    // MARK: Drawing

    func draw(into canvas: inout Canvas, in rect: Rect) {
        let hasCandidates = self.hasCandidates && rect.rows > 1
        let (text, foot) = rect.splitTop(rect.rows - (hasCandidates ? 1 : 0))
        self.area.draw(into: &canvas, in: text, role: .strong)
        guard hasCandidates, let completion = self.completion else { return }
        // Those before the one that stands there are left out when there is no room for all.
        let spans = completion.names.enumerated().dropFirst(max(0, completion.index - 2)).prefix(40).flatMap {
            [Span($0.element, $0.offset == completion.index ? .key : .dim), Span("  ")]
        }
        Pane.write(spans, to: &canvas, row: foot.row, column: foot.column, columns: foot.columns)
    }
}
