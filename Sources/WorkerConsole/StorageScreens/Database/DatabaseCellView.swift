import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The picture of one value that is looked at in full.
struct DatabaseCellView {
    private let cell: DatabaseCell
    private let language: Language

    init(_ cell: DatabaseCell, _ language: Language) {
        self.cell = cell
        self.language = language
    }

    func draw(into canvas: inout Canvas, in rect: Rect, _ layout: inout ScreenLayout) {
        let cell = self.cell
        let names = cell.pane.viewNames(self.language)
        let titles = names.enumerated().map { ($0.element, $0.offset == cell.pane.viewIndex) }
        let (head, body) = rect.splitTop(1)
        Pane.tabs(titles, &canvas, row: head.row, in: head)
        if cell.pane.isTyping { cell.pane.drawField(into: &canvas, in: head, self.language) }
        var inner = body
        if !Pane.isSmall(rect) {
            let storage = DatabaseText.storageClass(of: cell.value)
            let size = ScreenFormat.count(DatabaseCell.bytes(of: cell.value).count)
            let note = cell.value == .null ? storage : "\(storage) \(size) B"
            let ellipsis = canvas.glyphs.glyphs.ellipsis
            let place = ContentPaneView(cell.pane).position(
                self.language, columns: body.columns / 2, ellipsis: ellipsis)
            let view = cell.pane.isOpen ? cell.pane.title : ""
            let title = ([cell.title] + cell.pane.path + [view]).filter { !$0.isEmpty }.joined(separator: " › ")
            inner = Pane.frame(
                &canvas, body, title: title, note: [place, note].filter { !$0.isEmpty }.joined(separator: " · "),
                isFocused: true)
        }
        layout.noteFocus(inner)
        layout.noteShown(DatabaseValue.contentShown)
        switch cell.value {
        case .null: Pane.notice(&canvas, inner, [Span(DatabasePhrases.isNull(self.language), .dim)])
        case .text(""): Pane.notice(&canvas, inner, [Span(DatabasePhrases.emptyText(self.language), .dim)])
        case .blob([]): Pane.notice(&canvas, inner, [Span(DatabasePhrases.emptyBlob(self.language), .dim)])
        default:
            guard cell.pane.isOpen else {
                return Pane.notice(&canvas, inner, [Span(StoragePhrases.loading(self.language), .dim)])
            }
            ContentPaneView(cell.pane).draw(into: &canvas, in: inner)
        }
    }
}
