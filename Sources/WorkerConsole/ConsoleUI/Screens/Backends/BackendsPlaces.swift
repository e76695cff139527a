import TerminalCanvas
import WorkerDomain

/// Where the panes of the backends screen stand in a window that has room for several.
struct BackendsPlaces: Equatable {
    /// What ``ScreenLayout`` calls the pane of events.
    static let eventPane = "events"
    /// Rows of the pane that compares both sides of a canary.
    private static let canaryRows = 6

    private(set) var list: Rect
    private(set) var details: Rect
    private(set) var canary: Rect?
    private(set) var events: Rect?

    init(_ area: Rect, _ world: World, hasForm: Bool, isInDetails: Bool) {
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
        (self.list, self.details) = area.splitLeft(area.columns - 56)
        if hasCanary {
            let (upper, lower) = self.list.splitTop(self.list.rows - Self.canaryRows)
            (self.list, self.canary) = (upper, lower)
        }
        let wanted = max(10, rows + 5)
        guard self.list.rows - wanted >= 6, !world.backends.events.isEmpty else { return }
        let (upper, lower) = self.list.splitTop(wanted)
        (self.list, self.events) = (upper, lower)
    }
}
