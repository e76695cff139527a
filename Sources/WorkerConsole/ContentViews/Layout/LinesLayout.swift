import Widgets

/// What one line of a text becomes.
protocol LineStyle: Sendable {
    /// - Parameters:
    ///   - bytes: The line without its end, or a part of a long one.
    ///   - place: What is known of the line.
    /// - Returns: The line; it is asked for lines that are only counted too, unless ``needsEveryLine`` is false.
    mutating func line(_ bytes: ArraySlice<UInt8>, _ place: LinePlace) -> ContentLine
    /// The style remembers something from line to line.
    var needsEveryLine: Bool { get }
}

/// Where a line stands.
struct LinePlace {
    /// From 0; the parts of a long line are one.
    let number: Int
    /// Of its first byte in the content.
    let offset: Int
    /// The line goes on from the one before, which was too long.
    let isContinuation: Bool
    /// False when nobody looks at the line.
    let isKept: Bool
}

extension LineStyle {
    var needsEveryLine: Bool { false }
}

/// Text in lines: LF, CR LF and CR end one, and a long one goes on in the next.
struct LinesLayout<Style: LineStyle>: StreamLayout {
    /// Bytes of a line; a longer one goes on, so that no line costs more than this to draw.
    static var longest: Int { 4_000 }

    private var style: Style
    private var number = 0
    private var isContinuation = false
    private(set) var isFinished = false

    init(_ style: Style) { self.style = style }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let span = window.bytes.span
        var place = 0
        while !sink.isFull {
            guard place < span.count else {
                self.isFinished = window.isLast
                return place
            }
            let limit = min(span.count, place + Self.longest)
            var end = place
            while end < limit, span[end] != 0x0A, span[end] != 0x0D { end += 1 }
            if end < limit || (end < span.count && span[end].isLineEnd) {
                let isReturn = span[end] == 0x0D
                // The line feed may be in the next window.
                if isReturn, end + 1 == span.count, !window.isLast { return place }
                // A long line whose end follows its last part does not go on.
                if !self.isContinuation || end > place { self.add(window, place..<end, &sink) }
                place = end + 1
                if isReturn, place < span.count, span[place] == 0x0A { place += 1 }
                self.isContinuation = false
                self.number += 1
            } else if end == span.count, window.isLast {
                self.add(window, place..<end, &sink)
                place = end
            } else if end - place == Self.longest, end < span.count || window.isLast {
                let cut = UTF8Edge.cut(span, before: end, after: place)
                self.add(window, place..<cut, &sink)
                self.isContinuation = true
                place = cut
            } else {
                return place
            }
        }
        if place == span.count, window.isLast { self.isFinished = true }
        return place
    }

    private mutating func add(_ window: ContentWindow, _ range: Range<Int>, _ sink: inout LineSink) {
        let isKept = sink.isKeeping
        guard isKept || self.style.needsEveryLine else { return sink.add(ContentLine([])) }
        let start = window.bytes.startIndex
        let place = LinePlace(
            number: self.number, offset: isKept ? window.place(of: window.offset + range.lowerBound) : 0,
            isContinuation: self.isContinuation, isKept: isKept)
        let line = self.style.line(window.bytes[(start + range.lowerBound)..<(start + range.upperBound)], place)
        sink.add(line)
    }
}

/// Text as it stands.
struct PlainStyle: LineStyle {
    mutating func line(_ bytes: ArraySlice<UInt8>, _ place: LinePlace) -> ContentLine {
        ContentLine([TextRun(bytes.text)], offset: place.offset)
    }
}
