package import WorkerDomain

/// Selects exchanges by a text that a person types; the language stands in docs/reference/filter-language.md.
package struct TrafficFilter: Sendable, Equatable {
    /// A condition, or several joined.
    indirect enum Node: Sendable, Equatable {
        case all
        case term(FilterTerm)
        case not(Node)
        /// In ascending order of cost.
        case and([Node])
        case or([Node])
    }

    /// Characters of a filter at most.
    package static let lengthLimit = 2_000
    /// Parentheses and negations inside one another at most.
    package static let depthLimit = 64

    /// As it was typed.
    package let text: String
    private let root: Node

    /// A filter that every exchange passes.
    package init() {
        self.text = ""
        self.root = .all
    }

    /// Reads a filter; a blank text passes everything.
    /// - Parameter text: As a person typed it.
    /// - Throws: ``TrafficFilterError`` with the place, what is wrong, and what to write instead.
    package init(parsing text: String) throws(TrafficFilterError) {
        var parser = FilterParser(text)
        self.root = try parser.parse()
        self.text = text
    }

    /// True when every exchange passes.
    package var isEmpty: Bool { self.root == .all }

    /// Says whether an exchange passes at a time.
    package func matches(_ exchange: Exchange, now: WallTime) -> Bool { Self.decide(self.root, exchange, now) }

    private static func decide(_ node: Node, _ exchange: Exchange, _ now: WallTime) -> Bool {
        switch node {
        case .all: true
        case .term(let term): term.matches(exchange, now: now)
        case .not(let inner): !self.decide(inner, exchange, now)
        case .and(let nodes): nodes.allSatisfy { self.decide($0, exchange, now) }
        case .or(let nodes): nodes.contains { self.decide($0, exchange, now) }
        }
    }
}

extension TrafficFilter.Node {
    /// See ``FilterTerm/cost``; of several, the highest.
    var cost: Int {
        switch self {
        case .all: 0
        case .term(let term): term.cost
        case .not(let inner): inner.cost
        case .and(let nodes), .or(let nodes): nodes.reduce(0) { max($0, $1.cost) }
        }
    }
}
