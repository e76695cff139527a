import Synchronization
import TerminalCanvas

/// Where the rows of lists stood when they were drawn last: what a click selects.
///
/// `Pane` tells the lists of a screen apart.
final class ClickMap<Pane: Sendable & Equatable>: Sendable {
    /// Rows of a list in a window of it.
    struct Zone: Sendable {
        let pane: Pane
        let area: Rect
        /// The row of the list in the area's first line.
        let first: Int
        let count: Int
    }

    private let zones = Mutex<[Zone]>([])

    /// Forgets everything: to be called when a screen begins to draw itself.
    func clear() { self.zones.withLock { $0 = [] } }

    /// Notes that rows from `first` on, of `count` in all, stand in `area`, one a line.
    func note(_ pane: Pane, _ area: Rect, first: Int, count: Int) {
        self.zones.withLock { $0.append(Zone(pane: pane, area: area, first: first, count: count)) }
    }

    /// The list at a place, and the row there; the row is `nil` below the last one.
    func hit(row: Int, column: Int) -> (pane: Pane, index: Int?)? {
        let zone = self.zones.withLock { zones in
            zones.last { zone in
                row >= zone.area.row && row < zone.area.endRow && column >= zone.area.column
                    && column < zone.area.endColumn
            }
        }
        guard let zone else { return nil }
        let index = zone.first + row - zone.area.row
        return (zone.pane, index < zone.count ? index : nil)
    }
}
