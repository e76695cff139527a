import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The picture of the buckets screen at one moment.
struct BucketsView {
    private let screen: BucketsScreen
    private let world: World
    private var language: Language { self.world.language }

    init(_ screen: BucketsScreen, _ world: World) {
        self.screen = screen
        self.world = world
    }

    func draw(into canvas: inout Canvas, area: Rect) -> ScreenLayout {
        var layout = ScreenLayout()
        guard !area.isEmpty else { return layout }
        if let preview = self.screen.preview {
            BucketsPreviewView(preview, BucketsFields.found(of: preview.item, self.screen, self.world), self.world)
                .draw(
                    into: &canvas, area: area, &layout)
            if self.screen.prompt != nil { self.drawField(&canvas, area.splitTop(1).top) }
        } else if let removal = self.screen.removal {
            removal.draw(into: &canvas, over: area, self.language)
        } else if BucketsScreen.stores(in: self.world).isEmpty {
            self.drawUnbound(&canvas, area)
        } else if Pane.isSmall(area) {
            self.drawSmall(&canvas, area, &layout)
        } else {
            self.drawPanes(&canvas, area, &layout)
        }
        if let menu = self.screen.menu {
            menu.draw(into: &canvas, over: area, self.screen.listing?.sort ?? BucketsSort(), self.language)
        }
        if self.screen.links.line != nil { self.screen.links.draw(into: &canvas, over: area, self.language) }
        return layout
    }

    /// The line of a transfer takes the last row.
    private func drawTransfer(_ canvas: inout Canvas, _ area: Rect) -> Rect {
        let hasUndo = self.screen.listing.map { self.screen.trash.last(of: $0.binding) != nil } ?? false
        let view = BucketsTransferView(self.screen.transfer, hasUndo: hasUndo, self.world)
        guard !view.spans.isEmpty, area.rows > 4 else { return area }
        let (rest, line) = area.splitTop(area.rows - 1)
        view.draw(into: &canvas, in: line)
        return rest
    }

    private func drawUnbound(_ canvas: inout Canvas, _ area: Rect) {
        let inner = Pane.isSmall(area) ? area : Pane.frame(&canvas, area, title: BucketsPhrases.stores(self.language))
        Pane.notice(
            &canvas, inner,
            [
                Span(BucketsPhrases.noStores(self.language), .strong),
                Span(BucketsPhrases.noStoresAdvice(self.language), .dim),
            ])
    }

    // MARK: Layout

    private func drawSmall(_ canvas: inout Canvas, _ area: Rect, _ layout: inout ScreenLayout) {
        let (head, below) = area.splitTop(1)
        let rest = self.drawTransfer(&canvas, below)
        if self.screen.field != nil || self.screen.prompt != nil {
            self.drawField(&canvas, head)
        } else {
            self.drawPath(&canvas, head)
        }
        if self.screen.focus == .details, let fields = self.fields {
            layout.noteFocus(rest)
            self.screen.details.draw(fields, into: &canvas, in: rest, isFocused: true)
        } else {
            self.drawEntries(&canvas, rest, &layout)
        }
    }

    private func drawPanes(_ canvas: inout Canvas, _ area: Rect, _ layout: inout ScreenLayout) {
        let (head, below) = area.splitTop(1)
        let body = self.drawTransfer(&canvas, below)
        if self.screen.field != nil || self.screen.prompt != nil {
            self.drawField(&canvas, head)
        } else {
            self.drawStoreTabs(&canvas, head)
        }
        let listRect: Rect
        let detailRect: Rect
        if area.columns >= 100 {
            let isWide = area.columns >= 130
            let (stores, rest) = body.splitLeft(isWide ? 28 : 0)
            if isWide { self.drawStores(&canvas, stores) }
            (listRect, detailRect) = rest.splitLeft(rest.columns - rest.columns * 2 / 5)
        } else {
            let summaryRows = self.screen.current == nil ? 0 : 5
            let detailRows = self.screen.focus == .details ? body.rows * 3 / 5 : summaryRows
            (listRect, detailRect) = body.splitTop(body.rows - detailRows)
        }
        let inner = Pane.frame(
            &canvas, listRect, title: self.title(canvas.glyphs.glyphs), note: self.note(listRect.columns),
            isFocused: self.screen.focus == .entries)
        self.drawEntries(&canvas, inner, &layout)
        self.drawDetails(&canvas, detailRect, isBeside: area.columns >= 100, &layout)
    }

