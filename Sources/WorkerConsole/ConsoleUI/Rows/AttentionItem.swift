import TerminalCanvas
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// One thing that a person should know of, and where its evidence is.
struct AttentionItem: Sendable, Equatable {
    enum Level: Int, Sendable { case failure, warning, note }
    enum Place: Sendable, Equatable {
        /// An exchange, and the filter that shows others like it when it is no longer kept.
        case exchange(ExchangeID, filter: String)
        case screen(ScreenID)
        case none
    }

    /// When exchanges were dropped: the journal counts them and does not say when.
    struct Drops: Sendable, Equatable {
        private(set) var count = 0
        private(set) var noticedAt: WallTime?

        mutating func note(_ count: Int, at now: WallTime) {
            if count > self.count { self.noticedAt = now }
            self.count = count
        }
    }

    /// The same for the same thing while it goes on, whatever its text says.
    let id: String
    let level: Level
    /// `nil` when it is not known since when.
    let at: WallTime?
    let text: String
    let place: Place

    /// Everything there is now, the newest first; of the same moment the worst first.
    ///
    /// `drops` says when exchanges were dropped, and `traffic` what the kept exchanges show; `nil` looks through them.
    static func all(in world: World, drops: Drops = Drops(), traffic: [AttentionItem]? = nil) -> [AttentionItem] {
        let items =
            self.console(in: world, drops: drops) + (traffic ?? TrafficAttention.items(in: world))
            + self.backends(in: world) + self.bindings(in: world) + self.checks(in: world) + self.notices(in: world)
            + self.lastSwitch(in: world) + self.steering(in: world) + self.project(in: world)
        // What goes on now, without a moment of its own, is as new as it gets.
        return items.enumerated().sorted { left, right in
            let times = (left.element.at ?? world.now, right.element.at ?? world.now)
            if times.0 != times.1 { return times.0 > times.1 }
            return (left.element.level.rawValue, left.offset) < (right.element.level.rawValue, right.offset)
        }.map(\.element)
    }

    /// What concerns the console itself: not serving, open to others, nowhere to send to, exchanges not recorded.
    private static func console(in world: World, drops: Drops) -> [AttentionItem] {
        let language = world.language
        var items: [AttentionItem] = []
        if case .failed(let reason) = world.status.state {
            let text = OverviewPhrases.notServing(language, language.text(reason))
            items.append(
                AttentionItem(id: "state", level: .failure, at: world.status.startedAt, text: text, place: .none))
        }
        if world.backends.backends.isEmpty {
            items.append(
                AttentionItem(
                    id: "no backend", level: .failure, at: world.status.startedAt,
                    text: OverviewPhrases.noActive(language), place: .screen(.backends)))
        }
        if let limit = world.status.exhaustedDescriptors {
            let text = OverviewPhrases.noDescriptors(language, "\(limit)")
            items.append(AttentionItem(id: "descriptors", level: .failure, at: nil, text: text, place: .none))
        }
        if world.status.isExposed {
            let text = OverviewPhrases.exposed(language, world.status.listening.joined(separator: ", "))
            items.append(
                AttentionItem(id: "exposed", level: .warning, at: world.status.startedAt, text: text, place: .none))
        }
        if world.statistics.dropped > 0 {
            let text = OverviewPhrases.dropped(language, Format.count(world.statistics.dropped))
            items.append(
                AttentionItem(
                    id: "dropped", level: .failure, at: drops.noticedAt, text: text, place: .screen(.traffic)))
        }
        return items
    }

    /// What has gone wrong with drains, canaries and the audit file; the newest of each.
    private static func steering(in world: World) -> [AttentionItem] {
        var seen: Set<String> = []
        return world.backends.events.reversed().compactMap { event in
            let name: String
            switch event.kind {
            case .drainOverdue: name = "drain"
            case .canaryWarned, .canaryRolledBack(.some): name = "canary"
            case .auditFailed: name = "audit"
            case .keptAsLast: name = "last"
            default: return nil
            }
            guard seen.insert("\(name) \(event.backend)").inserted else { return nil }
            return AttentionItem(
                id: "\(name) \(event.backend)", level: .warning, at: event.at,
                text: SteeringText.event(event, world.language), place: .screen(.backends))
        }
    }

    private static func backends(in world: World) -> [AttentionItem] {
        world.backends.backends.compactMap { status in
            let probe = status.probes.last
            let why = probe.map { "  \($0.code) \(world.language.text($0.detail))" } ?? ""
            switch status.health {
            case .down:
                let text = OverviewPhrases.backendDown(world.language, status.backend.name) + why
                return AttentionItem(
                    id: "backend \(status.backend.name)", level: status.isActive ? .failure : .warning,
                    at: self.start(of: status.history), text: text, place: .screen(.backends))
            case .falling:
                let text = OverviewPhrases.backendFalling(world.language, status.backend.name) + why
                return AttentionItem(
                    id: "backend \(status.backend.name)", level: .warning, at: self.start(of: status.history),
                    text: text, place: .screen(.backends))
            case .unknown, .up, .rising: return nil
            }
        }
    }

    /// When the run of failed probes began that has not ended.
    private static func start(of history: ProbeHistory) -> WallTime? {
        guard let run = history.run, !run.passed else { return history.newest.last?.at }
        return run.since
    }

    private static func bindings(in world: World) -> [AttentionItem] {
        world.resources.compactMap { resource in
            guard let health = world.health[resource.binding.id] else { return nil }
            let screen: ScreenID = resource.binding.kind == .d1 ? .database : .buckets
            switch health.state {
            case .failed(let reason):
                return AttentionItem(
                    id: resource.binding.id, level: .failure, at: health.since,
                    text: "\(resource.binding.name)  \(world.language.text(reason))",
                    place: .screen(screen))
            case .locked:
                let text = "\(resource.binding.name)  \(OverviewPhrases.locked(world.language))"
                return AttentionItem(
                    id: resource.binding.id, level: .warning, at: health.since, text: text, place: .screen(screen))
            case .unknown, .healthy, .empty, .remote:
                guard let finding = health.findings.first(where: { $0 != .remote }) else { return nil }
                let text = "\(resource.binding.name)  \(StoreFindingText.title(of: finding, world.language))"
                return AttentionItem(
                    id: "found \(resource.binding.id)", level: .note, at: health.since, text: text,
                    place: .screen(screen))
            }
        }
    }

    private static func checks(in world: World) -> [AttentionItem] {
        guard let report = world.checks else { return [] }
        return report.results.compactMap { result in
            guard result.outcome == .fail || result.outcome == .warn else { return nil }
            return AttentionItem(
                id: "check \(result.id)", level: result.outcome == .fail ? .failure : .warning,
                at: world.checksSince[result.id] ?? report.startedAt,
                text: OverviewPhrases.check(
                    world.language, ChecksText.title(of: result, world.language),
                    ChecksText.summary(of: result, world.language)),
                place: .screen(.checks))
        }
    }

    private static func notices(in world: World) -> [AttentionItem] {
        world.status.notices.map {
            AttentionItem(
                id: "notice \($0)", level: .warning, at: world.status.project.readAt ?? world.status.startedAt,
                text: world.language.text($0), place: .screen(.checks))
        }
    }

    private static func lastSwitch(in world: World) -> [AttentionItem] {
        guard let last = world.backends.switches.last else { return [] }
        let text = OverviewPhrases.switchedBy(world.language, last.from ?? Format.unknown, last.to, last.by)
        return [AttentionItem(id: "switch", level: .note, at: last.at, text: text, place: .screen(.backends))]
    }
}
