import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

/// What the kept exchanges show that needs attention: failures, and responses that lack their CORS fields.
///
/// Looking through thousands of exchanges is by far the most expensive part of ``AttentionItem``, and says the same until
/// one comes or ends: lines are told apart by their bytes, and texts are made for those that are shown.
enum TrafficAttention {
    /// Exchanges looked at for failures, newest first.
    private static let lookBack = 2_000
    private static let shownFailures = 50
    /// Of these the heads are searched.
    private static let corsLookBack = 500
    private static let shownCORS = 20

    static func items(in world: World) -> [AttentionItem] { self.failures(in: world) + self.missingCORS(in: world) }

    // MARK: Failures

    /// Failing exchanges of the same method, path and outcome.
    private struct Group {
        /// Where the newest of them stands.
        let newest: Int
        var count = 1
    }

    private static func failures(in world: World) -> [AttentionItem] {
        var numbers = ByteNumbers()
        var name: [UInt8] = []
        var groups: [Group] = []
        let list = world.traffic
        for index in list.indices.suffix(self.lookBack).reversed() {
            guard self.names(list[index], in: &name) else { continue }
            let number = numbers.number(of: name)
            if groups.indices.contains(number) {
                groups[number].count += 1
            } else if groups.count < self.shownFailures {
                groups.append(Group(newest: index))
            }
        }
        return groups.map { self.item(of: list[$0.newest], count: $0.count, in: world) }
    }

    /// Writes what a failure is told from others by.
    /// - Returns: False for what is no failure.
    private static func names(_ exchange: Exchange, in name: inout [UInt8]) -> Bool {
        let status = exchange.status ?? 0
        let cause = exchange.ending?.cause
        guard status >= 500 || cause.map({ $0 != .completed && $0 != .clientAborted }) ?? false else { return false }
        name.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: status) { name.append(contentsOf: $0) }
        name.append(contentsOf: (cause?.rawValue ?? "").utf8)
        name.append(0x20)
        let head = exchange.requestHead
        guard let parts = MessageHead.requestLineParts(of: head.span) else { return true }
        // As they are shown, so that no two lines look alike.
        name.append(contentsOf: MessageHead.utf8(head[parts.method]))
        name.append(0x20)
        name.append(contentsOf: MessageHead.utf8(head[parts.target]).prefix { $0 != 0x3F })
        return true
    }

    private static func item(of newest: Exchange, count: Int, in world: World) -> AttentionItem {
        let (method, target) = newest.requestLine
        let path = Exchange.path(of: target)
        let cause = newest.ending?.cause
        let line = PathText.shown(world.redaction.target("\(method) \(path)"))
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
        let allowsAll = origins.contains(ByteString("*"))
        let name = Array("access-control-allow-origin".utf8)
        var numbers = ByteNumbers()
        var line: [UInt8] = []
        var found: [(id: ByteString, item: AttentionItem)] = []
        for index in world.traffic.indices.suffix(self.corsLookBack).reversed() {
            guard self.lacks(name, world.traffic[index]) else { continue }
            let exchange = world.traffic[index]
            if !allowsAll {
                guard let origin = MessageHead.value(of: "origin", in: exchange.requestHead),
                    origins.contains(ByteString(origin))
                else { continue }
            }
            // The same line is answered alike most of the time: texts are made once for each.
            line.removeAll(keepingCapacity: true)
            withUnsafeBytes(of: exchange.status ?? 0) { line.append(contentsOf: $0) }
            line.append(contentsOf: exchange.requestLineBytes)
            let known = numbers.count
            guard numbers.number(of: line) == known else { continue }
            let item = self.item(ofMissing: exchange, in: world)
            let id = ByteString(item.id)
            guard !found.contains(where: { $0.id == id }) else { continue }
            guard found.count < self.shownCORS else { break }
            found.append((id, item))
        }
        return found.sorted { $0.id < $1.id }.map(\.item)
    }

    /// True of a response whose head names the field nowhere.
    private static func lacks(_ name: [UInt8], _ exchange: Exchange) -> Bool {
        guard let status = exchange.status, status >= 200, !exchange.responseHead.isEmpty else { return false }
        return !exchange.responseHead.holds(name)
    }

    private static func item(ofMissing exchange: Exchange, in world: World) -> AttentionItem {
        let (method, target) = exchange.requestLine
        let path = String(Exchange.path(of: target))
        let status = exchange.status ?? 0
        return AttentionItem(
            id: "cors \(method) \(path) \(status)", level: .warning, at: exchange.startedAt,
            text: OverviewPhrases.corsMissing(
                world.language, world.redaction.target(method), PathText.shown(world.redaction.target(path)),
                "\(status)"),
            place: .exchange(exchange.id, filter: "st:\(status)"))
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
