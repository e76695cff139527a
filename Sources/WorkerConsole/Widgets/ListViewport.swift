/// Selection and scrolling of a list: which row is selected, and which rows are seen.
///
/// How many rows a window has is known to who draws it: whoever moves says so.
package struct ListViewport: Sendable, Equatable {
    /// How many rows there are.
    package private(set) var count: Int
    /// The selected row; 0 in an empty list.
    package private(set) var selection: Int
    /// The first row that is seen, as of the last movement.
    package private(set) var offset: Int

    package init(count: Int = 0, selection: Int = 0) {
        self.count = max(0, count)
        self.selection = max(0, min(selection, max(0, count) - 1))
        self.offset = 0
    }

    package var isEmpty: Bool { self.count == 0 }
    /// The selected row; `nil` in an empty list.
    package var selected: Int? { self.isEmpty ? nil : self.selection }
    package var isAtStart: Bool { self.selection == 0 }

    /// Tells the number of rows; the selection stays in it.
    package mutating func update(count: Int) {
        self.count = max(0, count)
        self.selection = max(0, min(self.selection, self.count - 1))
    }

    /// Selects a row, and moves a window of `page` rows as little as shows it.
    package mutating func select(_ row: Int, page: Int) {
        self.selection = max(0, min(row, self.count - 1))
        self.offset = self.window(height: max(1, page)).lowerBound
    }

    package mutating func move(by rows: Int, page: Int) {
        let (sum, overflow) = self.selection.addingReportingOverflow(rows)
        self.select(overflow ? (rows > 0 ? .max : 0) : sum, page: page)
    }

    package mutating func home() {
        self.selection = 0
        self.offset = 0
    }

    package mutating func end(page: Int) { self.select(self.count - 1, page: page) }

    /// Follows rows that were taken off the front: selection and window stay on the same rows.
    package mutating func dropFirst(_ rows: Int) {
        self.offset = max(0, self.offset - rows)
        self.count = max(0, self.count - rows)
        self.selection = max(0, min(self.selection - rows, self.count - 1))
    }

    /// The rows that a window of `height` rows shows; the selection is always among them.
    package func window(height: Int) -> Range<Int> {
        guard height > 0, self.count > 0 else { return 0..<0 }
        var first = min(self.offset, max(0, self.count - height))
        if self.selection < first { first = self.selection }
        if self.selection >= first + height { first = self.selection - height + 1 }
        return first..<min(self.count, first + height)
    }
}
