import TerminalCanvas
import Widgets
import WorkerDomain

extension BackendsScreen {
    /// The newest probes, oldest first; a dot where there is none yet.
    static func drawStrip(
        _ probes: [HealthProbeResult], count: Int = 20, _ canvas: inout Canvas, row: Int, column: Int
    ) {
        let glyphs = canvas.glyphs.glyphs
        let shown = probes.suffix(count)
        for index in 0..<(count - shown.count) {
            canvas.write(glyphs.middleDot, row: row, column: column + index, role: .dim)
        }
        for (index, probe) in shown.enumerated() {
            let mark = probe.passed ? glyphs.spark[6] : glyphs.spark[0]
            canvas.write(
                mark, row: row, column: column + count - shown.count + index, role: probe.passed ? .ok : .failure)
        }
    }

    static func state(
        of health: BackendHealth, probes: [HealthProbeResult], _ glyphs: Glyphs, _ language: Language
    ) -> (mark: String, text: String, role: Role) {
        switch health {
        case .unknown where probes.isEmpty: (glyphs.idle, BackendsPhrases.neverProbed(language), .dim)
        case .unknown: (glyphs.idle, BackendsPhrases.unknown(language), .dim)
        case .up: (glyphs.up, BackendsPhrases.up(language), .ok)
        case .rising(let passed, let needed):
            (glyphs.rising, BackendsPhrases.rising(language, String(passed), String(needed)), .warning)
        case .falling(let failed, let needed):
            (glyphs.warning, BackendsPhrases.falling(language, String(failed), String(needed)), .warning)
        case .down: (glyphs.down, BackendsPhrases.down(language), .failure)
        }
    }

    /// Why the selected backend, or else the first that is not up, is in the state it is in.
    func why(in world: World, _ glyphs: Glyphs) -> String? {
        Self.why(of: self.selected(in: world), in: world, glyphs)
    }

    static func why(of row: BackendsRow?, in world: World, _ glyphs: Glyphs) -> String? {
        let troubled = world.backends.backends.first { status in
            switch status.health {
            case .down, .falling, .rising: true
            case .up, .unknown: false
            }
        }
        var status = troubled
        if case .backend(let selected) = row, selected.health != .up { status = selected }
        guard let status, let last = status.probes.last else { return nil }
        let (language, name) = (world.language, status.backend.name)
        let reason = "\(language.text(last.detail)) (\(last.code))"
        var text =
            switch status.health {
            case .down: BackendsPhrases.isDownBecause(language, name, reason)
            case .falling(let failed, let needed):
                BackendsPhrases.isFailing(language, name, "\(failed)", "\(needed)", reason)
            case .rising(let passed, let needed):
                BackendsPhrases.isRecovering(language, name, "\(passed)", "\(needed)", reason)
            case .up, .unknown: BackendsPhrases.isUnknown(language, name, reason)
            }
        if let run = status.history.run {
            let age = ScreenFormat.duration(max(.zero, world.now.since(run.since)))
            let since = ScreenFormat.clock(run.since, in: world)
            text += BackendsPhrases.inRow(language, ScreenFormat.count(run.count), since, age)
        }
        return Pane.marked(text, glyphs)
    }

    /// How the connection to a backend is protected.
    static func tls(of backend: Backend) -> Phrase {
        if backend.url.socketPath != nil { return BackendsPhrases.tlsSocket }
        guard backend.url.scheme == .https else { return BackendsPhrases.tlsNo }
        return backend.isInsecure ? BackendsPhrases.tlsUnverified : BackendsPhrases.tlsYes
    }

    static func tlsRole(of backend: Backend) -> Role {
        backend.isInsecure && backend.url.scheme == .https ? .warning : .plain
    }
}

/// What the state line says of the backends.
enum BackendsHealth {
    static func stateLine(isProbing: Bool, in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        if let active = world.backends.active {
            spans.append(Span(BackendsPhrases.activeLine(language, active.backend.name), .strong))
        } else {
            spans.append(Span(BackendsPhrases.noActive(language), .warning))
        }
        if world.backends.policy != "active" {
            spans.append(Span(" · \(SteeringPhrases.policyLine(language, world.backends.policy))", .active))
        }
        for status in world.backends.backends where status.isDraining {
            let count = ScreenFormat.count(status.inFlight)
            let text =
                status.drainDeadline == nil
                ? BackendsPhrases.draining(language, status.backend.name, count)
                : BackendsPhrases.drainingUntil(language, status.backend.name, SteeringText.drain(status, in: world))
            spans.append(Span(" · \(text)", .warning))
        }
        if isProbing { spans.append(Span(" · \(BackendsPhrases.probing(language))", .active)) }
        if let last = world.backends.switches.last, let from = last.from {
            let time = ScreenFormat.clock(last.at, in: world)
            let key = world.keymap.shown("backends.undo", usually: .character("u"))
            spans.append(Span(" · \(BackendsPhrases.switchedBy(language, time, from, last.by, key))", .dim))
        }
        return spans
    }
}
