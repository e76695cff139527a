/// Reads the filter language by recursive descent; its depth and the length of its text are bounded.
struct FilterParser {
    typealias Node = TrafficFilter.Node

    var reader: FilterReader
    private var depth = 0

    init(_ text: String) {
        self.reader = FilterReader(text)
    }

    mutating func parse() throws(TrafficFilterError) -> Node {
        guard self.reader.count <= TrafficFilter.lengthLimit else {
            throw TrafficFilterError(
                offset: TrafficFilter.lengthLimit,
                problem: "a filter has at most \(TrafficFilter.lengthLimit) characters; shorten it")
        }
        self.reader.skipBlanks()
        if self.reader.isAtEnd { return .all }
        let node = try self.alternatives()
        if self.reader.peek() == ")" {
            throw self.reader.problem("unmatched ); remove it, or add the missing (")
        }
        return node
    }

    /// `a | b | c`.
    private mutating func alternatives() throws(TrafficFilterError) -> Node {
        var nodes = [try self.conjunction()]
        while self.reader.peek() == "|" {
            self.reader.advance()
            if self.reader.peek() == "|" { self.reader.advance() }
            nodes.append(try self.conjunction())
        }
        return nodes.count == 1 ? nodes[0] : .or(nodes)
    }

    /// `a & b c`.
    private mutating func conjunction() throws(TrafficFilterError) -> Node {
        var nodes = [try self.negation()]
        while true {
            self.reader.skipBlanks()
            guard let next = self.reader.peek(), next != "|", next != ")" else { break }
            if next == "&" {
                self.reader.advance()
                if self.reader.peek() == "&" { self.reader.advance() }
            }
            nodes.append(try self.negation())
        }
        // Bodies are looked into only when everything cheaper holds.
        let ordered = nodes.enumerated().sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
        return nodes.count == 1 ? nodes[0] : .and(ordered.map(\.element))
    }

    /// `!a`, `(a)` or a condition.
    private mutating func negation() throws(TrafficFilterError) -> Node {
        self.reader.skipBlanks()
        guard let next = self.reader.peek() else {
            throw self.reader.problem("a condition is missing at the end; write one, for example st:5xx")
        }
        switch next {
        case "&", "|", ")":
            throw self.reader.problem("a condition is missing before \(next); write one, for example st:5xx")
        case "!", "(":
            self.depth += 1
            defer { self.depth -= 1 }
            guard self.depth <= TrafficFilter.depthLimit else {
                throw self.reader.problem(
                    "nested more than \(TrafficFilter.depthLimit) levels deep with ( and !; simplify it")
            }
            let opening = self.reader.offset
            self.reader.advance()
            if next == "!" { return .not(try self.negation()) }
            let node = try self.alternatives()
            guard self.reader.peek() == ")" else {
                throw TrafficFilterError(offset: opening, problem: "this ( is never closed; add the missing )")
            }
            self.reader.advance()
            return node
        default:
            return try self.condition()
        }
    }
}
