/// The bytes that a layout may use: from where it stopped on, as far as they have been read.
package struct ContentWindow {
    let bytes: ArraySlice<UInt8>
    /// The place of the first of ``bytes`` in what is shown.
    let offset: Int
    /// Nothing comes behind ``bytes``.
    let isLast: Bool
    /// The content goes on behind its last byte: it was cut, or could not be decoded further.
    let isCut: Bool
    let source: any ByteSource

    /// The place in the content, secrets included.
    func place(of offset: Int) -> Int { self.source.place(of: offset) }

    /// The first bytes only.
    func prefix(_ count: Int, isLast: Bool) -> ContentWindow {
        ContentWindow(
            bytes: self.bytes.prefix(count), offset: self.offset, isLast: isLast, isCut: self.isCut && self.isLast,
            source: self.source)
    }

    /// Without the first bytes.
    func dropping(_ count: Int) -> ContentWindow {
        ContentWindow(
            bytes: self.bytes.dropFirst(count), offset: self.offset + count, isLast: self.isLast, isCut: self.isCut,
            source: self.source)
    }
}

/// Makes lines of bytes in one pass; a copy of it, with its place, goes on from there.
///
/// It is a value without input and clock: what it is given decides what comes out, however the bytes are cut into windows.
package protocol StreamLayout: Sendable {
    /// Everything has been laid out, the last line too.
    var isFinished: Bool { get }

    /// Uses bytes from the start of the window and adds lines, until the sink is full or more bytes are needed.
    ///
    /// With 32 KiB or the last bytes it always uses some, adds a line or finishes.
    /// - Returns: How many bytes were used; more than the window has leaves out what follows.
    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int

    /// Folds away what begins at a place, or shows it again.
    mutating func toggle(fold: Int)

    /// The layout as it stands before a line, and where its bytes begin, where that can be told without the lines
    /// before.
    func standing(beforeLine line: Int) -> (layout: any StreamLayout, offset: Int)?
    /// The number of lines for a size, where that can be told without laying out.
    func lineCount(size: Int) -> Int?
}

extension StreamLayout {
    package mutating func toggle(fold: Int) {}
    package func standing(beforeLine line: Int) -> (layout: any StreamLayout, offset: Int)? { nil }
    package func lineCount(size: Int) -> Int? { nil }
}

/// Takes the lines of a layout: those that are wanted are kept, those before only counted.
package struct LineSink {
    /// The number of the next line.
    private(set) var next: Int
    private let first: Int
    /// Full when this line would be next.
    var end: Int
    private(set) var lines: [ContentLine] = []

    init(next: Int, keeping first: Int, end: Int) {
        self.next = next
        self.first = first
        self.end = end
    }

    var isFull: Bool { self.next >= self.end }
    /// False while lines are only counted, so that their texts need not be made.
    var isKeeping: Bool { self.next >= self.first }

    mutating func add(_ line: @autoclosure () -> ContentLine) {
        if self.isKeeping { self.lines.append(line()) }
        self.next += 1
    }

    /// Changes the lines that were added behind a count of them.
    mutating func change(from index: Int, _ change: (inout ContentLine) -> Void) {
        guard index < self.lines.count else { return }
        for place in index..<self.lines.count { change(&self.lines[place]) }
    }
}