    private func drawEntries(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout) {
        if self.screen.find.isShown {
            BucketsFindView(self.screen.find, self.screen.marks, self.world).draw(
                into: &canvas, in: rect, isFocused: self.screen.field == nil, &layout)
            return
        }
        guard let listing = self.screen.listing else { return }
        BucketsEntries(
            listing, self.screen.resource(in: self.world)?.binding, self.screen.levels.findings, self.screen.marks,
            sums: self.screen.sums, self.world
        ).draw(
            into: &canvas, in: rect, isFocused: self.screen.focus == .entries,
            isTyping: self.screen.field != nil || self.screen.prompt != nil,
            &layout)
    }

    // MARK: Details

    /// The metadata of what is selected.
    private var fields: [PaneField]? {
        self.screen.current.map { item in
            BucketsFields.fields(of: item, content: nil, in: self.world)
                + BucketsFields.found(of: item, self.screen, self.world)
        }
    }

    private func drawDetails(
        _ canvas: inout Canvas, _ rect: Rect, isBeside: Bool, _ layout: inout ScreenLayout
    ) {
        let selected = self.screen.current
        var title = BucketsPhrases.object(self.language)
        if case .name = selected { title = BucketsPhrases.name(self.language) }
        let isFocused = self.screen.focus == .details
        let inner = Pane.frame(&canvas, rect, title: title, isFocused: isFocused)
        layout.note(BucketsScreen.Focus.details, inner, first: 0, count: 0)
        if isFocused { layout.noteFocus(inner) }
        guard let selected, let fields = self.fields else { return }
        guard isBeside || isFocused else {
            let lines = BucketsFields.summary(of: selected, in: self.world)
            for (index, line) in lines.prefix(inner.rows).enumerated() {
                Pane.write(
                    line, to: &canvas, row: inner.row + index, column: inner.column + 1, columns: inner.columns - 2)
            }
            return
        }
        self.screen.details.draw(fields, into: &canvas, in: inner, isFocused: isFocused)
    }

    // MARK: Stores and path

    private func drawStoreTabs(_ canvas: inout Canvas, _ rect: Rect) {
        let glyphs = canvas.glyphs.glyphs
        var spans = [Span(" ")]
        for resource in BucketsScreen.stores(in: self.world) {
            let isOpen = self.isOpen(resource)
            let text = "\(resource.binding.kind.rawValue.uppercased()) \(resource.binding.name)"
            spans.append(
                isOpen ? Span("\(glyphs.tabLeft)\(text)\(glyphs.tabRight)", .tabSelected) : Span(" \(text) ", .tab))
            spans.append(Span(" "))
        }
        Pane.line(spans, self.orderNote(glyphs), to: &canvas, row: rect.row, in: rect)
    }

    private func isOpen(_ resource: BoundResource) -> Bool {
        self.screen.listing.map { $0.binding.hasSameBytes(as: resource.binding.id) } ?? false
    }

    private func orderNote(_ glyphs: Glyphs) -> [Span] {
        guard let listing = self.screen.listing else { return [] }
        var text = ""
        if !listing.filter.isEmpty {
            let filter = Truncation.end(listing.filter, columns: 20, ellipsis: glyphs.ellipsis)
            text += CommonPhrases.labelled(self.language, BucketsPhrases.filter(self.language), "\(filter)   ")
        }
        let arrow = listing.sort.isDescending ? glyphs.arrowDown : glyphs.arrowUp
        let column = listing.sort.column.title(self.language)
        text += CommonPhrases.labelled(self.language, BucketsPhrases.sort(self.language), "\(column) \(arrow) ")
        return [Span(text, .dim)]
    }

