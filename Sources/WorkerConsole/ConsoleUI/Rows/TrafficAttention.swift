import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// What the kept exchanges show that needs attention: failures, and responses that lack their CORS fields.
///
/// Looking through thousands of exchanges is by far the most expensive part of ``AttentionItem``, and says the same until
/// one comes or ends.
enum TrafficAttention {
    private static let shownCORS = 20

    static func items(in world: World) -> [AttentionItem] { self.failures(in: world) + self.missingCORS(in: world) }

    // MARK: Failures

    private static func failures(in world: World) -> [AttentionItem] {
        RecentFailures.groups(in: world.traffic).map {
            self.item(of: world.traffic[$0.newest], count: $0.count, in: world)
        }
    }

    private static func item(of newest: Exchange, count: Int, in world: World) -> AttentionItem {
        let (method, target) = newest.requestLine
        let path = Exchange.path(of: target)
        let cause = newest.ending?.cause
        let line = TargetText.shown(world.redaction.target("\(method) \(path)"))
        var text = "\(line)  \(newest.status.map { "\($0)" } ?? Format.unknown)"
        if let total = newest.timers.total { text += "  \(Format.duration(total))" }
        if let cause, cause != .completed { text += "  \(TrafficPhrases.cause(cause)(world.language))" }
        if count > 1 { text += "  \(OverviewPhrases.times(world.language, Format.count(count)))" }
        // A response that broke off has a status that says nothing of it.
        let status = newest.status.map { "st:\($0)" } ?? "st:none"
        let filter = (newest.status ?? 0) >= 500 ? status : "flag:error & \(status)"
        return AttentionItem(
            id: "exchange \(method) \(path) \(newest.status ?? 0) \(cause.map { "\($0)" } ?? "")", level: .failure,
            at: newest.startedAt, text: text, place: .exchange(newest.id, filter: filter))
    }

    // MARK: CORS

    /// Responses that a browser would not let a page read, although the Worker's CORS rules name its origin.
    ///
    /// Only what the recorded heads say: an origin that the rules do not allow gets no field on purpose.
    private static func missingCORS(in world: World) -> [AttentionItem] {
        let origins = Set(
            world.status.corsSummary.prefix { $0 != "·" }.split(separator: " ").map { ByteString(String($0)) })
        guard !origins.isEmpty else { return [] }
        let asked = origins.contains(ByteString("*")) ? nil : origins
        var found: [(id: ByteString, item: AttentionItem)] = []
        for place in UnreadableResponses.newest(in: world.traffic, from: asked) {
            let item = self.item(ofMissing: world.traffic[place], in: world)
            let id = ByteString(item.id)
            guard !found.contains(where: { $0.id == id }) else { continue }
            guard found.count < self.shownCORS else { break }
            found.append((id, item))
        }
        return found.sorted { $0.id < $1.id }.map(\.item)
    }

    private static func item(ofMissing exchange: Exchange, in world: World) -> AttentionItem {
        let (method, target) = exchange.requestLine
        let path = String(Exchange.path(of: target))
        let status = exchange.status ?? 0
        return AttentionItem(
            id: "cors \(method) \(path) \(status)", level: .warning, at: exchange.startedAt,
            text: OverviewPhrases.corsMissing(
                world.language, world.redaction.target(method), TargetText.shown(world.redaction.target(path)),
                "\(status)"),
            place: .exchange(exchange.id, filter: "st:\(status)"))
    }
}
