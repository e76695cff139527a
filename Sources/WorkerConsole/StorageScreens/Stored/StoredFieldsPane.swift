import ConsoleUI
import TerminalCanvas

/// Labels with their values below each other, one of which is selected.
struct StoredFieldsPane: Sendable, Equatable {
    /// The selected field.
    private(set) var line = 0

    mutating func home() { self.line = 0 }

    mutating func move(by rows: Int, count: Int) { self.line = max(0, min(self.line + rows, count - 1)) }

    /// - Returns: `nil` when there are none.
    func selected(of fields: [PaneField]) -> PaneField? {
        fields.indices.contains(self.line) ? fields[self.line] : nil
    }

    /// Draws the fields; the selected one is marked only where keys go to them.
    func draw(_ fields: [PaneField], into canvas: inout Canvas, in rect: Rect, isFocused: Bool) {
        Pane.fields(&canvas, rect, fields, selected: isFocused ? self.line : nil, isFocused: isFocused)
    }
}