    private func drawStores(_ canvas: inout Canvas, _ rect: Rect) {
        let inner = Pane.frame(&canvas, rect, title: BucketsPhrases.stores(self.language))
        let glyphs = canvas.glyphs.glyphs
        var row = inner.row
        for resource in BucketsScreen.stores(in: self.world) where row < inner.endRow {
            let binding = resource.binding
            let health = self.world.health[binding.id] ?? BindingHealth()
            let (mark, role) = Self.mark(of: health.state, glyphs)
            let isOpen = self.isOpen(resource)
            canvas.write(mark, row: row, column: inner.column + 1, role: role)
            canvas.write(
                Truncation.end(binding.name, columns: inner.columns - 4, ellipsis: glyphs.ellipsis), row: row,
                column: inner.column + 3, role: isOpen ? .strong : .plain)
            if isOpen { canvas.write(glyphs.pointer, row: row, column: inner.column, role: .title) }
            row += 1
            if row < inner.endRow {
                canvas.write(
                    Truncation.end(
                        self.facts(of: binding, health), columns: inner.columns - 4, ellipsis: glyphs.ellipsis),
                    row: row, column: inner.column + 3, role: .dim)
            }
            row += 2
        }
    }

    /// `R2  8 objects  3.3 kB`.
    private func facts(of binding: Binding, _ health: BindingHealth) -> String {
        var facts = [binding.kind.rawValue.uppercased()]
        let more = health.isComplete ? "" : ">"
        if let items = health.items {
            let phrase = binding.kind == .kv ? BucketsPhrases.bucketNames : BucketsPhrases.bucketObjects
            facts.append(phrase(self.language, more + ScreenFormat.count(items)))
        }
        if let bytes = health.bytes { facts.append(more + ScreenFormat.bytes(bytes)) }
        return facts.joined(separator: "  ")
    }

    private static func mark(of state: BindingHealth.State, _ glyphs: Glyphs) -> (String, Role) {
        switch state {
        case .healthy: (glyphs.up, .ok)
        case .empty, .unknown, .remote: (glyphs.idle, .dim)
        case .locked: (glyphs.warning, .warning)
        case .failed: (glyphs.down, .failure)
        }
    }

    /// `UPLOADS_BUCKET ▸ img/2025/`.
    private func path(_ glyphs: Glyphs) -> String {
        guard let listing = self.screen.listing, let resource = self.screen.resource(in: self.world) else { return "" }
        guard listing.hasParent else { return resource.binding.name }
        return "\(resource.binding.name) \(glyphs.active) \(listing.prefix)"
    }

    /// The path, or what is searched for.
    private func title(_ glyphs: Glyphs) -> String {
        guard self.screen.find.isShown, let resource = self.screen.resource(in: self.world) else {
            return self.path(glyphs)
        }
        return BucketsFindView.title(self.screen.find, resource.binding.name, glyphs, self.language)
    }

    /// What is marked, and how much is listed; without sizes where the title needs the columns.
    private func note(_ columns: Int) -> String {
        let count = self.screen.find.isShown ? "" : self.countNote
        let (marks, sums, language) = (self.screen.marks, self.screen.sums, self.language)
        let marked = marks.text(sums, in: self.screen.listing?.binding ?? "", language)
        let isLong = Sanitizer.columns(of: marked) > max(Self.shortColumns, columns - Self.titleColumns)
        return [isLong ? marks.shortText(language) : marked, count].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// What of a pane's first row belongs to its title and the number of entries.
    private static let titleColumns = 30
    /// What always has room beside a title that is cut.
    private static let shortColumns = 18

    private func drawPath(_ canvas: inout Canvas, _ rect: Rect) {
        let path = Truncation.middle(
            self.title(canvas.glyphs.glyphs), columns: rect.columns - 10, ellipsis: canvas.glyphs.glyphs.ellipsis)
        Pane.line(
            [Span(" \(path)", .title)], [Span(self.note(rect.columns) + " ", .dim)], to: &canvas, row: rect.row,
            in: rect)
    }

    /// How many entries are listed, `+` when more exist; behind a filter how many of them match.
    private var countNote: String {
        guard let listing = self.screen.listing, listing.phase == .loaded else { return "" }
        let count = ScreenFormat.count(listing.items.count) + (listing.nextCursor == nil ? "" : "+")
        return listing.filter.isEmpty ? count : "\(ScreenFormat.count(listing.visible.count))/\(count)"
    }

    private func drawField(_ canvas: inout Canvas, _ rect: Rect) {
        if let prompt = self.screen.prompt { return prompt.draw(into: &canvas, in: rect, self.language) }
        guard let field = self.screen.field else { return }
        var prefix = ""
        // What is typed in full stands for itself.
        if let listing = self.screen.listing, field.kind != .prefix || !listing.isWhole(typed: field.text) {
            prefix = listing.prefix
        }
        field.draw(into: &canvas, in: rect, below: prefix, self.language)
    }
}
