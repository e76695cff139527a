import TerminalCanvas
import Widgets
import WorkerDomain

/// The answer to a statement, and what is looked for in it.
struct DatabaseResult: Sendable, Equatable {
    let statement: String
    var grid: DatabaseGrid
    /// The database has changed since the statement was run.
    private(set) var isBehind = false
    private var finder = TextFinder()

    init(_ statement: String) {
        self.statement = statement
        self.grid = DatabaseGrid(.query(statement))
    }

    var query: String { self.finder.query }
    var isTyping: Bool { self.finder.field != nil }

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
