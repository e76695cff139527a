import TerminalCanvas
import Widgets
import WorkerDomain

extension DatabaseScreen {
    /// Goes to the next place that holds what is looked for, in the value or in the answer to a statement.
    mutating func find(_ step: Int, in world: World) -> [Effect] {
        let query = self.cell?.finder.query ?? self.finder.query
        guard !query.isEmpty else { return [] }
        let isFound: Bool
        if var cell = self.cell {
            isFound = cell.find(step)
            self.cell = cell
        } else {
            isFound = self.findRow(step, in: world)
        }
        return isFound ? [] : [.toast(CommonPhrases.notFound(world.language, query), isFailure: true)]
    }

    private mutating func findRow(_ step: Int, in world: World) -> Bool {
        guard let grid = self.result else { return false }
        let screen = self
        let texts = { (row: Int) in
            grid.rows[row].enumerated().map { index, value in
                DatabaseText.copyable(screen.shown(value, at: index, of: grid.page.rows, in: world))
            }
        }
        var finder = self.finder
        let row = finder.seek(step, from: grid.row, count: grid.rows.count) { row in
            texts(row).flatMap { [TextRun($0), TextRun("\n")] }
        }
        self.finder = finder
        guard let row else { return false }
        let column = texts(row).firstIndex { text in finder.marked([TextRun(text)]).contains { $0.role == .match } }
        self.focus = .rows
        self.changeFront {
            $0.select(row: row)
            if let column { $0.select(column: column) }
        }
        return true
    }

    // MARK: Mouse

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard !self.isTyping, self.cell == nil, let (pane, index) = self.clicks.hit(row: row, column: column) else {
            return []
        }
        let wasFocused = self.focus == pane
        self.focus = pane
        guard let index else { return [] }
        switch pane {
        case .tables:
            if wasFocused, index == self.tableCursor { return self.takeTables(.enter) }
            return self.select(table: index)
        case .rows:
            if wasFocused, !self.isRowOpen, index == self.front?.row { return self.takeRows(.enter, in: world) }
            self.changeFront { $0.select(row: index) }
        case .schema: break
        }
        return []
    }
}
