import Widgets
import WorkerDomain

/// One content in one view: lines are made when somebody asks for them.
///
/// A value that can be copied and asked from anywhere; copies share what is known of where lines begin.
package struct ContentDocument: Sendable {
    /// Bytes that are read at once.
    private static let step = 65_536
    /// A layout that does not get on with so many has failed.
    private static let largestWindow = 1_048_576

    /// The id of the view.
    package let view: String
    private let source: any ByteSource
    private let index: LineIndex
    private let language: Language

    init(view: String, source: any ByteSource, layout: any StreamLayout, language: Language) {
        self.init(
            view: view, source: source, index: LineIndex([LineIndex.Place(layout: layout, line: 0, offset: 0)]),
            language: language)
    }

    private init(view: String, source: any ByteSource, index: LineIndex, language: Language) {
        self.view = view
        self.source = source
        self.index = index
        self.language = language
    }

    /// How many values were hidden so far; `nil` where nothing is hidden byte by byte.
    package var hidden: Int? { (self.source as? RedactedSource)?.hiddenCount }

    /// The same with something folded away, or shown again.
    ///
    /// It is named by ``ContentLine/Fold/id`` of a line.
    package func toggling(fold: Int) -> ContentDocument {
        ContentDocument(
            view: self.view, source: self.source, index: self.index.toggling(fold: fold), language: self.language)
    }

    /// The lines from `first` on, at most `count`.
    ///
    /// Lines far behind what was seen take the time that going through the bytes up to there takes; cancelling the task ends
    /// it.
    /// - Throws: ``ContentError``; `.cancelled` when the task is cancelled.
    package func lines(from first: Int, count: Int) async throws(ContentError) -> ContentPage {
        let first = max(0, first)
        let end = first + max(0, min(count, 100_000))
        var run = Run(self.start(before: first), source: self.source)
        var sink = LineSink(next: run.line, keeping: first, end: end)
        while !run.isFinished, sink.next < end {
            sink.end = min(end, self.index.nextStop(after: sink.next))
            try await run.step(into: &sink)
            if sink.isFull, !run.isFinished {
                self.index.add(LineIndex.Place(layout: run.layout, line: sink.next, offset: run.offset))
            }
        }
        var lines = sink.lines
        var total: Int?
        if run.isFinished {
            // Why there is no more belongs behind the last line.
            let notes = ContentNotes.ending(self.source.ending, self.language)
            total = sink.next + notes.count
            self.index.end(at: sink.next + notes.count)
            for (number, note) in notes.enumerated() {
                let line = sink.next + number
                if line >= first, line < end { lines.append(ContentLine([note], offset: self.source.size ?? 0)) }
            }
        }
        return ContentPage(first: first, lines: lines, total: total ?? self.index.total ?? self.countable)
    }

    /// The number of lines where that follows from the size.
    private var countable: Int? {
        guard self.source.ending == nil, let size = self.source.size else { return nil }
        return self.index.place(before: 0).layout.lineCount(size: size)
    }

    /// The last lines, at most `count`; as ``lines(from:count:)`` it goes through everything before.
    package func lastLines(_ count: Int) async throws(ContentError) -> ContentPage {
        var total = self.index.total
        if total == nil, let size = self.source.size {
            total = self.index.place(before: 0).layout.lineCount(size: size)
        }
        var from = 0
        while total == nil {
            let page = try await self.lines(from: from + 1_048_576, count: 1)
            total = page.total
            from += 1_048_576
        }
        let wanted = max(0, min(count, 100_000))
        return try await self.lines(from: max(0, (total ?? 0) - wanted), count: wanted)
    }

    /// The next line that holds these bytes, where lines are bytes in rows; behind the last comes the first.
    /// - Parameters:
    ///   - needle: Compared byte by byte.
    ///   - line: The search begins behind it, or before it.
    ///   - isForward: Where it goes.
    /// - Returns: `nil` where no line holds them, or lines are no rows of bytes.
    /// - Throws: ``ContentError``; `.cancelled` when the task is cancelled.
    package func row(
        holding needle: [UInt8], from line: Int, isForward: Bool
    ) async throws(ContentError) -> Int? {
        guard let each = self.index.place(before: 0).layout.standing(beforeLine: 1)?.offset, each > 0, !needle.isEmpty
        else { return nil }
        if isForward {
            let start = (line + 1) * each
            if let place = try await self.place(of: needle, in: start..<Int.max, isForward: true) {
                return place / each
            }
            return try await self.place(of: needle, in: 0..<(start + needle.count), isForward: true).map { $0 / each }
        }
        let end = line * each
        let before = try await self.place(of: needle, in: 0..<end, isForward: false)
        if let before { return before / each }
        return try await self.place(of: needle, in: end..<Int.max, isForward: false).map { $0 / each }
    }

    /// The first place of bytes in a range, or the last one.
    private func place(
        of needle: [UInt8], in range: Range<Int>, isForward: Bool
    ) async throws(ContentError) -> Int? {
        var found: Int?
        var start = range.lowerBound
        while start < range.upperBound {
            let count = min(Self.step + needle.count - 1, range.upperBound - start)
            let bytes = try await self.source.all(at: start, count: count)
            if isForward, let hit = bytes.firstRange(of: needle) { return start + hit.lowerBound }
            if !isForward, let hit = bytes.ranges(of: needle).last { found = start + hit.lowerBound }
            if bytes.count < count || count < Self.step { break }
            start += Self.step
        }
        return found
    }

    private func start(before line: Int) -> LineIndex.Place {
        let known = self.index.place(before: line)
        if line - known.line > 1_024, let (layout, offset) = known.layout.standing(beforeLine: line) {
            return LineIndex.Place(layout: layout, line: line, offset: offset)
        }
        return known
    }

    /// A layout on its way through the bytes.
    private struct Run {
        var layout: any StreamLayout
        let line: Int
        /// The place of the first byte that has not been used.
        private(set) var offset: Int
        private let source: any ByteSource
        private var buffer: [UInt8] = []
        /// Where unused bytes begin in ``buffer``.
        private var used = 0
        private var isAtEnd = false
        private var wanted = 1

        init(_ place: LineIndex.Place, source: any ByteSource) {
            self.layout = place.layout
            self.line = place.line
            self.offset = place.offset
            self.source = source
        }

        private(set) var isStuck = false
        var isFinished: Bool { self.layout.isFinished || self.isStuck }

        mutating func step(into sink: inout LineSink) async throws(ContentError) {
            if Task.isCancelled { throw ContentError(.cancelled) }
            while self.buffer.count - self.used < self.wanted, !self.isAtEnd {
                let more = try await self.source.read(
                    at: self.offset + self.buffer.count - self.used, count: ContentDocument.step)
                if more.isEmpty { self.isAtEnd = true }
                if self.used > 0 {
                    self.buffer.removeFirst(self.used)
                    self.used = 0
                }
                if self.buffer.isEmpty { self.buffer = more } else { self.buffer += more }
                if let size = self.source.size, self.offset + self.buffer.count >= size { self.isAtEnd = true }
            }
            let before = sink.next
            let window = ContentWindow(
                bytes: self.buffer[self.used...], offset: self.offset, isLast: self.isAtEnd,
                isCut: self.isAtEnd && self.source.ending != nil, source: self.source)
            let count = max(0, self.layout.layOut(window, into: &sink))
            self.advance(by: count)
            if count > 0 || sink.next != before || self.layout.isFinished || sink.isFull {
                self.wanted = 1
            } else if self.isAtEnd || self.wanted > ContentDocument.largestWindow {
                self.isStuck = true
            } else {
                self.wanted = max(self.buffer.count - self.used + 1, 2 * self.wanted)
            }
        }

        private mutating func advance(by count: Int) {
            self.offset += count
            if count <= self.buffer.count - self.used {
                self.used += count
            } else {
                self.buffer = []
                self.used = 0
                // What follows was left out, and the end with it.
                self.isAtEnd = self.isAtEnd && self.offset >= self.source.size ?? .max
            }
        }
    }
}

/// Some lines of a document.
package struct ContentPage: Sendable, Equatable {
    /// The number of the first one.
    package let first: Int
    package let lines: [ContentLine]
    /// How many lines there are, once the end has been met.
    package let total: Int?

    /// Nothing comes behind these lines.
    package var isEnd: Bool { self.total.map { self.first + self.lines.count >= $0 } ?? false }
}
