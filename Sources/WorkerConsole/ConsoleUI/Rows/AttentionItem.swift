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

    /// Exchanges looked at for failures, newest first.
    private static let lookBack = 2_000
    /// Of these the heads are searched.
    private static let corsLookBack = 500

    /// What the kept exchanges show: failures, and responses that lack their CORS fields.
    ///
    /// Looking through thousands of exchanges is by far the most expensive part, and says the same until one comes or ends.
    static func traffic(in world: World) -> [AttentionItem] {
        self.failures(in: world) + self.missingCORS(in: world)
    }

    /// Everything there is now, the newest first; of the same moment the worst first.
    ///
    /// `drops` says when exchanges were dropped, and `traffic` what the kept exchanges show; `nil` looks through them.
    static func all(in world: World, drops: Drops = Drops(), traffic: [AttentionItem]? = nil) -> [AttentionItem] {
        let items =
            self.console(in: world, drops: drops) + (traffic ?? self.traffic(in: world)) + self.backends(in: world)
            + self.bindings(in: world) + self.checks(in: world) + self.notices(in: world) + self.lastSwitch(in: world)
            + self.steering(in: world) + self.project(in: world)
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

    private static func isFailure(_ exchange: Exchange) -> Bool {
        let failed = exchange.ending.map { $0.cause != .completed && $0.cause != .clientAborted } ?? false
        return failed || (exchange.status ?? 0) >= 500
    }

    /// Failing exchanges, those of the same method, path and outcome as one.
    private static func failures(in world: World) -> [AttentionItem] {
        struct Line: Hashable { let bytes: ArraySlice<UInt8>, status: Int?, cause: ExchangeEnding.Cause? }
        struct Group: Hashable { let method: ByteString, path: ByteString, status: Int?, cause: ExchangeEnding.Cause? }
        var groups: [Line: Group] = [:]
        var order: [Group] = []
        var found: [Group: (newest: Exchange, count: Int)] = [:]
        let list = world.traffic
        for index in list.indices.suffix(self.lookBack).reversed() {
            guard self.isFailure(list[index]) else { continue }
            let exchange = list[index]
            let line = Line(
                bytes: exchange.requestLineBytes, status: exchange.status, cause: exchange.ending?.cause)
            let group =
                groups[line]
                ?? {
                    let (method, target) = exchange.requestLine
                    let group = Group(
                        method: ByteString(method), path: ByteString(String(Exchange.path(of: target))),
                        status: line.status,
                        cause: line.cause)
                    groups[line] = group
                    return group
                }()
            if let entry = found[group] {
                found[group] = (entry.newest, entry.count + 1)
            } else {
                guard order.count < 50 else { continue }
                order.append(group)
                found[group] = (exchange, 1)
            }
        }
        return order.compactMap { group in
            guard let entry = found[group] else { return nil }
            let line = PathText.shown(world.redaction.target("\(group.method.text) \(group.path.text)"))
            var text = "\(line)  \(group.status.map { "\($0)" } ?? Format.unknown)"
            if let total = entry.newest.timers.total { text += "  \(Format.duration(total))" }
            if let cause = group.cause, cause != .completed {
                text += "  \(TrafficPhrases.cause(cause)(world.language))"
            }
            if entry.count > 1 { text += "  \(OverviewPhrases.times(world.language, Format.count(entry.count)))" }
            // A response that broke off has a status that says nothing of it.
            let status = group.status.map { "st:\($0)" } ?? "st:none"
            let filter = (group.status ?? 0) >= 500 ? status : "flag:error & \(status)"
            let cause = group.cause.map { "\($0)" } ?? ""
            return AttentionItem(
                id: "exchange \(group.method.text) \(group.path.text) \(group.status ?? 0) \(cause)", level: .failure,
                at: entry.newest.startedAt, text: text, place: .exchange(entry.newest.id, filter: filter))
        }
    }

    /// Responses that a browser would not let a page read, although the Worker's CORS rules name its origin.
    ///
    /// Only what the recorded heads say: an origin that the rules do not allow gets no field on purpose.
    private static func missingCORS(in world: World) -> [AttentionItem] {
        let origins = Set(
            world.status.corsSummary.prefix { $0 != "·" }.split(separator: " ").map { ByteString(String($0)) })
        guard !origins.isEmpty else { return [] }
        let name = Array("access-control-allow-origin".utf8)
        struct Line: Hashable { let bytes: ArraySlice<UInt8>, status: Int }
        var found: [ByteString: AttentionItem] = [:]
        // The same line is answered alike most of the time: texts are made once for each.
        var seen: Set<Line> = []
        for index in world.traffic.indices.suffix(self.corsLookBack).reversed() {
            guard let status = world.traffic[index].status, status >= 200,
                !world.traffic[index].responseHead.isEmpty, !world.traffic[index].responseHead.holds(name)
            else { continue }
            let exchange = world.traffic[index]
            if !origins.contains(ByteString("*")) {
                guard let origin = MessageHead.value(of: "origin", in: exchange.requestHead),
                    origins.contains(ByteString(origin))
                else {
                    continue
                }
            }
            guard seen.insert(Line(bytes: exchange.requestLineBytes, status: status)).inserted else { continue }
            let path = String(exchange.path)
            let id = "cors \(exchange.method) \(path) \(status)"
            guard found[ByteString(id)] == nil else { continue }
            guard found.count < 20 else { break }
            found[ByteString(id)] = AttentionItem(
                id: id, level: .warning, at: exchange.startedAt,
                text: OverviewPhrases.corsMissing(
                    world.language, world.redaction.target(exchange.method),
                    PathText.shown(world.redaction.target(path)), "\(status)"),
                place: .exchange(exchange.id, filter: "st:\(status)"))
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
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

extension [UInt8] {
    /// True when these bytes stand somewhere in it, whatever the case of ASCII letters; `name` is in lower case.
    fileprivate func holds(_ name: [UInt8]) -> Bool {
        guard let first = name.first, self.count >= name.count else { return false }
        for start in 0...(self.count - name.count) where self[start] | 0x20 == first {
            let isHere = name.indices.allSatisfy { index in
                let byte = self[start + index]
                return ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == name[index]
            }
            if isHere { return true }
        }
        return false
    }
}
