import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The answer to a statement, and what is looked for in it.
struct DatabaseResult: Sendable, Equatable {
    /// What is wanted of a statement.
    enum Kind: Sendable, Equatable {
        case rows
        /// How SQLite would run it.
        case plan
        /// As rows; it may write.
        case write
    }

    let statement: String
    let kind: Kind
    /// When it was run.
    let startedAt: WallTime
    var grid: DatabaseGrid
    /// Rows that it has changed; `nil` when it only read.
    private(set) var changed: Int?
    /// The database has changed since the statement was run.
    private(set) var isBehind = false
    private var finder = TextFinder()

    init(_ statement: String, _ kind: Kind = .rows, startedAt: WallTime) {
        self.statement = statement
        self.kind = kind
        self.startedAt = startedAt
        self.grid = DatabaseGrid(.query(statement))
    }

    var query: String { self.finder.query }
    var isTyping: Bool { self.finder.field != nil }

    mutating func take(_ answer: DatabaseReader.QueryAnswer) {
        self.grid.take(answer.page)
        self.changed = answer.changed
    }

    mutating func noteChange() { self.isBehind = true }

    mutating func beginFinding() { self.finder.begin() }
    mutating func endFinding() { self.finder.clear() }
    mutating func type(_ key: KeyEvent) -> Bool { self.finder.take(key) }
    mutating func paste(_ text: String) { self.finder.field?.paste(text) }

    /// Selects the next value that holds what is looked for.
    /// - Parameters:
    ///   - step: 1 for forwards, -1 for backwards.
    ///   - texts: The values of a row as they are shown.
    /// - Returns: False when there is none.
    mutating func find(_ step: Int, texts: (Int) -> [String]) -> Bool {
        var finder = self.finder
        let row = finder.seek(step, from: self.grid.row, count: self.grid.rows.count) { row in
            texts(row).flatMap { [TextRun($0), TextRun("\n")] }
        }
        self.finder = finder
        guard let row else { return false }
        let column = texts(row).firstIndex { text in finder.marked([TextRun(text)]).contains { $0.role == .match } }
        self.grid.select(row: row)
        if let column { self.grid.select(column: column) }
        return true
    }

    /// The field that what is looked for is typed in.
    func drawField(into canvas: inout Canvas, in row: Rect, _ language: Language) {
        guard let field = self.finder.field else { return }
        self.finder.draw(field, into: &canvas, in: row, label: CommonPhrases.find(language))
    }
}
