import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The menu that a listing's order is chosen from.
struct BucketsSortMenu: Sendable, Equatable {
    /// The column that it is on.
    private(set) var column: BucketsSort.Column

    init(at column: BucketsSort.Column) {
        self.column = column
    }

    mutating func move(by rows: Int) {
        let last = BucketsSort.Column.allCases.count - 1
        self.column = BucketsSort.Column(rawValue: max(0, min(self.column.rawValue + rows, last))) ?? self.column
    }

    /// Draws it over the listing; the present order has its arrow.
    func draw(into canvas: inout Canvas, over area: Rect, _ sort: BucketsSort, _ language: Language) {
        let columns = BucketsSort.Column.allCases
        let rect = Rect(
            row: area.row + max(0, (area.rows - columns.count - 2) / 2),
            column: area.column + max(0, area.columns - 26),
            rows: min(area.rows, columns.count + 2), columns: min(24, area.columns))
        canvas.fill(rect)
        let inner = Pane.frame(&canvas, rect, title: BucketsPhrases.sort(language), isFocused: true)
        let glyphs = canvas.glyphs.glyphs
        let arrow = sort.isDescending ? glyphs.arrowDown : glyphs.arrowUp
        for (index, column) in columns.enumerated() where index < inner.rows {
            let row = inner.row + index
            canvas.write(
                "  \(column.title(language))\(sort.column == column ? " \(arrow)" : "")", row: row,
                column: inner.column, maxColumns: inner.columns)
            if column == self.column { Pane.select(&canvas, row: row, in: inner, isFocused: true) }
        }
    }
}
