import TerminalCanvas
import WorkerDomain

/// Where the panes of the backends screen stand in a window that has room for several.
struct BackendsPlaces: Equatable {
    /// What ``ScreenLayout`` calls the pane of events.
    static let eventPane = "events"
    /// … and those of graphs and routes.
    static let trafficPane = "traffic"
    /// Rows of the pane that compares both sides of a canary.
    private static let canaryRows = 6

    private(set) var list: Rect
    private(set) var details: Rect
    private(set) var canary: Rect?
    private(set) var events: Rect?
    /// Of the selected backend.
    private(set) var graphs: Rect?
    private(set) var routes: Rect?

    init(_ area: Rect, _ world: World, hasForm: Bool, isInDetails: Bool, hasTraffic: Bool) {
        let rows = BackendsRow.all(in: world).count
        let hasCanary = world.backends.canary != nil && !hasForm
        guard area.columns >= 140 else {
            var area = area
            if hasCanary, area.rows >= 18 {
                let (upper, lower) = area.splitTop(area.rows - Self.canaryRows)
                (area, self.canary) = (upper, lower)
            }
            let wanted = rows + 4
            let smallest = max(5, area.rows - (isInDetails ? 14 : 11))
            // A canary's figures are worth more than a backend's fields.
            let height =
                self.canary == nil
                ? min(max(smallest, min(wanted, 6)), max(wanted, smallest)) : min(max(8, wanted), area.rows - 6)
            (self.list, self.details) = area.splitTop(height)
            return
        }
        let (left, details) = area.splitLeft(area.columns - 56)
        self.details = details
        var (list, rest) = left.splitTop(min(max(7, rows + 4), max(7, left.rows / 2)))
        if hasCanary, rest.rows >= Self.canaryRows {
            let (upper, lower) = rest.splitTop(Self.canaryRows)
            (self.canary, rest) = (upper, lower)
        }
        guard rest.rows >= 5, hasTraffic else {
            // What is no pane's belongs to the list.
            if self.canary == nil { list = left }
            self.list = list
            return
        }
        self.list = list
        let (graphs, below) = rest.splitTop(rest.rows >= 13 ? min(14, rest.rows * 2 / 5 + 2) : rest.rows)
        self.graphs = graphs
        guard below.rows >= 4 else { return }
        if world.backends.events.isEmpty {
            self.routes = below
        } else {
            let (routes, events) = below.splitLeft(below.columns * 3 / 5)
            (self.routes, self.events) = (routes, events)
        }
    }
}
