import WorkerDomain

/// One condition of a filter.
enum FilterTerm: Sendable, Equatable {
    enum Comparison: String, Sendable, Equatable, CaseIterable {
        // Two characters first: the reader takes the first that fits.
        case atLeast = ">="
        case atMost = "<="
        case isNot = "!="
        case above = ">"
        case below = "<"
        case equals = "="

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .atLeast: left >= right
            case .atMost: left <= right
            case .isNot: left != right
            case .above: left > right
            case .below: left < right
            case .equals: left == right
            }
        }
    }

    /// Which of the two messages of an exchange.
    enum Side: Sendable, Equatable { case request, response, either }

    enum FieldTest: Sendable, Equatable {
        case exists
        case contains(TextNeedle)
        case equals(TextNeedle)
    }

    case word(TextNeedle)
    case path(TextNeedle)
    case methods([TextNeedle])
    /// Any of these ranges; an empty list stands for no status.
    case statuses([ClosedRange<Int>])
    case status(Comparison, Int)
    case duration(Comparison, Duration)
    case size(Side, Comparison, Int)
    /// `nil` for no backend.
    case backend(TextNeedle?)
    case field(Side, name: TextNeedle, FieldTest)
    case body(Side, TextNeedle)
    case since(Duration)
    case flag(FilterFlag)
    case id(Comparison, UInt64)
    case downstream(TextNeedle)

    /// What it costs to decide, to put the cheap ones first: 0 for numbers, 1 for short texts, 2 for heads, 3 for bodies.
    var cost: Int {
        switch self {
        case .methods, .statuses, .status, .duration, .size, .since, .id: 0
        case .flag, .path, .backend, .downstream: 1
        case .field: 2
        case .word, .body: 3
        }
    }

    /// - Parameters:
    ///   - exchange: As it is now.
    ///   - now: The time that ages are measured to.
    /// - Returns: True when the condition holds.
    func matches(_ exchange: Exchange, now: WallTime) -> Bool {
        switch self {
        case .word(let needle):
            Self.target(of: exchange, contains: needle) || Self.body(of: exchange, .either, contains: needle)
        case .path(let needle): Self.target(of: exchange, contains: needle)
        case .methods(let names): names.contains { $0.equals(exchange.method) }
        case .statuses(let ranges):
            exchange.status.map { status in ranges.contains { $0.contains(status) } } ?? ranges.isEmpty
        case .status(let comparison, let value): exchange.status.map { comparison.holds($0, value) } ?? false
        case .duration(let comparison, let value):
            Self.duration(of: exchange, now: now).map { comparison.holds($0, value) } ?? false
        case .size(let side, let comparison, let value):
            comparison.holds(
                side == .request ? exchange.requestBody.totalBytes : exchange.responseBody.totalBytes, value)
        case .backend(let name): Self.backend(of: exchange, is: name)
        case .field(let side, let name, let test): Self.field(of: exchange, side, name, test)
        case .body(let side, let needle): Self.body(of: exchange, side, contains: needle)
        case .since(let span): now.since(exchange.startedAt) <= span
        case .flag(let flag): flag.isSet(on: exchange)
        case .id(let comparison, let value): comparison.holds(exchange.id.rawValue, value)
        case .downstream(let needle): needle.occurs(in: exchange.downstream)
        }
    }

    private static func target(of exchange: Exchange, contains needle: TextNeedle) -> Bool {
        if needle.occurs(in: exchange.target) { return true }
        // A browser sends 张三 as %E5%BC%A0%E4%B8%89; a person types what it means.
        guard exchange.target.utf8.contains(0x25) else { return false }
        return needle.occurs(in: PercentDecoding.bytes(of: exchange.target))
    }

    private static func body(of exchange: Exchange, _ side: Side, contains needle: TextNeedle) -> Bool {
        (side != .response && needle.occurs(in: exchange.requestBody.bytes))
            || (side != .request && needle.occurs(in: exchange.responseBody.bytes))
    }

    private static func duration(of exchange: Exchange, now: WallTime) -> Duration? {
        if let total = exchange.timers.total { return total }
        return exchange.isInFlight ? now.since(exchange.startedAt) : nil
    }

    private static func backend(of exchange: Exchange, is name: TextNeedle?) -> Bool {
        guard case .backend(let backend) = exchange.route else { return name == nil }
        return name?.equals(backend) ?? false
    }

    private static func field(of exchange: Exchange, _ side: Side, _ name: TextNeedle, _ test: FieldTest) -> Bool {
        func holds(in head: [UInt8]) -> Bool {
            // Most heads do not even hold the name: only the others are parsed.
            guard name.occurs(in: head) else { return false }
            return MessageHead(head).fields.contains { field in
                guard name.equals(field.name) else { return false }
                switch test {
                case .exists: return true
                case .contains(let needle): return needle.occurs(in: field.value)
                case .equals(let value): return value.equals(field.value)
                }
            }
        }
        return (side != .response && holds(in: exchange.requestHead))
            || (side != .request && holds(in: exchange.responseHead))
    }
}

/// Undoes percent-encoding for a search; what is not encoded well stays as it is.
enum PercentDecoding {
    static func bytes(of text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count, let high = self.digit(bytes[index + 1]),
                let low = self.digit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
