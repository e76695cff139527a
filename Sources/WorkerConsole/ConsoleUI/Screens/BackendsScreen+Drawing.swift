package import TerminalCanvas
import Widgets
import WorkerDomain

extension BackendsScreen {
    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        self.drawBody(into: &canvas, area: area, world: world)
        return ScreenLayout()
    }

    private func drawBody(into canvas: inout Canvas, area: Rect, world: World) {
        guard !area.isEmpty else { return }
        self.clicks.clear()
        self.drawPanes(into: &canvas, area: area, world: world)
        self.choice?.draw(into: &canvas, in: area, world: world)
    }

    private func drawPanes(into canvas: inout Canvas, area: Rect, world: World) {
        if Pane.isSmall(area) {
            if self.form != nil {
                self.drawForm(&canvas, area, world)
            } else if self.focus == .details {
                self.drawDetails(&canvas, area, world)
            } else {
                self.drawList(&canvas, area, world)
            }
            return
        }
        let language = world.language
        var listRect: Rect
        let detailRect: Rect
        var area = area
        var canaryRect: Rect?
        var hasEventPane = false
        if world.backends.canary != nil, self.form == nil, area.rows >= 18 {
            // Beside the details where there is room, else between list and details.
            if area.columns < 140 {
                let (upper, lower) = area.splitTop(area.rows - Self.canaryRows)
                (area, canaryRect) = (upper, lower)
            }
        }
        if area.columns >= 140 {
            (listRect, detailRect) = area.splitLeft(area.columns - 56)
            if world.backends.canary != nil, self.form == nil {
                let (upper, lower) = listRect.splitTop(listRect.rows - Self.canaryRows)
                (listRect, canaryRect) = (upper, lower)
            }
            let wanted = max(10, self.rows(in: world).count + 5)
            if listRect.rows - wanted >= 6, !world.backends.events.isEmpty {
                let (upper, lower) = listRect.splitTop(wanted)
                listRect = upper
                self.drawEvents(&canvas, lower, world)
                hasEventPane = true
            }
        } else {
            let wanted = self.rows(in: world).count + 4
            let smallest = max(5, area.rows - (self.focus == .details ? 14 : 11))
            // A canary's figures are worth more than a backend's fields.
            let rows =
                canaryRect == nil
                ? min(max(smallest, min(wanted, 6)), max(wanted, smallest)) : min(max(8, wanted), area.rows - 6)
            (listRect, detailRect) = area.splitTop(rows)
        }
        if let canary = world.backends.canary, let canaryRect { self.drawCanary(&canvas, canaryRect, canary, world) }
        let note = self.probePending.isWaiting ? BackendsPhrases.probing(language) : self.checkNote(world, area)
        let inner = Pane.frame(
            &canvas, listRect, title: BackendsPhrases.targets(language), note: Pane.marked(note, canvas.glyphs.glyphs),
            isFocused: self.focus == .list && self.form == nil)
        self.drawList(&canvas, inner, world)
        if self.form != nil {
            let formInner = Pane.frame(
                &canvas, detailRect, title: BackendsPhrases.formTitle(language),
                note: BackendsPhrases.willSave(language), isFocused: true)
            self.drawForm(&canvas, formInner, world)
        } else {
            let title: String
            switch self.selected(in: world) {
            case .backend(let status): title = status.backend.name
            case .suggestion(let name, _): title = name
            case nil: title = BackendsPhrases.details(language)
            }
            let detailInner = Pane.frame(&canvas, detailRect, title: title, isFocused: self.focus == .details)
            self.drawDetails(&canvas, detailInner, world, withEvents: !hasEventPane)
        }
    }

    /// How the backends are probed, where there is room to say it.
    private func checkNote(_ world: World, _ area: Rect) -> String {
        guard let check = world.backends.check, area.columns >= 70 else { return "" }
        let interval = "\(check.interval.components.seconds) s"
        return SteeringPhrases.checkLine(world.language, check.method, interval, "\(check.fall)", "\(check.rise)")
    }
}
