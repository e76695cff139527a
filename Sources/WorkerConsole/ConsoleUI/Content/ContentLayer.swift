import ContentViews
import WorkerDomain

/// A content in a ``ContentPane``: the one that a screen gave it, or one that was opened from a line of another, a part or
/// a file of an archive.
struct ContentLayer: Sendable {
    /// Further lines are read when the cursor comes so near to an end of those that are in memory.
    private static let margin = 110
    /// Columns that can be scrolled off to the left.
    private static let widest = 4_000

    let item: ContentItem
    /// What a line said of it; empty for the content itself.
    let name: String
    let options: ContentOptions
    private(set) var opened: OpenedContent?
    /// The id of the view.
    private(set) var view: String?
    private(set) var document: ContentDocument?
    /// The lines that are in memory, around the cursor.
    private(set) var page: ContentPage?
    /// The cursor, lines before the content counted.
    var line = 0
    /// Columns that are scrolled off to the left.
    private(set) var left = 0
    private(set) var columns: Int
    /// The view has been chosen by a person.
    private(set) var isChosen = false

    /// - Parameters:
    ///   - item: What is opened.
    ///   - name: What a line said of it; empty for the content itself.
    ///   - options: How it is shown.
    ///   - before: What it is more of; its view and cursor stay, and what it shows until the new one is there.
    init(item: ContentItem, name: String, options: ContentOptions, continuing before: ContentLayer? = nil) {
        self.item = item
        self.name = name
        self.options = options
        self.columns = options.columns
        guard let before else { return }
        self.opened = before.opened
        self.view = before.view
        self.document = before.document
        self.page = before.page
        self.line = before.line
        self.left = before.left
        self.isChosen = before.isChosen
    }

    /// The ids of the views that suit, best first.
    var viewIDs: [String] { self.opened?.views.map(\.id) ?? [] }
    var viewIndex: Int { self.viewIDs.firstIndex { $0 == self.view } ?? 0 }
    /// The view arranges its lines in columns: they are not broken.
    var isArranged: Bool { self.opened?.views.first { $0.id == self.view }?.isArranged ?? false }

    /// What its first line says: `JSON · gzip · GB18030`.
    var title: String {
        guard let opened = self.opened, let view = opened.views.first(where: { $0.id == self.view }) else { return "" }
        return opened.title(view)
    }

    /// A line of the content; `nil` where it is not in memory.
    func content(at line: Int) -> ContentLine? {
        guard let page = self.page else { return nil }
        let index = line - page.first
        return page.lines.indices.contains(index) ? page.lines[index] : nil
    }

    /// Of the content, as far as it is known; `nil` before anything is.
    var lineCount: Int? { self.page.map { $0.total ?? $0.first + $0.lines.count } }

    // MARK: Changes

    /// Takes in what was read for it.
    mutating func take(_ reply: ContentReply) {
        switch reply {
        case .opened(let opened, let view, let document, let page):
            (self.opened, self.view, self.document, self.page) = (opened, view, document, page)
        case .folded(let document, let page): (self.document, self.page) = (document, page)
        case .page(let page): self.page = page
        case .end(let page): (self.page, self.line) = (page, .max)
        case .found(let line, let page):
            if let page { self.page = page }
            if let line { self.line = line }
        case .failed: break
        }
    }

    /// What has to be read because the cursor, at a line of the content, comes near to the end of what is in memory.
    func wanted(at line: Int) -> ContentTask? {
        guard let document = self.document, let page = self.page, !page.lines.isEmpty else { return nil }
        let isNearStart = page.first > 0 && line < page.first + Self.margin
        let isNearEnd = !page.isEnd && line > page.first + page.lines.count - Self.margin
        return isNearStart || isNearEnd ? .page(document, around: max(0, line)) : nil
    }

    mutating func scroll(by columns: Int) { self.left = max(0, min(self.left + columns, Self.widest)) }

    /// Turns to another view, from its first line on.
    /// - Returns: `nil` when there is one only.
    mutating func turn(_ step: Int) -> ContentTask? {
        let ids = self.viewIDs
        guard ids.count > 1, let opened = self.opened else { return nil }
        let next = ids[(self.viewIndex + step + ids.count) % ids.count]
        (self.view, self.isChosen, self.left) = (next, true, 0)
        (self.page, self.document) = (nil, nil)
        return .show(opened, view: next, line: 0)
    }

    /// Takes note of the columns that there are.
    /// - Parameters:
    ///   - columns: So many.
    ///   - line: Where the cursor stands in the content.
    /// - Returns: The same view made anew, where its lines are arranged in columns.
    mutating func fit(columns: Int, at line: Int) -> ContentTask? {
        guard self.columns != columns, columns > 0, let fitted = self.opened?.fitted(columns: columns) else {
            return nil
        }
        self.columns = columns
        self.opened = fitted
        return self.isArranged ? .show(fitted, view: self.view, line: max(0, line)) : nil
    }
}
