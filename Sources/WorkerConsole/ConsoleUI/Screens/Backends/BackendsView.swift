import TerminalCanvas
import Widgets
import WorkerDomain

/// The backends screen as it looks at one moment.
struct BackendsView {
    let world: World
    let rows: [BackendsRow]
    let cursor: Int
    let focus: BackendsScreen.Focus
    let details: DetailPane
    let form: BackendsForm?
    let isProbing: Bool
    let isAdding: Bool
    /// Of the selected backend; `nil` when none is selected.
    let traffic: BackendsTraffic?

    private var selected: BackendsRow? {
        self.rows.isEmpty ? nil : self.rows[max(0, min(self.cursor, self.rows.count - 1))]
    }

    func draw(into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout) {
        if Pane.isSmall(area) {
            if let form = self.form {
                form.draw(into: &canvas, in: area, isSaving: self.isAdding, self.world)
            } else if self.focus == .details {
                self.drawDetails(&canvas, area, &layout)
            } else {
                self.drawList(&canvas, area, &layout)
            }
            return
        }
        let places = BackendsPlaces(
            area, self.world, hasForm: self.form != nil, isInDetails: self.focus == .details,
            hasTraffic: self.traffic != nil)
        if let place = places.graphs, let traffic = self.traffic {
            layout.noteShown(BackendsPlaces.trafficPane)
            traffic.drawGraphs(of: self.selected?.name ?? "", into: &canvas, in: place)
        }
        if let place = places.routes { self.traffic?.drawRoutes(into: &canvas, in: place) }
        if let canary = self.world.backends.canary, let place = places.canary {
            BackendsSteering.drawCanary(canary, into: &canvas, in: place, self.world)
        }
        if let place = places.events {
            layout.noteShown(BackendsPlaces.eventPane)
            BackendsSteering.drawEvents(into: &canvas, in: place, self.world)
        }
        let language = self.world.language
        let note = self.isProbing ? BackendsPhrases.probing(language) : self.checkNote(area)
        let inner = Pane.frame(
            &canvas, places.list, title: BackendsPhrases.targets(language),
            note: Pane.marked(note, canvas.glyphs.glyphs), isFocused: self.focus == .list && self.form == nil)
        self.drawList(&canvas, inner, &layout)
        if let form = self.form {
            let inner = Pane.frame(
                &canvas, places.details, title: BackendsPhrases.formTitle(language),
                note: BackendsPhrases.willSave(language), isFocused: true)
            form.draw(into: &canvas, in: inner, isSaving: self.isAdding, self.world)
        } else {
            let title = self.selected?.name ?? BackendsPhrases.details(language)
            let inner = Pane.frame(&canvas, places.details, title: title, isFocused: self.focus == .details)
            self.drawDetails(&canvas, inner, &layout)
        }
    }

    /// How the backends are probed, where there is room to say it.
    private func checkNote(_ area: Rect) -> String {
        guard let check = self.world.backends.check, area.columns >= 70 else { return "" }
        let interval = "\(check.interval.components.seconds) s"
        let phrase = area.columns >= 80 ? SteeringPhrases.checkRule : SteeringPhrases.checkRuleShort
        return phrase(self.world.language, check.method, interval, "\(check.fall)", "\(check.rise)")
    }

    private func drawList(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout) {
        BackendsList(
            rows: self.rows, cursor: self.cursor,
            isFocused: self.focus == .list && self.form == nil,
            why: BackendsScreen.why(of: self.selected, in: self.world, canvas.glyphs.glyphs), world: self.world
        ).draw(into: &canvas, in: rect, &layout, hasKeys: self.focus == .list)
    }

    private func drawDetails(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout) {
        layout.note(BackendsScreen.Focus.details, rect, first: 0, count: 0)
        if self.focus == .details { layout.noteFocus(rect) }
        let lines = self.detailLines(canvas.glyphs.glyphs, columns: rect.columns - 2, layout)
        self.details.draw(lines, into: &canvas, in: rect)
    }

    /// The lines of the details; events and traffic are among them where they have no panes of their own.
    func detailLines(_ glyphs: Glyphs, columns: Int, _ layout: ScreenLayout) -> [[Span]] {
        BackendsDetails(
            world: self.world, glyphs: glyphs, hasEvents: !layout.shows(BackendsPlaces.eventPane), columns: columns,
            traffic: layout.shows(BackendsPlaces.trafficPane) ? nil : self.traffic
        ).lines(of: self.selected)
    }
}
