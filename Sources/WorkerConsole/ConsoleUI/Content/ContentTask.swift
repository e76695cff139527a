import ContentViews
import Widgets
import WorkerDomain

/// Something that a ``ContentPane`` wants read or laid out: it waits, so that it is done as a screen's work.
package struct ContentTask: Sendable {
    let run: @Sendable () async -> ContentReply

    private init(_ body: @escaping @Sendable () async throws(ContentError) -> ContentReply) {
        self.run = {
            do throws(ContentError) {
                return try await body()
            } catch {
                return .failed(error)
            }
        }
    }

    /// Lines that are read when a content opens: a terminal's height.
    static let firstLines = 128
    /// Lines that are read around the cursor later on.
    static let lines = 400

    /// Opens a content in the best view, or in one by its id, at a line.
    static func open(_ item: ContentItem, _ options: ContentOptions, view: String?, line: Int) -> ContentTask {
        ContentTask { () async throws(ContentError) in
            let opened = try await ContentViews.open(item, options)
            return try await Self.show(opened, view: view, line: line)
        }
    }

    /// Shows an opened content in a view.
    static func show(_ opened: OpenedContent, view: String?, line: Int) -> ContentTask {
        ContentTask { () async throws(ContentError) in try await Self.show(opened, view: view, line: line) }
    }

    private static func show(
        _ opened: OpenedContent, view: String?, line: Int
    ) async throws(ContentError) -> ContentReply {
        let chosen = opened.views.first { $0.id == view } ?? opened.views.first
        let document = try await opened.document(chosen)
        let page = try await document.lines(from: max(0, line - Self.firstLines / 2), count: Self.firstLines)
        return .opened(opened, view: document.view, document, page)
    }

    /// Shows the same document with something folded away, or shown again.
    static func fold(_ document: ContentDocument, around line: Int) -> ContentTask {
        ContentTask { () async throws(ContentError) in
            .folded(document, try await document.lines(from: max(0, line - Self.lines / 2), count: Self.lines))
        }
    }

    static func page(_ document: ContentDocument, around line: Int) -> ContentTask {
        ContentTask { () async throws(ContentError) in
            .page(try await document.lines(from: max(0, line - Self.lines / 2), count: Self.lines))
        }
    }

    /// The last lines, wherever they are.
    static func end(_ document: ContentDocument) -> ContentTask {
        ContentTask { () async throws(ContentError) in .end(try await document.lastLines(Self.lines)) }
    }

    /// Goes to the next line that holds what is looked for.
    static func find(_ search: ContentSearch) -> ContentTask {
        ContentTask { () async throws(ContentError) in
            guard let line = try await search.line() else { return .found(nil, nil) }
            guard let document = search.document, line >= search.lead.count else { return .found(line, nil) }
            let inside = line - search.lead.count
            let page = try await document.lines(from: max(0, inside - Self.lines / 2), count: Self.lines)
            return .found(line, page)
        }
    }
}

/// What became of a ``ContentTask``.
enum ContentReply: Sendable {
    case opened(OpenedContent, view: String, ContentDocument, ContentPage)
    case folded(ContentDocument, ContentPage)
    case page(ContentPage)
    case end(ContentPage)
    /// The line, and what stands around it; `nil` when there is none.
    case found(Int?, ContentPage?)
    case failed(ContentError)
}

/// Looks for a text in lines that stand before a content, and in the content.
struct ContentSearch: Sendable {
    /// Lines that are made at once.
    private static let step = 512

    let finder: TextFinder
    let lead: [[TextRun]]
    let document: ContentDocument?
    /// The line to begin with, of all; the search goes round.
    let start: Int
    let isForward: Bool
    /// Lines are rows of bytes: what is looked for may go on in the next row.
    let isRows: Bool

    /// - Returns: Its number, those that stand before the content counted.
    func line() async throws(ContentError) -> Int? {
        if self.isRows, let document = self.document {
            let inside = max(0, self.start - self.lead.count)
            let row = try await document.row(
                holding: Array(self.finder.query.utf8), from: self.isForward ? inside - 1 : inside + 1,
                isForward: self.isForward)
            return row.map { $0 + self.lead.count }
        }
        return self.isForward ? try await self.forward() : try await self.backward()
    }

    private func forward() async throws(ContentError) -> Int? {
        if let line = try await self.first(in: self.start..<Int.max) { return line }
        return try await self.first(in: 0..<self.start)
    }

    /// The first line of a range that holds it; the range may end behind the last line.
    private func first(in range: Range<Int>) async throws(ContentError) -> Int? {
        for line in self.lead.indices where range.contains(line) && self.finder.isIn(self.lead[line]) { return line }
        guard let document = self.document else { return nil }
        var place = max(0, range.lowerBound - self.lead.count)
        let end = range.upperBound == Int.max ? Int.max : range.upperBound - self.lead.count
        while place < end {
            let page = try await document.lines(from: place, count: min(Self.step, end - place))
            for (index, line) in page.lines.enumerated() where self.finder.isIn(line.runs) {
                return self.lead.count + place + index
            }
            if page.lines.isEmpty || page.isEnd { break }
            place += page.lines.count
        }
        return nil
    }

    private func backward() async throws(ContentError) -> Int? {
        if let line = try await self.last(in: 0..<(self.start + 1)) { return line }
        guard let document = self.document else {
            return try await self.last(in: (self.start + 1)..<max(self.start + 1, self.lead.count))
        }
        let page = try await document.lastLines(1)
        let total = self.lead.count + (page.total ?? page.first + page.lines.count)
        return try await self.last(in: min(self.start + 1, total)..<total)
    }

    /// The last line of a range that holds it.
    private func last(in range: Range<Int>) async throws(ContentError) -> Int? {
        if let document = self.document {
            let first = max(0, range.lowerBound - self.lead.count)
            var end = range.upperBound - self.lead.count
            while end > first {
                let start = max(first, end - Self.step)
                let page = try await document.lines(from: start, count: end - start)
                for (index, line) in page.lines.enumerated().reversed() where self.finder.isIn(line.runs) {
                    return self.lead.count + start + index
                }
                end = start
            }
        }
        return self.lead.indices.last { range.contains($0) && self.finder.isIn(self.lead[$0]) }
    }
}
