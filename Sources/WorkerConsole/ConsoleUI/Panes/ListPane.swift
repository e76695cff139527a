import TerminalCanvas

/// The selection in a list whose rows come and go: it stays with its row, which is told by what identifies it.
struct ListPane<ID: Hashable & Sendable>: Sendable, Equatable {
    /// The selected row; 0 in an empty list.
    private(set) var cursor = 0
    /// What the selection stays with; `nil` before somebody has seen the list.
    private var selectedID: ID?

    /// Brings it up to date with the rows that there are now.
    /// - Parameters:
    ///   - ids: What identifies each row.
    ///   - start: The row to begin with while nobody has moved.
    ///   - isSeen: Somebody looks at it: from now on the selection stays with its row.
    /// - Returns: False when the selected row has gone, and another one is selected now.
    @discardableResult
    mutating func update(_ ids: [ID], start: Int = 0, isSeen: Bool = true) -> Bool {
        guard !ids.isEmpty else { return true }
        var stays = true
        if let selected = self.selectedID {
            if let place = ids.firstIndex(of: selected) {
                self.cursor = place
            } else {
                self.cursor = max(0, min(self.cursor, ids.count - 1))
                stays = false
            }
        } else {
            self.cursor = max(0, min(start, ids.count - 1))
            // The next rows may have another first one that matters.
            guard isSeen else { return true }
        }
        self.selectedID = ids[self.cursor]
        return stays
    }

    mutating func select(_ row: Int, in ids: [ID]) {
        self.cursor = max(0, min(row, ids.count - 1))
        self.selectedID = ids.indices.contains(self.cursor) ? ids[self.cursor] : nil
    }

    /// The rows that a window shows; the selection is in its middle where it can be.
    func window(rows: Int, count: Int) -> Range<Int> {
        let top = Pane.top(cursor: max(0, min(self.cursor, count - 1)), count: count, height: rows)
        return top..<max(top, min(count, top + rows))
    }
}
