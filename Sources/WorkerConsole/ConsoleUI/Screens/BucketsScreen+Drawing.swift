package import TerminalCanvas
import Widgets
import WorkerDomain

extension BucketsScreen {
    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        self.drawBody(into: &canvas, area: area, world: world)
        return ScreenLayout()
    }

    private func drawBody(into canvas: inout Canvas, area: Rect, world: World) {
        guard !area.isEmpty else { return }
        self.clicks.clear()
        if let preview = self.preview {
            self.drawPreview(preview, &canvas, area, world)
        } else if Self.stores(in: world).isEmpty {
            let inner =
                Pane.isSmall(area) ? area : Pane.frame(&canvas, area, title: BucketsPhrases.stores(world.language))
            Pane.notice(
                &canvas, inner,
                [
                    Span(BucketsPhrases.noStores(world.language), .strong),
                    Span(BucketsPhrases.noStoresAdvice(world.language), .dim),
                ])
        } else if Pane.isSmall(area) {
            self.drawSmall(&canvas, area, world)
        } else {
            self.drawPanes(&canvas, area, world)
        }
        if self.menu != nil { self.drawMenu(&canvas, area, world.language) }
    }

    // MARK: Layout

    private func drawSmall(_ canvas: inout Canvas, _ area: Rect, _ world: World) {
        let (head, rest) = area.splitTop(1)
        if let field = self.field {
            self.drawField(field, &canvas, head, world.language)
        } else {
            self.drawPath(&canvas, head, world)
        }
        if self.focus == .details, let item = self.listing?.selected {
            Pane.fields(
                &canvas, rest, BucketsFields.fields(of: item, content: nil, in: world), selected: self.detailLine,
                isFocused: true)
        } else {
            self.drawEntries(&canvas, rest, world)
        }
    }

    private func drawPanes(_ canvas: inout Canvas, _ area: Rect, _ world: World) {
        let (head, body) = area.splitTop(1)
        if let field = self.field {
            self.drawField(field, &canvas, head, world.language)
        } else {
            self.drawStoreTabs(&canvas, head, world)
        }
        let listRect: Rect
        let detailRect: Rect
        if area.columns >= 100 {
            let isWide = area.columns >= 130
            let (stores, rest) = body.splitLeft(isWide ? 28 : 0)
            if isWide { self.drawStores(&canvas, stores, world) }
            (listRect, detailRect) = rest.splitLeft(rest.columns - rest.columns * 2 / 5)
        } else {
            let summaryRows = self.listing?.selected == nil ? 0 : 5
            let detailRows = self.focus == .details ? body.rows * 3 / 5 : summaryRows
            (listRect, detailRect) = body.splitTop(body.rows - detailRows)
        }
        let inner = Pane.frame(
            &canvas, listRect, title: self.path(in: world, canvas.glyphs.glyphs), note: self.countNote(world.language),
            isFocused: self.focus == .entries)
        self.drawEntries(&canvas, inner, world)
        let title = self.listing?.selected.map { item in
            if case .name = item { return BucketsPhrases.name(world.language) }
            return BucketsPhrases.object(world.language)
        }
        let detailInner = Pane.frame(
            &canvas, detailRect, title: title ?? BucketsPhrases.object(world.language),
            isFocused: self.focus == .details)
        self.clicks.note(.details, detailInner, first: 0, count: 0)
        if let item = self.listing?.selected, area.columns < 100, self.focus == .entries {
            let lines = BucketsFields.summary(of: item, in: world)
            for (index, line) in lines.prefix(detailInner.rows).enumerated() {
                Pane.write(
                    line, to: &canvas, row: detailInner.row + index, column: detailInner.column + 1,
                    columns: detailInner.columns - 2)
            }
        } else if let item = self.listing?.selected {
            let fields = BucketsFields.fields(of: item, content: nil, in: world)
            let isFocused = self.focus == .details
            if isFocused { self.height.note(detailInner.rows) }
            Pane.fields(
                &canvas, detailInner, fields, selected: isFocused ? self.detailLine : nil, isFocused: isFocused)
        }
    }

    // MARK: Stores and path

    private func drawStoreTabs(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let glyphs = canvas.glyphs.glyphs
        var spans = [Span(" ")]
        for resource in Self.stores(in: world) {
            let isOpen = resource.binding.id == self.listing?.binding
            let kind = resource.binding.kind.rawValue.uppercased()
            let text = "\(kind) \(resource.binding.name)"
            spans.append(
                isOpen
                    ? Span("\(glyphs.tabLeft)\(text)\(glyphs.tabRight)", .tabSelected) : Span(" \(text) ", .tab))
            spans.append(Span(" "))
        }
        Pane.line(spans, self.orderNote(glyphs, world.language), to: &canvas, row: rect.row, in: rect)
    }

    private func orderNote(_ glyphs: Glyphs, _ language: Language) -> [Span] {
        guard let listing = self.listing else { return [] }
        var text = ""
        if !listing.filter.isEmpty {
            text += CommonPhrases.labelled(language, BucketsPhrases.filter(language), "\(listing.filter.prefix(20))   ")
        }
        let arrow = listing.sort.isDescending ? glyphs.arrowDown : glyphs.arrowUp
        let column = Self.title(of: listing.sort.column)(language)
        text += CommonPhrases.labelled(language, BucketsPhrases.sort(language), "\(column) \(arrow) ")
        return [Span(text, .dim)]
    }

    static func title(of column: BucketsSort.Column) -> Phrase {
        switch column {
        case .name: BucketsPhrases.columnName
        case .size: BucketsPhrases.columnSize
        case .type: BucketsPhrases.columnType
        case .time: BucketsPhrases.columnModified
        }
    }

    private func drawStores(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let inner = Pane.frame(&canvas, rect, title: BucketsPhrases.stores(world.language))
        let glyphs = canvas.glyphs.glyphs
        var row = inner.row
        for resource in Self.stores(in: world) where row < inner.endRow {
            let binding = resource.binding
            let health = world.health[binding.id] ?? BindingHealth()
            let (mark, role) = Self.mark(of: health.state, glyphs)
            let isOpen = binding.id == self.listing?.binding
            canvas.write(mark, row: row, column: inner.column + 1, role: role)
            canvas.write(
                Truncation.end(binding.name, columns: inner.columns - 4, ellipsis: glyphs.ellipsis), row: row,
                column: inner.column + 3, role: isOpen ? .strong : .plain)
            if isOpen { canvas.write(glyphs.pointer, row: row, column: inner.column, role: .title) }
            row += 1
            var facts = [binding.kind.rawValue.uppercased()]
            if let items = health.items {
                let count = (health.isComplete ? "" : ">") + ScreenFormat.count(items)
                let phrase = binding.kind == .kv ? BucketsPhrases.bucketNames : BucketsPhrases.bucketObjects
                facts.append(phrase(world.language, count))
            }
            if let bytes = health.bytes { facts.append((health.isComplete ? "" : ">") + ScreenFormat.bytes(bytes)) }
            if row < inner.endRow {
                canvas.write(
                    Truncation.end(
                        facts.joined(separator: "  "), columns: inner.columns - 4, ellipsis: glyphs.ellipsis),
                    row: row, column: inner.column + 3, role: .dim)
            }
            row += 2
        }
    }

    static func mark(of state: BindingHealth.State, _ glyphs: Glyphs) -> (String, Role) {
        switch state {
        case .healthy: (glyphs.up, .ok)
        case .empty, .unknown, .remote: (glyphs.idle, .dim)
        case .locked: (glyphs.warning, .warning)
        case .failed: (glyphs.down, .failure)
        }
    }

    /// `UPLOADS_BUCKET ▸ img ▸ 2025`.
    private func path(in world: World, _ glyphs: Glyphs) -> String {
        guard let listing = self.listing, let resource = self.resource(in: world) else { return "" }
        guard listing.hasParent else { return resource.binding.name }
        return "\(resource.binding.name) \(glyphs.active) \(listing.prefix)"
    }

    private func drawPath(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let path = Truncation.middle(
            self.path(in: world, canvas.glyphs.glyphs), columns: rect.columns - 10,
            ellipsis: canvas.glyphs.glyphs.ellipsis)
        Pane.line(
            [Span(" \(path)", .title)], [Span(self.countNote(world.language) + " ", .dim)], to: &canvas, row: rect.row,
            in: rect)
    }

    /// How many entries are listed, `+` when more exist; behind a filter how many of them match.
    private func countNote(_ language: Language) -> String {
        guard let listing = self.listing, listing.phase == .loaded else { return "" }
        let count = ScreenFormat.count(listing.items.count) + (listing.nextCursor == nil ? "" : "+")
        return listing.filter.isEmpty ? count : "\(ScreenFormat.count(listing.visible.count))/\(count)"
    }

    private func drawField(_ field: Field, _ canvas: inout Canvas, _ rect: Rect, _ language: Language) {
        let label: Phrase
        switch field {
        case .filter: label = BucketsPhrases.filterLabel
        case .prefix: label = BucketsPhrases.prefixLabel
        }
        let prefix: String
        // What is typed in full stands for itself.
        if case .prefix(let typed) = field, let listing = self.listing, !listing.isWhole(typed: typed.text) {
            prefix = listing.prefix
        } else {
            prefix = ""
        }
        var text = " \(label(language)) \(canvas.glyphs.glyphs.active) "
        // What most is typed in needs no name in a small window.
        if case .filter = field, rect.columns < 60 { text = " / " }
        let shownPrefix = Truncation.middle(prefix, columns: rect.columns / 3, ellipsis: canvas.glyphs.glyphs.ellipsis)
        var column = canvas.write(text, row: rect.row, column: rect.column, role: .key)
        column += canvas.write(shownPrefix, row: rect.row, column: rect.column + column, role: .dim)
        Pane.input(
            field.text, &canvas,
            Rect(row: rect.row, column: rect.column + column, rows: 1, columns: rect.columns - column - 1))
    }

    // MARK: Menu

    private func drawMenu(_ canvas: inout Canvas, _ area: Rect, _ language: Language) {
        let columns = BucketsSort.Column.allCases
        let rect = Rect(
            row: area.row + max(0, (area.rows - columns.count - 2) / 2),
            column: area.column + max(0, area.columns - 26),
            rows: min(area.rows, columns.count + 2), columns: min(24, area.columns))
        canvas.fill(rect)
        let inner = Pane.frame(&canvas, rect, title: BucketsPhrases.sort(language), isFocused: true)
        let glyphs = canvas.glyphs.glyphs
        for (index, column) in columns.enumerated() where index < inner.rows {
            let row = inner.row + index
            let isCurrent = self.listing?.sort.column == column
            let arrow = self.listing?.sort.isDescending == true ? glyphs.arrowDown : glyphs.arrowUp
            canvas.write(
                "  \(Self.title(of: column)(language))\(isCurrent ? " \(arrow)" : "")", row: row, column: inner.column,
                maxColumns: inner.columns)
            if column == self.menu { Pane.select(&canvas, row: row, in: inner, isFocused: true) }
        }
    }
}
