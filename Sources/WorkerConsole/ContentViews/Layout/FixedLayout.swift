/// Lines that were made before, and then what another layout makes of the bytes.
struct FixedLayout: StreamLayout {
    private let lines: [ContentLine]
    private var shown = 0
    private var rest: (any StreamLayout)?

    init(_ lines: [ContentLine], then rest: (any StreamLayout)? = nil) {
        self.lines = lines
        self.rest = rest
    }

    var isFinished: Bool { self.shown == self.lines.count && self.rest?.isFinished ?? true }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        while self.shown < self.lines.count {
            if sink.isFull { return 0 }
            sink.add(self.lines[self.shown])
            self.shown += 1
        }
        return self.rest?.layOut(window, into: &sink) ?? 0
    }

    mutating func toggle(fold: Int) { self.rest?.toggle(fold: fold) }
}
