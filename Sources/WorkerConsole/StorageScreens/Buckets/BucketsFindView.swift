import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The picture of a search's results.
struct BucketsFindView {
    private let find: BucketsFind
    private let marks: BucketsMarks
    private let world: World
    private var language: Language { self.world.language }

    init(_ find: BucketsFind, _ marks: BucketsMarks, _ world: World) {
        self.find = find
        self.marks = marks
        self.world = world
    }

    /// What is looked for, and where.
    static func title(_ find: BucketsFind, _ binding: String, _ glyphs: Glyphs, _ language: Language) -> String {
        guard let query = find.query else { return "" }
        let text = Truncation.end(query.text, columns: 24, ellipsis: glyphs.ellipsis)
        let place = query.prefix.isEmpty ? binding : "\(binding) \(glyphs.active) \(query.prefix)"
        return BucketsFindPhrases.title(language, text, place)
    }

    func draw(into canvas: inout Canvas, in rect: Rect, isFocused: Bool, _ layout: inout ScreenLayout) {
        guard !rect.isEmpty else { return }
        if isFocused { layout.noteFocus(rect) }
        if case .failed(let error) = self.find.phase, self.find.items.isEmpty {
            return Pane.failure(&canvas, rect, error, self.language)
        }
        let (body, foot) = rect.splitTop(rect.rows - 1)
        let items = self.find.items
        if items.isEmpty, let query = self.find.query, self.find.phase == .complete {
            let text = Truncation.end(query.text, columns: 40, ellipsis: canvas.glyphs.glyphs.ellipsis)
            Pane.notice(&canvas, body, [Span(BucketsFindPhrases.nothing(self.language, text))])
        }
        let top = Pane.top(cursor: self.find.cursor, count: items.count, height: body.rows)
        let window = top..<max(top, min(items.count, top + body.rows))
        layout.note(BucketsScreen.Focus.found, body, first: top, count: items.count)
        if isFocused { layout.noteFocus(body) }
        for index in window {
            let row = body.row + index - top
            self.drawRow(items[index], &canvas, row, rect)
            if index == self.find.cursor { Pane.select(&canvas, row: row, in: rect, isFocused: isFocused) }
        }
        ScrollBar(count: items.count, window: window).draw(into: &canvas, in: body)
        Pane.write(
            [self.progress], to: &canvas, row: foot.row, column: foot.column + 1, columns: foot.columns - 2)
    }

    private func drawRow(_ item: BucketsItem, _ canvas: inout Canvas, _ row: Int, _ rect: Rect) {
        let glyphs = canvas.glyphs.glyphs
        let hasSize = rect.columns >= 40 && item.bytes != nil
        let hasTime = rect.columns >= 60
        let columns = rect.columns - 3 - (hasSize ? 10 : 0) - (hasTime ? 14 : 0)
        let name = Truncation.middle(item.key, columns: columns, ellipsis: glyphs.ellipsis)
        canvas.write(name, row: row, column: rect.column + 2, maxColumns: columns)
        if self.marks.holds(item) { canvas.write(glyphs.marked, row: row, column: rect.column + 1, role: .active) }
        var end = rect.endColumn
        if hasTime {
            end -= 14
            let time = item.time.map { ScreenFormat.moment($0, in: self.world) } ?? ""
            canvas.write(time, row: row, column: end, role: .dim, maxColumns: 13)
        }
        if hasSize, let bytes = item.bytes {
            Pane.right(ScreenFormat.bytes(bytes), to: &canvas, row: row, column: end - 10, columns: 9)
        }
    }

    /// `12 found, 40,000 of ~105,000 keys looked at`.
    private var progress: Span {
        let found = ScreenFormat.count(self.find.items.count)
        let looked = ScreenFormat.count(self.find.looked)
        let language = self.language
        switch self.find.phase {
        case .running:
            let text = self.total.map { BucketsFindPhrases.runningOf(language, found, looked, $0) }
            return Span(text ?? BucketsFindPhrases.running(language, found, looked), .active)
        case .complete: return Span(BucketsFindPhrases.complete(language, found, looked), .dim)
        case .full: return Span(BucketsFindPhrases.full(language, found, looked), .warning)
        case .stopped: return Span(BucketsFindPhrases.stopped(language, found, looked), .warning)
        case .failed(let error):
            return Span(BucketsFindPhrases.failed(language, found, looked, language.text(error.reason)), .failure)
        }
    }

    /// How many keys there are, as far as it was counted before.
    private var total: String? {
        guard let query = self.find.query, query.prefix.isEmpty, let health = self.world.health[query.binding],
            let items = health.items, items >= self.find.looked
        else { return nil }
        return (health.isComplete ? "~" : ">") + ScreenFormat.count(items)
    }
}
