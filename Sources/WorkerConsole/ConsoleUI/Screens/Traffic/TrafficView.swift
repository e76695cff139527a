import TerminalCanvas
import TextSafety
import Widgets
import WorkerDomain

/// The traffic screen as it looks at one moment: an exchange in detail, or the list with the selected one beside or below.
struct TrafficView {
    let list: TrafficListPane
    let filter: TrafficFilterPane
    let detail: TrafficDetail?
    let facts: ExchangeFactsCache
    /// What is hidden now.
    let redaction: Redaction
    let world: World

    func draw(into canvas: inout Canvas, in area: Rect) -> ScreenLayout {
        var layout = ScreenLayout()
        if let detail = self.detail {
            let facts = self.facts.facts(of: detail.exchange, redaction: self.redaction)
            detail.draw(into: &canvas, in: area, facts, redaction: self.redaction, &layout, world: self.world)
            return layout
        }
        // In a small window an empty filter takes no row from the list.
        let hasFilter = area.rows >= 8 || self.filter.isTyping || !self.filter.isEmpty
        let (line, rest) = area.splitTop(hasFilter ? 1 : 0)
        if hasFilter {
            let found = TrafficText.found(self.list.rows, in: self.world)
            self.filter.draw(into: &canvas, in: line, found: found, self.world.language)
        }
        if area.columns >= 120 {
            let (list, side) = rest.splitLeft(area.columns * 6 / 10)
            let count = Format.count(self.list.rows.count(in: self.world))
            let inner = Box(title: TrafficPhrases.requests(self.world.language), note: count, isFocused: true).draw(
                into: &canvas, in: list)
            self.drawList(into: &canvas, in: inner, &layout)
            self.drawSide(into: &canvas, in: side)
        } else if rest.rows >= 14, area.columns >= 60, let exchange = self.list.selected(in: self.world) {
            let (list, foot) = rest.splitTop(rest.rows - 4)
            self.drawList(into: &canvas, in: list, &layout)
            let facts = self.facts.facts(of: exchange, redaction: self.redaction)
            TrafficText.drawPreview(of: exchange, facts, self.redaction, into: &canvas, in: foot, world: self.world)
        } else {
            self.drawList(into: &canvas, in: rest, &layout)
        }
        return layout
    }

    private func drawList(into canvas: inout Canvas, in area: Rect, _ layout: inout ScreenLayout) {
        self.list.draw(self.facts, self.redaction, into: &canvas, in: area, &layout, world: self.world)
    }

    private func drawSide(into canvas: inout Canvas, in area: Rect) {
        guard let exchange = self.list.selected(in: self.world) else {
            Box().draw(into: &canvas, in: area)
            return
        }
        let language = self.world.language
        let facts = self.facts.facts(of: exchange, redaction: self.redaction)
        let glance = self.facts.glance(of: exchange, redaction: self.redaction, language) {
            TrafficContent.glance(exchange, redaction: self.redaction, language)
        }
        TrafficText.drawSide(
            of: exchange, facts, glance, self.redaction, into: &canvas, in: area, world: self.world)
    }
}
