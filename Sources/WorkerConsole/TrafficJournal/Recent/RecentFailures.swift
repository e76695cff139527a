import WorkerDomain

/// Failing exchanges of the newest ones: those of the same method, path and outcome are put together.
///
/// Told apart by their bytes: texts are made for those that are shown.
package enum RecentFailures {
    package struct Group {
        /// Where the newest of them stands in the list.
        package let newest: Int
        package fileprivate(set) var count = 1
    }

    /// Exchanges that are looked at.
    private static let lookBack = 2_000
    private static let limit = 50

    /// At most 50, the newest first.
    package static func groups(in list: TrafficList) -> [Group] {
        var numbers = ByteNumbers()
        var name: [UInt8] = []
        var groups: [Group] = []
        for index in list.indices.suffix(self.lookBack).reversed() {
            guard self.names(list[index], in: &name) else { continue }
            let number = numbers.number(of: name)
            if groups.indices.contains(number) {
                groups[number].count += 1
            } else if groups.count < self.limit {
                groups.append(Group(newest: index))
            }
        }
        return groups
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
}
