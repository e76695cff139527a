package import TerminalCanvas

/// Where things stood when a screen was drawn: what a click means, and how far a page goes.
///
/// Drawing returns it and keeps nothing; the runtime puts it into the ``World`` of the next message.
package struct ScreenLayout: Sendable, Equatable {
    /// Rows of a list in a window of it.
    package struct Zone: Sendable, Equatable {
        package let pane: String
        package let area: Rect
        /// The row of the list in the area's first line.
        package let first: Int
        package let count: Int
    }

    private var zones: [Zone] = []
    /// Rows that the pane with the focus shows; 20 before anything was drawn.
    package private(set) var page = 20
    /// Columns that it shows.
    package private(set) var columns = 78
    private var shown: Set<String> = []

    package init() {}

    /// Notes that rows from `first` on, of `count` in all, stand in `area`, one a line.
    package mutating func note<Pane: RawRepresentable<String>>(
        _ pane: Pane, _ area: Rect, first: Int, count: Int
    ) {
        self.zones.append(Zone(pane: pane.rawValue, area: area, first: first, count: count))
        self.shown.insert(pane.rawValue)
    }

    /// Notes the size of the pane with the focus.
    package mutating func noteFocus(_ area: Rect) {
        self.page = max(1, area.rows)
        self.columns = max(1, area.columns)
    }

    /// Notes that a pane has room.
    package mutating func noteShown(_ pane: String) { self.shown.insert(pane) }

    /// Whether a pane had room; false before anything was drawn.
    package func shows(_ pane: String) -> Bool { self.shown.contains(pane) }

    /// The pane at a place, and the row of its list there; the row is `nil` below the last one.
    package func hit<Pane: RawRepresentable<String>>(
        row: Int, column: Int, as _: Pane.Type
    ) -> (pane: Pane, index: Int?)? {
        let zone = self.zones.last { zone in
            row >= zone.area.row && row < zone.area.endRow && column >= zone.area.column
                && column < zone.area.endColumn
        }
        guard let zone, let pane = Pane(rawValue: zone.pane) else { return nil }
        let index = zone.first + row - zone.area.row
        return (pane, index < zone.count ? index : nil)
    }
}
