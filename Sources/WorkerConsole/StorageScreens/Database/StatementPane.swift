import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The statement that is typed, the ones before it, and the completion of names.
struct StatementPane: Sendable, Equatable {
    /// Statements that are kept.
    private static let historyLimit = 500

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
    /// Statements that were saved under a name.
    private var saved: [KeptStatement] = []
    /// Kept statements, while one is chosen.
    private(set) var list: StatementList?
    /// The name that the statement is saved under, while it is typed.
    private(set) var nameField: TextField?
    private var place: Int?
    private var completion: Completion?

    var text: String { self.area.text }

    var isBlank: Bool { self.area.isBlank }

    /// Lines that it would like to have, the candidates of a completion included.
    var rows: Int { self.list?.rows ?? self.area.lineCount + (self.hasCandidates || self.nameField != nil ? 1 : 0) }

    /// Letters go to the statement.
    var isTyping: Bool { self.isOpen && self.list == nil && self.nameField == nil }

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
        self.list = nil
        self.nameField = nil
    }

    // MARK: Kept statements

    /// Takes in what was kept by earlier runs.
    mutating func take(_ kept: [KeptStatement]) {
        let run = kept.filter { $0.name == nil }.map(\.sql)
        self.history = Array((run + self.history).suffix(Self.historyLimit))
        self.saved = kept.filter { $0.name != nil }
    }

    mutating func openList() {
        self.completion = nil
        self.list = StatementList(self.saved + self.history.map { KeptStatement(sql: $0) })
    }

    mutating func changeList(_ change: (inout StatementList) -> Void) {
        guard var list = self.list else { return }
        change(&list)
        self.list = list
    }

    /// Puts the chosen statement where it can be edited.
    mutating func choose() {
        if let statement = self.list?.selected { self.area.set(statement.sql) }
        self.list = nil
    }

    mutating func closeList() { self.list = nil }

    mutating func openName() {
        guard !self.area.isBlank else { return }
        let same = self.saved.first { $0.sql.hasSameBytes(as: self.area.text) }
        self.nameField = TextField(same?.name ?? "", limit: 80)
    }

    mutating func typeName(_ key: KeyEvent) { _ = self.nameField?.handle(key) }

    mutating func closeName() { self.nameField = nil }

    /// Saves the statement under the name that was typed.
    /// - Returns: `nil` without a name.
    mutating func save() -> KeptStatement? {
        defer { self.nameField = nil }
        guard let name = self.nameField?.text, !name.isEmpty else { return nil }
        let statement = KeptStatement(sql: self.area.text, name: name)
        self.forget(name)
        self.saved.append(statement)
        return statement
    }

    /// Removes the chosen statement from the saved ones.
    /// - Returns: Its name; `nil` for one that was only run.
    mutating func removeSaved() -> String? {
        guard let name = self.list?.selected?.name else { return nil }
        self.forget(name)
        self.openList()
        return name
    }

    private mutating func forget(_ name: String) {
        self.saved.removeAll { $0.name?.hasSameBytes(as: name) == true }
    }

    // MARK: Typing

    mutating func type(_ key: KeyEvent) {
        self.completion = nil
        _ = self.area.handle(key)
    }

    mutating func paste(_ text: String) {
        self.completion = nil
        if self.list != nil { return self.changeList { $0.paste(text) } }
        if self.nameField != nil {
            self.nameField?.paste(text)
            return
        }
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

    func draw(into canvas: inout Canvas, in rect: Rect, _ language: Language) {
        if let list = self.list { return list.draw(into: &canvas, in: rect, language) }
        if let field = self.nameField {
            let (text, foot) = rect.splitTop(rect.rows - 1)
            self.area.draw(into: &canvas, in: text, role: .strong, isFocused: false)
            let label = "\(DatabasePhrases.nameOf(language)) "
            let used = canvas.write(label, row: foot.row, column: foot.column, role: .key, maxColumns: foot.columns)
            return field.draw(
                into: &canvas,
                in: Rect(row: foot.row, column: foot.column + used, rows: 1, columns: foot.columns - used))
        }
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
