import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The picture of an opened value: its views, and what is known of it.
struct BucketsPreviewView {
    private let preview: BucketsPreview
    /// What was found out on request.
    private let found: [PaneField]
    private let world: World
    private var language: Language { self.world.language }

    init(_ preview: BucketsPreview, _ found: [PaneField], _ world: World) {
        self.preview = preview
        self.found = found
        self.world = world
    }

    func draw(into canvas: inout Canvas, area: Rect, _ layout: inout ScreenLayout) {
        let isSmall = Pane.isSmall(area)
        let (head, body) = area.splitTop(isSmall ? 1 : 2)
        self.drawHead(&canvas, head, isSmall: isSmall)
        if self.preview.pane.isTyping {
            self.preview.pane.drawField(into: &canvas, in: head.splitTop(1).top, self.language)
        }
        var main = body
        if area.columns >= 120, !self.preview.showsMetadata {
            let detail: Rect
            (main, detail) = body.splitLeft(body.columns - body.columns / 3)
            let inner = Pane.frame(&canvas, detail, title: BucketsPhrases.object(self.language))
            Pane.fields(&canvas, inner, self.fields)
        }
        if !isSmall {
            let ellipsis = canvas.glyphs.glyphs.ellipsis
            let note =
                self.preview.showsMetadata
                ? ""
                : ContentPaneView(self.preview.pane).position(
                    self.language, columns: main.columns * 3 / 5, ellipsis: ellipsis)
            main = Pane.frame(&canvas, main, title: self.title, note: note, isFocused: true)
        }
        layout.noteFocus(main)
        if !self.preview.showsMetadata { layout.noteShown(BucketsScreen.contentShown) }
        self.drawContent(&canvas, main)
    }

    private var fields: [PaneField] {
        BucketsFields.fields(of: self.preview.item, content: self.preview.content, in: self.world) + self.found
    }

    /// The view, what was taken off, and the encoding.
    private var title: String {
        if self.preview.showsMetadata { return StoragePhrases.tabMetadata(self.language) }
        return (self.preview.pane.path + [self.preview.pane.title]).joined(separator: " › ")
    }

    private func drawHead(_ canvas: inout Canvas, _ head: Rect, isSmall: Bool) {
        let ellipsis = canvas.glyphs.glyphs.ellipsis
        let key = Truncation.middle(self.preview.item.key, columns: max(8, head.columns - 24), ellipsis: ellipsis)
        if isSmall {
            Pane.line(
                [Span(" \(key)", .title)], [Span(self.title, .tabSelected), Span(" ")], to: &canvas, row: head.row,
                in: head)
            return
        }
        let size = self.preview.item.bytes ?? self.preview.content?.total
        let type = Truncation.end(self.preview.item.typeName, columns: 10, ellipsis: ellipsis)
        let facts = [size.map { ScreenFormat.bytes($0) } ?? "", type].filter { !$0.isEmpty }
        Pane.line(
            [Span(" \(key)", .title)], [Span("\(facts.joined(separator: "  ")) ", .dim)], to: &canvas, row: head.row,
            in: head)
        let views = self.preview.pane.viewNames(self.language).enumerated().map { index, name in
            (name, !self.preview.showsMetadata && index == self.preview.pane.viewIndex)
        }
        let titles = views + [(StoragePhrases.tabMetadata(self.language), self.preview.showsMetadata)]
        Pane.tabs(titles, &canvas, row: head.row + 1, in: head)
    }

    private func drawContent(_ canvas: inout Canvas, _ rect: Rect) {
        if self.preview.showsMetadata {
            return self.preview.metadata.draw(self.fields, into: &canvas, in: rect, isFocused: true)
        }
        switch self.preview.phase {
        case .loading: Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(self.language), .dim)])
        case .failed(let error): Pane.failure(&canvas, rect, error, self.language)
        case .loaded:
            guard self.preview.pane.isOpen, let content = self.preview.content else {
                return Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(self.language), .dim)])
            }
            var view = rect
            if let field = self.detection(content), rect.rows > 4 {
                let line = rect.splitTop(2).top
                let text = Pane.marked("\(field.label)  \(field.value)", canvas.glyphs.glyphs)
                Pane.write(
                    [Span(text, field.role)], to: &canvas, row: line.row, column: line.column + 1,
                    columns: line.columns - 2)
                view = rect.splitTop(2).rest
            }
            ContentPaneView(self.preview.pane).draw(into: &canvas, in: view)
        }
    }

    /// What the bytes are: above bytes, and above everything where something else was declared.
    private func detection(_ content: StoredContent) -> PaneField? {
        guard !self.preview.pane.isNested, content.total > 0 else { return nil }
        var http = ObjectHTTPMetadata()
        if case .object(let object) = self.preview.item { http = object.http }
        let field = BucketsFields.detection(
            content, declared: http.contentType, encoding: http.contentEncoding, self.language)
        let isBytes = !content.isText && self.preview.pane.view == "hex"
        return isBytes || field.role == .warning ? field : nil
    }
}
