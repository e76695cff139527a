package import TerminalCanvas
package import Widgets
import WorkerDomain

extension Pane {
    /// Tabs inside a pane.
    package static func tabs(
        _ titles: [(text: String, isSelected: Bool)], _ canvas: inout Canvas, row: Int, in rect: Rect
    ) {
        let selected = titles.firstIndex { $0.isSelected } ?? 0
        TabBar(titles.map(\.text), selected: selected).draw(
            into: &canvas, in: Rect(row: row, column: rect.column + 1, rows: 1, columns: rect.columns - 1))
    }

    /// The field that is typed in, with the cursor.
    package static func input(_ field: TextField, _ canvas: inout Canvas, _ rect: Rect, isFocused: Bool = true) {
        field.draw(into: &canvas, in: rect, role: .strong, isFocused: isFocused)
    }

    /// A phrase with the marks `▲ ✖ ✓` in the canvas's own glyphs.
    package static func marked(_ text: String, _ glyphs: Glyphs) -> String {
        guard glyphs != GlyphSet.unicode.glyphs else { return text }
        return text.replacing("▲", with: glyphs.warning).replacing("✖", with: glyphs.cross)
            .replacing("✓", with: glyphs.check).replacing("→", with: glyphs.arrowRight)
            .replacing("·", with: glyphs.middleDot).replacing("…", with: glyphs.ellipsis)
    }
}
