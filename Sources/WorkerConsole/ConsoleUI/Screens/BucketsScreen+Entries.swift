import TerminalCanvas
import Widgets
import WorkerDomain

extension BucketsScreen {
    /// Where the columns of the listing stand: sizes, types and times at the right, the name takes the rest.
    private struct Columns {
        let name: Int
        let size: Int
        let type: Int
        let time: Int
        let mark: Int

        init(_ columns: Int, hasSizes: Bool) {
            self.size = !hasSizes || columns < 30 ? 0 : 9
            self.time = columns < 56 ? 0 : 14
            self.type = !hasSizes || columns < 50 ? 0 : 8
            self.mark = columns < 56 ? 2 : 9
            self.name = max(4, columns - self.size - self.type - self.time - self.mark - 3)
        }
    }

    func drawEntries(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        guard let listing = self.listing, !rect.isEmpty else { return }
        let language = world.language
        switch listing.phase {
        case .loading:
            Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(language), .dim)])
        case .failed(let error):
            Pane.failure(&canvas, rect, error, language)
        case .loaded:
            if listing.items.isEmpty {
                self.drawEmpty(listing, &canvas, rect, world)
            } else if listing.visible.isEmpty {
                Pane.notice(
                    &canvas, rect,
                    [
                        Span(BucketsPhrases.noMatch(language, String(listing.filter.prefix(40)))),
                        Span(BucketsPhrases.matchAdvice(language), .dim),
                    ])
            } else {
                self.drawRows(listing, &canvas, rect, world)
            }
        }
    }

    private func drawEmpty(_ listing: BucketsListing, _ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let language = world.language
        if let binding = self.resource(in: world)?.binding, !listing.hasParent, !self.findings.isEmpty {
            let title = "\(canvas.glyphs.glyphs.idle) \(StoragePhrases.nothingHere(language))"
            let lines = StoreFindingText.lines(of: self.findings, binding, language)
            return Pane.notice(&canvas, rect, [Span(title, .strong)] + lines)
        }
        let title =
            listing.hasParent
            ? BucketsPhrases.nothingBelow(language, listing.prefix) : StoragePhrases.nothingYet(language)
        Pane.notice(
            &canvas, rect,
            [Span("\(canvas.glyphs.glyphs.idle) \(title)", .strong), Span(BucketsPhrases.emptyAdvice(language), .dim)])
    }

    private func drawRows(_ listing: BucketsListing, _ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let isNamespace = self.resource(in: world)?.binding.kind == .kv
        let columns = Columns(rect.columns, hasSizes: !isNamespace)
        var rows = rect
        if rect.rows > 6 {
            self.drawHeadings(columns, isNamespace: isNamespace, &canvas, rect, world.language)
            rows = rect.splitTop(1).rest
        }
        // One row says what is not listed.
        let hasFoot = listing.nextCursor != nil && rows.rows > 3
        let height = rows.rows - (hasFoot ? 1 : 0)
        if self.focus == .entries { self.height.note(height) }
        let top = Pane.top(cursor: listing.cursor, count: listing.rowCount, height: height)
        self.clicks.note(.entries, rows, first: top, count: min(listing.rowCount, top + height))
        for offset in 0..<min(height, max(0, listing.rowCount - top)) {
            let row = rows.row + offset
            self.drawRow(top + offset, listing, columns, &canvas, row, rect, world)
            if top + offset == listing.cursor {
                Pane.select(&canvas, row: row, in: rect, isFocused: self.focus == .entries && self.field == nil)
            }
        }
        let window = top..<min(listing.rowCount, top + height)
        ScrollBar(count: listing.rowCount, window: window).draw(into: &canvas, in: rows.splitTop(height).top)
        if hasFoot { self.drawFoot(listing, &canvas, rows.endRow - 1, rect, world.language) }
    }

    private func drawHeadings(
        _ columns: Columns, isNamespace: Bool, _ canvas: inout Canvas, _ rect: Rect, _ language: Language
    ) {
        var place = rect.column + 2
        canvas.write(BucketsPhrases.columnName(language), row: rect.row, column: place, role: .heading)
        place += columns.name + 1
        if columns.size > 0 {
            Pane.right(
                BucketsPhrases.columnSize(language), to: &canvas, row: rect.row, column: place - 1,
                columns: columns.size,
                role: .heading)
        }
        place += columns.size
        if columns.type > 0 {
            canvas.write(
                BucketsPhrases.columnType(language), row: rect.row, column: place, role: .heading,
                maxColumns: columns.type - 1)
        }
        place += columns.type
        if columns.time > 0 {
            let phrase = isNamespace ? BucketsPhrases.columnExpires : BucketsPhrases.columnModified
            canvas.write(phrase(language), row: rect.row, column: place, role: .heading, maxColumns: columns.time)
        }
    }

    private func drawRow(
        _ index: Int, _ listing: BucketsListing, _ columns: Columns, _ canvas: inout Canvas, _ row: Int, _ rect: Rect,
        _ world: World
    ) {
        let glyphs = canvas.glyphs.glyphs
        var place = rect.column + 2
        guard let item = listing.item(atRow: index) else {
            canvas.write("../", row: row, column: place, role: .dim)
            return
        }
        let name = listing.name(of: item)
        let shown = Truncation.middle(name, columns: columns.name, ellipsis: glyphs.ellipsis)
        if item.isPrefix { canvas.write(glyphs.active, row: row, column: rect.column, role: .name) }
        canvas.write(shown, row: row, column: place, role: item.isPrefix ? .name : .plain, maxColumns: columns.name)
        place += columns.name + 1
        if columns.size > 0, let bytes = item.bytes {
            Pane.right(
                ScreenFormat.bytes(bytes), to: &canvas, row: row, column: place - 1, columns: columns.size)
        }
        place += columns.size
        if columns.type > 0 {
            let type = item.isPrefix ? BucketsPhrases.folder(world.language) : item.typeName
            canvas.write(
                Truncation.end(type.isEmpty ? "?" : type, columns: columns.type - 1, ellipsis: glyphs.ellipsis),
                row: row,
                column: place, role: .dim, maxColumns: columns.type - 1)
        }
        place += columns.type
        if columns.time > 0 {
            var time = item.time.map { ScreenFormat.moment($0, in: world) } ?? ""
            if case .name(let entry) = item, entry.expiresAt == nil { time = BucketsPhrases.never(world.language) }
            canvas.write(time, row: row, column: place, role: .dim, maxColumns: columns.time - 1)
        }
        place += columns.time
        let mark = listing.marks.mark(of: item.key)
        if let mark {
            let role: Role = mark == .added ? .ok : .warning
            canvas.write(glyphs.marked, row: row, column: rect.column + 1, role: role)
            if columns.mark > 2 {
                let phrase = mark == .added ? StoragePhrases.markNew : StoragePhrases.markChanged
                canvas.write(
                    phrase(world.language), row: row, column: place, role: role, maxColumns: rect.endColumn - place)
            }
        }
        if mark == nil || columns.mark <= 2,
            name.unicodeScalars.prefix(1_024).contains(where: { StoredContent.isHidden($0) })
        {
            let mark = columns.mark > 2 ? BucketsPhrases.controlMark(world.language) : "▲"
            let text = mark.replacing("▲", with: glyphs.warning)
            canvas.write(text, row: row, column: place, role: .warning, maxColumns: rect.endColumn - place)
        }
    }

    private func drawFoot(
        _ listing: BucketsListing, _ canvas: inout Canvas, _ row: Int, _ rect: Rect, _ language: Language
    ) {
        let glyphs = canvas.glyphs.glyphs
        let text: Span
        if listing.isLoadingMore {
            text = Span(BucketsPhrases.loadingMore(language), .active)
        } else if let problem = listing.moreProblem {
            text = Span(
                BucketsPhrases.moreFailed(language, language.text(problem.reason)).replacing("▲", with: glyphs.warning),
                .warning)
        } else if listing.isFull {
            text = Span(BucketsPhrases.listedFull(language, ScreenFormat.count(listing.items.count)), .warning)
        } else {
            let count = ScreenFormat.count(listing.items.count)
            text = Span("\(glyphs.expanded) \(BucketsPhrases.listedMore(language, count))", .dim)
        }
        canvas.write(text.text, row: row, column: rect.column + 1, role: text.role, maxColumns: rect.columns - 2)
    }
}
