package import WorkerDomain

/// Responses of the newest exchanges that a browser would not let a page read: their heads lack the field that allows it.
package enum UnreadableResponses {
    /// Exchanges whose heads are searched.
    private static let lookBack = 500
    private static let field = Array("access-control-allow-origin".utf8)

    /// Looks for the newest response of each request line and status: the same line is answered alike most of the time.
    ///
    /// - Parameters:
    ///   - list: What is kept.
    ///   - origins: Of requests that count; `nil` for every request.
    /// - Returns: Where they stand in the list, the newest first.
    package static func newest(in list: TrafficList, from origins: Set<ByteString>?) -> [Int] {
        var numbers = ByteNumbers()
        var line: [UInt8] = []
        var places: [Int] = []
        for index in list.indices.suffix(self.lookBack).reversed() {
            guard self.lacks(self.field, list[index]) else { continue }
            if let origins {
                guard let origin = MessageHead.value(of: "origin", in: list[index].requestHead),
                    origins.contains(ByteString(origin))
                else { continue }
            }
            line.removeAll(keepingCapacity: true)
            withUnsafeBytes(of: list[index].status ?? 0) { line.append(contentsOf: $0) }
            line.append(contentsOf: list[index].requestLineBytes)
            let known = numbers.count
            if numbers.number(of: line) == known { places.append(index) }
        }
        return places
    }

    /// True of a response whose head names the field nowhere.
    private static func lacks(_ name: [UInt8], _ exchange: Exchange) -> Bool {
        guard let status = exchange.status, status >= 200, !exchange.responseHead.isEmpty else { return false }
        return !exchange.responseHead.holds(name)
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
