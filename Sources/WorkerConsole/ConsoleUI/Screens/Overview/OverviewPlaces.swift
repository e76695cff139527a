import TerminalCanvas

/// Where the panes of the overview stand in a window of 120 columns and more: three at the top, two columns below them.
///
/// Lists are as high as what they hold. Graphs take what is left up to a height beyond which they tell nothing more;
/// then lists that were cut get the room, and what nobody needs stays empty.
struct OverviewPlaces: Equatable {
    /// How many rows there are to show.
    struct Wanted: Equatable {
        var bindings = 0
        var backends = 0
        var attention = 0
        var routes = 0
        var clients = 0
        var changes = 0
    }

    /// Rows of a graph that has all the room it can use.
    static let graphRows = 8
    /// Three graphs, the mix in three rows, and the frame.
    static let trafficRows = 3 * Self.graphRows + 5

    let worker: Rect
    let bindings: Rect
    let backends: Rect
    let traffic: Rect
    let attention: Rect
    let routes: Rect
    let clients: Rect
    let changes: Rect
    /// A graph for each backend; `nil` where there is no room for them.
    let loads: Rect?

    init(_ area: Rect, _ wanted: Wanted) {
        let highest = max(10, 2 * wanted.bindings + 3, wanted.backends + 4)
        let (top, rest) = area.splitTop(max(7, min(highest, max(13, area.rows / 3), area.rows - 14)))
        let (worker, others) = top.splitLeft(area.columns / 3)
        self.worker = worker
        (self.bindings, self.backends) = others.splitLeft(area.columns / 3)
        // The right third is too narrow for paths in a window that is just wide enough.
        let (left, right) = rest.splitLeft(area.columns >= 140 ? area.columns * 3 / 5 : area.columns * 11 / 20)

        let kept = max(5, min(wanted.attention + 2, rest.rows / 2))
        let (traffic, below) = left.splitTop(min(Self.trafficRows, rest.rows - kept))
        let (attention, free) = below.splitTop(min(max(kept, wanted.attention + 2), below.rows))
        (self.traffic, self.attention) = (traffic, attention)

        // In a high window the changes stand at the left, so that the lists at the right have all of that side.
        let changes = max(4, wanted.changes + 2)
        let areLeft = free.rows >= min(changes, 12)
        let events = areLeft ? 0 : min(changes, max(5, right.rows / 4))
        let clients = max(4, min(wanted.clients + 3, max(4, right.rows / 5)))
        let routes = max(5, min(wanted.routes + 3, right.rows - events - clients))
        var spare = right.rows - routes - clients - events
        let hasLoads = wanted.backends > 0 && spare >= wanted.backends + 2
        // A blank line is between two graphs.
        let loads = hasLoads ? min(spare, wanted.backends * (Self.graphRows + 1) + 1) : 0
        spare -= loads
        let moreClients = max(0, min(spare, wanted.clients + 3 - clients))
        spare -= moreClients
        var remaining: Rect
        (self.routes, remaining) = right.splitTop(routes)
        (self.clients, remaining) = remaining.splitTop(clients + moreClients)
        if areLeft {
            self.changes = free.splitTop(min(changes, free.rows)).top
        } else {
            let moreEvents = hasLoads ? min(spare, changes - events) : spare
            (self.changes, remaining) = remaining.splitTop(events + moreEvents)
        }
        self.loads = hasLoads ? remaining.splitTop(loads).top : nil
    }
}
