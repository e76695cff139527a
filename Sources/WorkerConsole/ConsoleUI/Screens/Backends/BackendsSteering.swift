import TerminalCanvas
import Widgets
import WorkerDomain

/// What the backends screen shows of canaries, faults and events.
enum BackendsSteering {
    // MARK: Canary

    /// Both sides of the canary with their figures, and what the guard says.
    static func drawCanary(
        _ canary: CanaryStatus, into canvas: inout Canvas, in rect: Rect, _ world: World
    ) {
        let language = world.language
        let glyphs = canvas.glyphs.glyphs
        let inner = Pane.frame(
            &canvas, rect,
            title: SteeringPhrases.canaryTitle(language, "\(canary.plan.percent)", canary.plan.target),
            note: SteeringPhrases.pinned(language))
        guard inner.rows >= 3, inner.columns >= 50 else { return }
        let longest = max(Sanitizer.columns(of: canary.stable.name), Sanitizer.columns(of: canary.canary.name))
        let names = min(max(longest, 8), 24) + 5
        let widths = [9, 9, 10, 10]
        let headings = [SteeringPhrases.columnRequests(language), SteeringPhrases.columnErrors(language), "P50", "P95"]
        var column = inner.column + names
        for (heading, width) in zip(headings, widths) {
            Pane.right(heading, to: &canvas, row: inner.row, column: column, columns: width, role: .heading)
            column += width
        }
        for (offset, side) in [canary.stable, canary.canary].enumerated() {
            let row = inner.row + 1 + offset
            let name = Truncation.middle(side.name, columns: names - 5, ellipsis: glyphs.ellipsis)
            canvas.write(offset == 0 ? "A" : "B", row: row, column: inner.column + 1, role: .dim)
            canvas.write(name, row: row, column: inner.column + 3, role: .strong)
            let figures = [
                Format.count(side.count), side.errorPercent.map { Format.percent($0 / 100) } ?? glyphs.unknown,
                side.p50.map { Format.duration($0) } ?? glyphs.unknown,
                side.p95.map { Format.duration($0) } ?? glyphs.unknown,
            ]
            column = inner.column + names
            for (index, figure) in figures.enumerated() {
                let role: Role = index == 1 && side.serverErrors > 0 ? .failure : .plain
                Pane.right(figure, to: &canvas, row: row, column: column, columns: widths[index], role: role)
                column += widths[index]
            }
        }
        guard inner.rows >= 4 else { return }
        let line = self.guardLine(canary, world, glyphs)
        canvas.write(
            Truncation.end(line.text, columns: inner.columns - 2, ellipsis: glyphs.ellipsis), row: inner.row + 3,
            column: inner.column + 1, role: line.role)
    }

    private static func guardLine(_ canary: CanaryStatus, _ world: World, _ glyphs: Glyphs) -> Span {
        let language = world.language
        if let breach = canary.breach, let time = canary.rollsBackAt {
            let text = SteeringPhrases.backIn(
                language, SteeringText.breach(breach, language), SteeringText.rest(until: time, in: world))
            return Span("\(glyphs.warning) \(text)", .warning)
        }
        let rule = canary.plan.rule
        let errors = Format.percent(rule.serverErrors / 100)
        let hold = "\(rule.hold.components.seconds) s"
        guard rule.slowdown > 0 else { return Span(SteeringPhrases.ruleErrors(language, errors, hold), .dim) }
        let times = rule.slowdown == rule.slowdown.rounded() ? "\(Int(rule.slowdown))" : "\(rule.slowdown)"
        return Span(SteeringPhrases.rule(language, errors, times, hold), .dim)
    }

    /// What has happened to the backends, newest first, where there is room for a pane of its own.
    static func drawEvents(into canvas: inout Canvas, in rect: Rect, _ world: World) {
        let inner = Pane.frame(&canvas, rect, title: SteeringPhrases.events(world.language))
        let glyphs = canvas.glyphs.glyphs
        for (offset, line) in self.eventLines(world, limit: inner.rows + 1).dropFirst().prefix(inner.rows).enumerated()
        {
            let spans = line.map { Span(Pane.marked($0.text, glyphs), $0.role) }
            Pane.write(
                spans, to: &canvas, row: inner.row + offset, column: inner.column + 1, columns: inner.columns - 2)
        }
    }

    // MARK: Details

    /// What a backend is for now.
    static func role(of status: BackendStatus, _ world: World) -> String {
        let language = world.language
        if status.isActive { return BackendsPhrases.activeNow(language) }
        if let canary = world.backends.canary, canary.plan.target == status.backend.name {
            return SteeringPhrases.canaryRole(language, "\(canary.plan.percent)")
        }
        return BackendsPhrases.idleNow(language)
    }

    /// What the details say of a backend beyond its health and traffic.
    static func lines(
        of status: BackendStatus, _ world: World, field: (Phrase, String, Role) -> [Span]
    ) -> [[Span]] {
        let language = world.language
        var lines: [[Span]] = []
        if let fault = status.fault {
            let text = SteeringPhrases.banner(
                language, status.backend.name, SteeringText.fault(fault.kind, language),
                SteeringText.rest(until: fault.until, in: world))
            lines.append(field(SteeringPhrases.fault, text, .danger))
        }
        if status.isHeldBack {
            lines.append(field(SteeringPhrases.policy, SteeringPhrases.heldBack(language), .warning))
        } else if world.backends.policy != "active" {
            var text = world.backends.policy
            if let share = status.share { text += " · " + SteeringPhrases.shareLine(language, "\(share)") }
            if world.backends.policy == "weighted" {
                text += " · " + SteeringPhrases.weight(language, "\(status.backend.weight)")
            }
            lines.append(field(SteeringPhrases.policy, text, .plain))
        }
        return lines
    }

    static func eventLines(_ world: World, limit: Int = 20) -> [[Span]] {
        guard !world.backends.events.isEmpty else { return [] }
        var lines = [[Span(SteeringPhrases.events(world.language), .heading)]]
        for event in world.backends.events.reversed().prefix(limit) {
            lines.append([
                Span("\(ScreenFormat.clock(event.at, in: world))  ", .dim),
                Span(SteeringText.event(event, world.language), event.isTrouble ? .warning : .plain),
            ])
        }
        return lines
    }
}
