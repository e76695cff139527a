import TerminalCanvas
import Widgets
import WorkerDomain

/// What the details pane says of the selected row.
struct BackendsDetails {
    let world: World
    let glyphs: Glyphs
    /// Events stand here: they have no pane of their own.
    let hasEvents: Bool
    let columns: Int
    /// `nil` where graphs and routes have panes of their own.
    let traffic: BackendsTraffic?

    func lines(of row: BackendsRow?) -> [[Span]] {
        switch row {
        case nil: []
        case .suggestion(_, let url):
            [[Span(url)], [Span(BackendsPhrases.suggested(self.world.language), .dim)]]
        case .backend(let status):
            self.lines(of: status).map { line in line.map { Span(Pane.marked($0.text, self.glyphs), $0.role) } }
        }
    }

    private func lines(of status: BackendStatus) -> [[Span]] {
        let (world, glyphs, language) = (self.world, self.glyphs, self.world.language)
        func field(_ label: Phrase, _ value: String, _ role: Role = .plain) -> [Span] {
            let name = label(language)
            let gap = String(repeating: " ", count: max(1, 15 - Sanitizer.columns(of: name)))
            return [Span(name + gap, .dim), Span(value, role)]
        }
        let (mark, state, role) = BackendsScreen.state(of: status.health, probes: status.probes, glyphs, language)
        let active = BackendsSteering.role(of: status, world)
        var lines = [
            field(BackendsPhrases.state, "\(mark) \(state)", role), field(BackendsPhrases.role, active),
        ]
        lines += BackendsSteering.lines(of: status, world) { field($0, $1, $2) }
        if status.isDraining {
            var text = BackendsPhrases.drainingLine(language, ScreenFormat.count(status.inFlight))
            if status.drainDeadline != nil { text = SteeringText.drain(status, in: world) }
            lines.append(field(BackendsPhrases.drain, text, .warning))
        }
        lines += [
            field(BackendsPhrases.formURL, status.backend.url.description),
            field(
                BackendsPhrases.tls, BackendsScreen.tls(of: status.backend)(language),
                BackendsScreen.tlsRole(of: status.backend)),
        ]
        if !status.backend.url.basePath.isEmpty {
            lines.append(field(BackendsPhrases.basePath, status.backend.url.basePath))
        }
        let traffic = BackendsPhrases.trafficLine(
            language, ScreenFormat.count(status.requests), ScreenFormat.count(status.failures),
            ScreenFormat.count(status.inFlight))
        lines.append(field(BackendsPhrases.traffic, traffic, status.failures > 0 ? .warning : .plain))
        if !status.probes.isEmpty {
            let passed = status.probes.filter(\.passed)
            let text = BackendsPhrases.passRateLine(
                language, ScreenFormat.count(passed.count), ScreenFormat.count(status.probes.count))
            let latencies = passed.map(\.latency).sorted()
            let median = latencies.isEmpty ? glyphs.unknown : ScreenFormat.duration(latencies[latencies.count / 2])
            lines.append(field(BackendsPhrases.passRate, "\(text) · \(BackendsPhrases.median(language)) \(median)"))
        }
        if let traffic = self.traffic, !traffic.figures.isEmpty {
            lines += traffic.graphLines(columns: self.columns, labelColumns: 15, glyphs)
            let minutes = BackendsPhrases.lastMinutes(language, "\(BackendsDigest.minutes)")
            lines.append([Span("\(BackendsPhrases.routes(language)) · \(minutes)", .heading)])
            lines += traffic.routeLines(columns: self.columns, glyphs)
        }
        if self.hasEvents { lines += BackendsSteering.eventLines(world) }
        lines.append([Span(BackendsPhrases.recentProbes(language), .heading)])
        let noProbes = BackendsPhrases.noProbesYet(
            language, world.keymap.shown("backends.probe", usually: .character("b")))
        if status.probes.isEmpty { lines.append([Span(noProbes, .dim)]) }
        for probe in status.probes.reversed() {
            lines.append([
                Span("\(probe.passed ? glyphs.check : glyphs.cross) ", probe.passed ? .ok : .failure),
                Span("\(ScreenFormat.clock(probe.at, in: world))  ", .dim), Span("\(probe.code)  ", .strong),
                Span("\(language.text(probe.detail))  "), Span(ScreenFormat.duration(probe.latency), .number),
            ])
        }
        lines.append([Span(BackendsPhrases.switches(language), .heading)])
        if world.backends.switches.isEmpty { lines.append([Span(BackendsPhrases.noSwitches(language), .dim)]) }
        for change in world.backends.switches.reversed().prefix(20) {
            let text = BackendsPhrases.switchLine(
                language, change.from ?? BackendsPhrases.nobody(language), change.to, change.by)
            lines.append([Span("\(ScreenFormat.clock(change.at, in: world))  ", .dim), Span(text)])
        }
        return lines
    }
}
