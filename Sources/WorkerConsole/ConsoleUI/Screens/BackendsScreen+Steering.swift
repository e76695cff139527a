import TerminalCanvas
import Widgets
import WorkerDomain

/// Drains, canaries and faults of the backends screen.
extension BackendsScreen {
    typealias SteeringReply = Result<String, BackendControlError>

    /// Opens the question behind `d`, `c` or `f`, or says why there is none.
    mutating func ask(_ topic: BackendsChoice.Topic, in world: World) -> [Effect] {
        guard case .backend(let status) = self.selected(in: world) else { return [] }
        let language = world.language
        let name = status.backend.name
        switch topic {
        case .drain where status.isActive && world.backends.policy == "active":
            return [.toast(SteeringPhrases.drainActive(language, name), isFailure: true)]
        case .canary where status.isActive:
            return [.toast(SteeringPhrases.canaryActive(language, name), isFailure: true)]
        default:
            let choice = BackendsChoice(topic, name)
            if choice.answers(in: world).isEmpty {
                return [
                    .toast(
                        CommonPhrases.labelled(language, name, SteeringPhrases.drainNone(language)), isFailure: false)
                ]
            }
            self.choice = choice
            return []
        }
    }

    mutating func takeChoice(_ key: KeyEvent, in world: World) -> [Effect] {
        // What follows a slash is text, which no question here takes.
        if key == .escape || key == .character("q") || key == .character("/") {
            self.choice = nil
            return []
        }
        guard let choice = self.choice, let action = self.choice?.take(key, in: world) else { return [] }
        self.choice = nil
        let name = choice.name
        let rule = world.backends.canary?.plan.rule ?? world.backends.canaryRule
        let text = choice.answers(in: world).first { $0.action == action }?.text ?? name
        return self.steeringPending.start(name) { services in
            do throws(BackendControlError) {
                let backends = services.backends
                switch action {
                case .drain(let seconds): try await backends.drain(name, deadline: .seconds(seconds))
                case .resume: try await backends.resume(name)
                case .cut: _ = try await backends.cut(name)
                case .canary(let percent):
                    try await backends.startCanary(CanaryPlan(target: name, percent: percent, rule: rule))
                case .promote: try await backends.endCanary(promoted: true)
                case .takeBack: try await backends.endCanary(promoted: false)
                case .fault(let kind): try await backends.inject(kind, into: name)
                }
                return SteeringReply.success("\(name): \(text)")
            } catch {
                return SteeringReply.failure(error)
            }
        }
    }

    mutating func takeSteered(_ payload: any Sendable, in world: World) -> [Effect] {
        switch payload as? SteeringReply {
        case .success(let text): [.toast(SteeringPhrases.done(world.language, text), isFailure: false)]
        case .failure(let error): [.toast(error.description, isFailure: true)]
        case nil: []
        }
    }

    // MARK: Canary

    /// Rows of the pane that compares both sides.
    static let canaryRows = 6

    /// Both sides of the canary with their figures, and what the guard says.
    func drawCanary(_ canvas: inout Canvas, _ rect: Rect, _ canary: CanaryStatus, _ world: World) {
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

    private func guardLine(_ canary: CanaryStatus, _ world: World, _ glyphs: Glyphs) -> Span {
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
    func drawEvents(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
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
    func role(of status: BackendStatus, _ world: World) -> String {
        let language = world.language
        if status.isActive { return BackendsPhrases.activeNow(language) }
        if let canary = world.backends.canary, canary.plan.target == status.backend.name {
            return SteeringPhrases.canaryRole(language, "\(canary.plan.percent)")
        }
        return BackendsPhrases.idleNow(language)
    }

    /// What the details say of a backend beyond its health and traffic.
    func steeringLines(
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

    func eventLines(_ world: World, limit: Int = 20) -> [[Span]] {
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
