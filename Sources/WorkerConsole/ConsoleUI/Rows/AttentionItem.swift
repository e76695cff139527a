import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

/// One thing that a person should know of, and where its evidence is.
struct AttentionItem: Sendable, Equatable {
    enum Level: Int, Sendable { case failure, warning, note }
    enum Place: Sendable, Equatable { case traffic(filter: String), screen(ScreenID), none }

    let level: Level
    /// `nil` when it is not known since when.
    let at: WallTime?
    let text: String
    let place: Place

    /// Exchanges looked at for failures, newest first.
    private static let lookBack = 2_000

    /// Everything there is now, the newest first within a level.
    static func all(in world: World) -> [AttentionItem] {
        let items =
            self.failures(in: world) + self.backends(in: world) + self.bindings(in: world)
            + self.checks(in: world) + self.notices(in: world) + self.lastSwitch(in: world)
        return items.enumerated().sorted { left, right in
            if left.element.level != right.element.level {
                return left.element.level.rawValue < right.element.level.rawValue
            }
            let times = (left.element.at?.nanosecondsSinceEpoch ?? 0, right.element.at?.nanosecondsSinceEpoch ?? 0)
            return times.0 != times.1 ? times.0 > times.1 : left.offset < right.offset
        }.map(\.element)
    }

    /// Failing exchanges, those of the same method, path and outcome as one.
    private static func failures(in world: World) -> [AttentionItem] {
        struct Group: Hashable { let method: String, path: String, status: Int?, cause: ExchangeEnding.Cause? }
        var order: [Group] = []
        var found: [Group: (newest: Exchange, count: Int)] = [:]
        let list = world.traffic
        for index in list.indices.suffix(self.lookBack).reversed() {
            let exchange = list[index]
            let failed = exchange.ending.map { $0.cause != .completed && $0.cause != .clientAborted } ?? false
            guard failed || (exchange.status ?? 0) >= 500 else { continue }
            let group = Group(
                method: exchange.method, path: String(exchange.path), status: exchange.status,
                cause: exchange.ending?.cause)
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
            var text = "\(group.method) \(group.path)  \(group.status.map { "\($0)" } ?? Format.unknown)"
            if let total = entry.newest.timers.total { text += "  \(Format.duration(total))" }
            if let cause = group.cause, cause != .completed {
                text += "  \(TrafficPhrases.cause(cause)(world.language))"
            }
            if entry.count > 1 { text += "  \(OverviewPhrases.times(world.language, Format.count(entry.count)))" }
            let filter = group.status.map { "st:\($0)" } ?? "st>=400"
            return AttentionItem(
                level: .failure, at: entry.newest.startedAt, text: text, place: .traffic(filter: filter))
        }
    }

    private static func backends(in world: World) -> [AttentionItem] {
        world.backends.backends.compactMap { status in
            let probe = status.probes.last
            let why = probe.map { "  \($0.code) \($0.detail)" } ?? ""
            switch status.health {
            case .down:
                let text = OverviewPhrases.backendDown(world.language, status.backend.name) + why
                return AttentionItem(
                    level: status.isActive ? .failure : .warning, at: probe?.at, text: text, place: .screen(.backends))
            case .falling:
                let text = OverviewPhrases.backendFalling(world.language, status.backend.name) + why
                return AttentionItem(level: .warning, at: probe?.at, text: text, place: .screen(.backends))
            case .unknown, .up, .rising: return nil
            }
        }
    }

    private static func bindings(in world: World) -> [AttentionItem] {
        world.resources.compactMap { resource in
            guard let health = world.health[resource.binding.id] else { return nil }
            let screen: ScreenID = resource.binding.kind == .d1 ? .database : .buckets
            switch health.state {
            case .failed(let reason):
                return AttentionItem(
                    level: .failure, at: health.probedAt, text: "\(resource.binding.name)  \(reason)",
                    place: .screen(screen))
            case .locked:
                let text = "\(resource.binding.name)  \(OverviewPhrases.locked(world.language))"
                return AttentionItem(level: .warning, at: health.probedAt, text: text, place: .screen(screen))
            case .unknown, .healthy, .empty: return nil
            }
        }
    }

    private static func checks(in world: World) -> [AttentionItem] {
        guard let report = world.checks else { return [] }
        return report.results.compactMap { result in
            guard result.outcome == .fail || result.outcome == .warn else { return nil }
            return AttentionItem(
                level: result.outcome == .fail ? .failure : .warning, at: report.startedAt,
                text: OverviewPhrases.check(world.language, result.title, result.summary), place: .screen(.checks))
        }
    }

    private static func notices(in world: World) -> [AttentionItem] {
        world.status.notices.map {
            AttentionItem(level: .warning, at: world.status.startedAt, text: $0, place: .none)
        }
    }

    private static func lastSwitch(in world: World) -> [AttentionItem] {
        guard let last = world.backends.switches.last else { return [] }
        let text = OverviewPhrases.switchedBy(world.language, last.from ?? Format.unknown, last.to, last.by)
        return [AttentionItem(level: .note, at: last.at, text: text, place: .screen(.backends))]
    }
}
