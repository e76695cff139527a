import ConsoleUI
import TextSafety
import WorkerDomain

/// The value that is looked at in full, and what of values is hidden.
struct DatabaseValue: Sendable {
    private(set) var cell: DatabaseCell?
    private(set) var redaction = DatabaseRedaction()
    var pending = Pending("cell")

    /// What a layout notes where a value is shown in full.
    static let contentShown = "content"

    /// The content of the value.
    var content: ContentPane? {
        get { self.cell?.pane }
        set { if let newValue { self.cell?.pane = newValue } }
    }

    mutating func toggleRedaction() { self.redaction.toggle() }

    /// Opens the selected value of a grid.
    mutating func open(_ grid: DatabaseGrid, in world: World) -> ContentTask? {
        guard let column = grid.selectedColumn, let source = grid.selectedValue else { return nil }
        let value = self.redaction.shown(source, at: grid.column, of: grid.page.rows, in: world)
        let title = grid.table.map { "\($0).\(column)" } ?? column
        var cell = DatabaseCell(title: title, value: value, source: source, before: self.cell)
        let task = cell.open(world.contentOptions(self.redaction.isRevealed ? .off : world.redaction))
        self.cell = cell
        return task
    }

    /// Lays the content out again for the width that was drawn last.
    mutating func fit(in world: World) -> ContentTask? {
        guard world.layout.shows(Self.contentShown) else { return nil }
        return self.cell?.pane.fit(columns: ContentPaneView.columns(of: world.layout.columns))
    }

    mutating func paste(_ text: String) { self.cell?.pane.paste(text) }

    mutating func close() { self.cell = nil }
}
