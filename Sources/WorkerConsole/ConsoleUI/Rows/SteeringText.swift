import TerminalCanvas
import Widgets
import WorkerDomain

/// What drains, canaries and faults are called.
enum SteeringText {
    static func fault(_ kind: BackendFault.Kind, _ language: Language) -> String {
        switch kind {
        case .latency(let duration): SteeringPhrases.latency(language, Format.duration(duration))
        case .status(let status): SteeringPhrases.status(language, "\(status)")
        case .reset: SteeringPhrases.reset(language)
        case .slowBody(let rate): SteeringPhrases.slowBody(language, Format.bytes(Int64(rate)))
        }
    }

    static func breach(_ breach: CanaryBreach, _ language: Language) -> String {
        switch breach {
        case .serverErrors(let percent, let limit):
            SteeringPhrases.breachErrors(language, Format.percent(percent / 100), Format.percent(limit / 100))
        case .slow(let p95, let limit):
            SteeringPhrases.breachSlow(language, Format.duration(p95), Format.duration(limit))
        }
    }

    /// Whole seconds below a minute, else as every duration.
    static func rest(until time: WallTime, in world: World) -> String {
        let rest = max(.zero, time.since(world.now))
        return rest < .seconds(60) ? "\(rest.components.seconds) s" : Format.duration(rest)
    }

    /// How what still runs on a backend is doing: `2 left, 14 s`.
    static func drain(_ status: BackendStatus, in world: World) -> String {
        let count = Format.count(status.inFlight)
        guard let deadline = status.drainDeadline else { return count }
        if deadline <= world.now { return SteeringPhrases.overdue(world.language, count) }
        return SteeringPhrases.left(world.language, count, self.rest(until: deadline, in: world))
    }

    static func event(_ event: BackendEvent, _ language: Language) -> String {
        let name = event.backend
        switch event.kind {
        case .switched(let from, let to):
            return SteeringPhrases.switched(language, from ?? BackendsPhrases.nobody(language), to)
        case .health(let isUp, let code):
            return (isUp ? SteeringPhrases.wentUp : SteeringPhrases.wentDown)(language, name, code)
        case .keptAsLast: return SteeringPhrases.keptAsLast(language, name)
        case .probedEarly: return SteeringPhrases.probedEarly(language, name)
        case .drainEnded(let seconds): return SteeringPhrases.drainEnded(language, name, "\(seconds)")
        case .drainOverdue(let left): return SteeringPhrases.drainLate(language, name, Format.count(left))
        case .cut(let count): return SteeringPhrases.wasCut(language, name, Format.count(count))
        case .canaryStarted(let percent): return SteeringPhrases.canaryStarted(language, name, "\(percent)")
        case .canaryWarned(let breach, let seconds):
            return SteeringPhrases.canaryWarned(language, name, self.breach(breach, language), "\(seconds)")
        case .canaryRecovered: return SteeringPhrases.canaryRecovered(language, name)
        case .canaryRolledBack(let breach):
            let why = breach.map { self.breach($0, language) } ?? SteeringPhrases.byHand(language)
            return SteeringPhrases.canaryTakenBack(language, name, why)
        case .canaryPromoted: return SteeringPhrases.canaryPromoted(language, name)
        case .faultStarted(let kind): return SteeringPhrases.faultStarted(language, name, self.fault(kind, language))
        case .faultEnded: return SteeringPhrases.faultEnded(language, name)
        case .auditFailed(let reason): return SteeringPhrases.auditFailed(language, name, language.text(reason))
        }
    }

    /// What stands before the state line of every screen: faults, and a canary that is about to be taken back.
    static func banner(in world: World, _ glyphs: Glyphs) -> [Span] {
        let language = world.language
        var spans: [Span] = []
        for status in world.backends.backends {
            guard let fault = status.fault else { continue }
            let text = SteeringPhrases.banner(
                language, status.backend.name, self.fault(fault.kind, language),
                self.rest(until: fault.until, in: world))
            spans.append(Span(spans.isEmpty ? "\(glyphs.flag) \(text)" : " · \(text)", .danger))
        }
        if let canary = world.backends.canary, let breach = canary.breach, let time = canary.rollsBackAt {
            let text = SteeringPhrases.canaryBanner(
                language, canary.plan.target, self.breach(breach, language), self.rest(until: time, in: world))
            spans.append(Span(spans.isEmpty ? "\(glyphs.warning) \(text)" : " · \(text)", .warning))
        }
        return spans
    }
}
