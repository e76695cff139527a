import ConsoleUI
import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

/// The picture of a listing.
struct BucketsEntries {
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

    private let listing: BucketsListing
    private let binding: Binding?
    private let findings: [StoreFinding]
    private let marks: BucketsMarks
    private let sums: BucketsSums
    private let world: World
    private var language: Language { self.world.language }

    init(
        _ listing: BucketsListing, _ binding: Binding?, _ findings: [StoreFinding], _ marks: BucketsMarks,
        sums: BucketsSums = BucketsSums(), _ world: World
    ) {
        self.listing = listing
        self.binding = binding
        self.findings = findings
        self.marks = marks
        self.sums = sums
        self.world = world
    }

    /// - Parameters:
    ///   - canvas: Where it is drawn.
    ///   - rect: The pane's inside.
    ///   - isFocused: Keys go to the listing.
    ///   - isTyping: They go to the field above it.
    ///   - layout: Where rows are noted.
    func draw(
        into canvas: inout Canvas, in rect: Rect, isFocused: Bool, isTyping: Bool, _ layout: inout ScreenLayout
    ) {
        guard !rect.isEmpty else { return }
        if isFocused { layout.noteFocus(rect) }
        switch self.listing.phase {
        case .loading: Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(self.language), .dim)])
        case .failed(let error): Pane.failure(&canvas, rect, error, self.language)
        case .loaded:
            if self.listing.items.isEmpty {
                self.drawEmpty(&canvas, rect)
            } else if self.listing.visible.isEmpty {
                let filter = Truncation.end(self.listing.filter, columns: 40, ellipsis: canvas.glyphs.glyphs.ellipsis)
                Pane.notice(
                    &canvas, rect,
                    [
                        Span(BucketsPhrases.noMatch(self.language, filter)),
                        Span(BucketsPhrases.matchAdvice(self.language), .dim),
                    ])
            } else {
                self.drawRows(&canvas, rect, isFocused: isFocused, isTyping: isTyping, &layout)
            }
        }
    }

    private func drawEmpty(_ canvas: inout Canvas, _ rect: Rect) {
        let idle = canvas.glyphs.glyphs.idle
        if let binding = self.binding, !self.listing.hasParent, !self.findings.isEmpty {
            let title = "\(idle) \(StoragePhrases.nothingHere(self.language))"
            let lines = StoreFindingText.lines(of: self.findings, binding, self.language)
            return Pane.notice(&canvas, rect, [Span(title, .strong)] + lines)
        }
        let title =
            self.listing.hasParent
            ? BucketsPhrases.nothingBelow(self.language, self.listing.prefix)
            : StoragePhrases.nothingYet(self.language)
        Pane.notice(
            &canvas, rect,
            [Span("\(idle) \(title)", .strong), Span(BucketsPhrases.emptyAdvice(self.language), .dim)])
    }

    private func drawRows(
        _ canvas: inout Canvas, _ rect: Rect, isFocused: Bool, isTyping: Bool, _ layout: inout ScreenLayout
    ) {
        let isNamespace = self.binding?.kind == .kv
        let columns = Columns(rect.columns, hasSizes: !isNamespace)
        var rows = rect
        if rect.rows > 6 {
            self.drawHeadings(columns, isNamespace: isNamespace, &canvas, rect)
            rows = rect.splitTop(1).rest
        }
        // One row says what is not listed.
        let hasFoot = self.listing.nextCursor != nil && rows.rows > 3
        let (body, foot) = rows.splitTop(rows.rows - (hasFoot ? 1 : 0))
        let count = self.listing.rowCount
        let top = Pane.top(cursor: self.listing.cursor, count: count, height: body.rows)
        let window = top..<max(top, min(count, top + body.rows))
        layout.note(BucketsScreen.Focus.entries, body, first: top, count: count)
        if isFocused { layout.noteFocus(body) }
        for index in window {
            let row = body.row + index - top
            self.drawRow(index, columns, &canvas, row, rect)
            if index == self.listing.cursor {
                Pane.select(&canvas, row: row, in: rect, isFocused: isFocused && !isTyping)
            }
        }
        ScrollBar(count: count, window: window).draw(into: &canvas, in: body)
        if hasFoot { self.drawFoot(&canvas, foot.row, rect) }
    }

    private func drawHeadings(
        _ columns: Columns, isNamespace: Bool, _ canvas: inout Canvas, _ rect: Rect
    ) {
        let language = self.language
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

    private func drawRow(_ index: Int, _ columns: Columns, _ canvas: inout Canvas, _ row: Int, _ rect: Rect) {
        let (listing, world) = (self.listing, self.world)
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
        if columns.size > 0, let size = self.size(of: item) {
            Pane.right(size, to: &canvas, row: row, column: place - 1, columns: columns.size)
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
        if self.marks.holds(item) { canvas.write(glyphs.marked, row: row, column: rect.column + 1, role: .active) }
        if mark == nil || columns.mark <= 2,
            name.unicodeScalars.prefix(1_024).contains(where: { ControlCharacters.isUnsafe($0) })
        {
            let mark = columns.mark > 2 ? BucketsPhrases.controlMark(world.language) : "▲"
            let text = mark.replacing("▲", with: glyphs.warning)
            canvas.write(text, row: row, column: place, role: .warning, maxColumns: rect.endColumn - place)
        }
    }

    /// Of an object, or what was counted below a prefix.
    private func size(of item: BucketsItem) -> String? {
        guard case .prefix(let prefix) = item else { return item.bytes.map { ScreenFormat.bytes($0) } }
        return self.sums.sum(of: prefix, in: self.listing.binding).map { sum in
            sum.isComplete
                ? ScreenFormat.bytes(sum.bytes) : sum.objects == 0 ? "~" : "~\(ScreenFormat.bytes(sum.bytes))"
        }
    }

    private func drawFoot(_ canvas: inout Canvas, _ row: Int, _ rect: Rect) {
        let (listing, language) = (self.listing, self.language)
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
        Pane.write([text], to: &canvas, row: row, column: rect.column + 1, columns: rect.columns - 2)
    }
}
