import Synchronization
package import TerminalCanvas

/// Selection and scrolling of a list: which row is selected, and which rows are seen.
///
/// The height of the window is known when it is drawn; it is remembered for the next page up or down.
package struct ListViewport: Sendable, Equatable {
    /// How many rows there are.
    package private(set) var count: Int
    /// The selected row; 0 in an empty list.
    package private(set) var selection: Int
    /// The first row that is seen, as of the last movement.
    package private(set) var offset: Int
    private let seen = SeenHeight()

    package init(count: Int = 0, selection: Int = 0) {
        self.count = max(0, count)
        self.selection = max(0, min(selection, max(0, count) - 1))
        self.offset = 0
    }

    package static func == (left: ListViewport, right: ListViewport) -> Bool {
        left.count == right.count && left.selection == right.selection && left.offset == right.offset
    }

    package var isEmpty: Bool { self.count == 0 }
    /// The selected row; `nil` in an empty list.
    package var selected: Int? { self.isEmpty ? nil : self.selection }
    package var isAtStart: Bool { self.selection == 0 }
    /// The rows of a page: what was drawn last, 10 before.
    package var pageHeight: Int { max(1, self.seen.height.load(ordering: .relaxed)) }

    /// Tells the number of rows; the selection stays in it.
    package mutating func update(count: Int) {
        self.count = max(0, count)
        self.select(self.selection)
    }

    package mutating func select(_ row: Int) {
        self.selection = max(0, min(row, self.count - 1))
        self.offset = self.window(height: self.pageHeight).lowerBound
    }

    package mutating func move(by rows: Int) {
        let (sum, overflow) = self.selection.addingReportingOverflow(rows)
        self.select(overflow ? (rows > 0 ? .max : 0) : sum)
    }

    package mutating func page(by pages: Int) { self.move(by: pages * self.pageHeight) }
    package mutating func home() { self.select(0) }
    package mutating func end() { self.select(self.count - 1) }

    /// Follows rows that were taken off the front: selection and window stay on the same rows.
    package mutating func dropFirst(_ rows: Int) {
        self.offset = max(0, self.offset - rows)
        self.count = max(0, self.count - rows)
        self.select(self.selection - rows)
    }

    /// Moves by the keys that move in every list: arrows, j k g G, pages, ^f ^b ^d ^u.
    /// - Returns: False when the key is none of them.
    package mutating func handle(_ key: KeyEvent) -> Bool {
        switch key {
        case .up, .character("k"): self.move(by: -1)
        case .down, .character("j"): self.move(by: 1)
        case .home, .character("g"): self.home()
        case .end, .character("G"): self.end()
        case .pageUp, .control("b"): self.page(by: -1)
        case .pageDown, .control("f"): self.page(by: 1)
        case .control("u"): self.move(by: -max(1, self.pageHeight / 2))
        case .control("d"): self.move(by: max(1, self.pageHeight / 2))
        default: return false
        }
        return true
    }

    /// The rows that a window of `height` rows shows; the selection is always among them.
    package func window(height: Int) -> Range<Int> {
        guard height > 0, self.count > 0 else { return 0..<0 }
        var first = min(self.offset, max(0, self.count - height))
        if self.selection < first { first = self.selection }
        if self.selection >= first + height { first = self.selection - height + 1 }
        return first..<min(self.count, first + height)
    }

    /// The rows to draw now; remembers the height for the next movement.
    package func drawnWindow(height: Int) -> Range<Int> {
        self.seen.height.store(max(1, height), ordering: .relaxed)
        return self.window(height: height)
    }
}

/// The height of the window as it was drawn last: the one thing that flows from drawing to moving.
private final class SeenHeight: Sendable {
    let height = Atomic(10)
}
