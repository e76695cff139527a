extension FilterParser {
    /// What may stand before `:`, `~` or a comparison, and an example of each.
    static let fields: [(name: String, example: String)] = [
        ("path", "path:/api"), ("m", "m:POST"), ("st", "st:5xx"), ("dur", "dur>200ms"), ("size", "size>1MB"),
        ("up", "up>1MB"), ("tgt", "tgt:blue"), ("h", "h:origin~example"), ("hq", "hq:authorization"),
        ("hs", "hs:content-type~json"), ("body", "body~\"text\""), ("bq", "bq~\"text\""), ("bs", "bs~\"text\""),
        ("since", "since:5m"), ("flag", "flag:error"), ("id", "id:12405"), ("from", "from:127.0.0.1"),
    ]

    /// Reads one condition; the next character begins it.
    mutating func condition() throws(TrafficFilterError) -> Node {
        if self.reader.peek() == "\"" { return .term(.word(TextNeedle(try self.reader.quoted()))) }
        if self.reader.peek() == "#", let digit = self.reader.peek(1), digit.isASCII, digit.isNumber {
            self.reader.advance()
            return .term(.id(.equals, try self.number(example: "#12405")))
        }
        var ahead = 0
        var name = ""
        while let next = self.reader.peek(ahead), next.isASCII, next.isLetter {
            name.append(Character(next.lowercased()))
            ahead += 1
        }
        guard !name.isEmpty, let sign = self.reader.peek(ahead), self.isSign(sign, at: ahead) else {
            return .term(self.word())
        }
        guard let field = Self.fields.first(where: { $0.name == name }) else {
            // `page=2` is more likely a text than a field.
            if sign == "=" { return .term(self.word()) }
            let known = Self.fields.map(\.name).joined(separator: ", ")
            throw self.reader.problem(
                "unknown field \(name); use one of \(known), or put the text in quotes to look for it")
        }
        self.reader.advance(ahead)
        return .term(try self.term(field.name, example: field.example))
    }

    private func isSign(_ character: Character, at ahead: Int) -> Bool {
        character == "!" ? self.reader.peek(ahead + 1) == "=" : ":~<>=".contains(character)
    }

    /// A text without quotes; `preflight` alone is the flag.
    private mutating func word() -> FilterTerm {
        let text = self.reader.run()
        return text.lowercased() == "preflight" ? .flag(.preflight) : .word(TextNeedle(text))
    }

    private mutating func term(_ name: String, example: String) throws(TrafficFilterError) -> FilterTerm {
        switch name {
        case "path": return .path(TextNeedle(try self.text(example)))
        case "m":
            let methods = try self.text(example).split(separator: ",").map { TextNeedle(String($0)) }
            return .methods(methods)
        case "st": return try self.status()
        case "dur":
            let comparison = try self.comparison(example)
            return .duration(comparison, try self.duration(example))
        case "size", "up":
            let comparison = try self.comparison(example)
            return .size(name == "up" ? .request : .response, comparison, try self.bytes(example))
        case "tgt":
            let backend = try self.text(example)
            return .backend(backend.lowercased() == "none" ? nil : TextNeedle(backend))
        case "h": return try self.field(.either, example)
        case "hq": return try self.field(.request, example)
        case "hs": return try self.field(.response, example)
        case "body": return .body(.either, TextNeedle(try self.text(example)))
        case "bq": return .body(.request, TextNeedle(try self.text(example)))
        case "bs": return .body(.response, TextNeedle(try self.text(example)))
        case "since":
            try self.sign(":", example)
            return .since(try self.duration(example))
        case "flag": return try self.flag(example)
        case "from": return .downstream(TextNeedle(try self.text(example)))
        default:
            let comparison = try self.comparison(example)
            if self.reader.peek() == "#" { self.reader.advance() }
            return .id(comparison, try self.number(example: example))
        }
    }

    private mutating func sign(_ wanted: Character, _ example: String) throws(TrafficFilterError) {
        guard self.reader.peek() == wanted else {
            throw self.reader.problem("expected \(wanted) here; write it as \(example)")
        }
        self.reader.advance()
    }

    /// `:text`, `~text` or `="text"`.
    private mutating func text(_ example: String) throws(TrafficFilterError) -> String {
        guard let sign = self.reader.peek(), ":~=".contains(sign) else {
            throw self.reader.problem("a text cannot be compared that way; write it as \(example)")
        }
        self.reader.advance()
        return try self.value(example)
    }

    private mutating func value(_ example: String) throws(TrafficFilterError) -> String {
        if self.reader.peek() == "\"" { return try self.reader.quoted() }
        let place = self.reader
        let text = self.reader.run()
        guard !text.isEmpty else { throw place.problem("a text is missing here; write it as \(example)") }
        return text
    }

    /// `>`, `>=` and so on; `:` stands for `=`, or for nothing before another sign.
    private mutating func comparison(_ example: String) throws(TrafficFilterError) -> FilterTerm.Comparison {
        var hasColon = false
        if self.reader.peek() == ":" {
            self.reader.advance()
            hasColon = true
        }
        for comparison in FilterTerm.Comparison.allCases {
            let sign = Array(comparison.rawValue)
            if sign.indices.allSatisfy({ self.reader.peek($0) == sign[$0] }) {
                self.reader.advance(sign.count)
                return comparison
            }
        }
        guard hasColon else { throw self.reader.problem("expected >, <, >=, <= or = here; write it as \(example)") }
        return .equals
    }

    /// `name`, `name~part` or `name=whole`.
    private mutating func field(_ side: FilterTerm.Side, _ example: String) throws(TrafficFilterError) -> FilterTerm {
        try self.sign(":", example)
        let place = self.reader
        let name = self.reader.run(stops: "~=")
        guard !name.isEmpty else { throw place.problem("the name of a field is missing here; write it as \(example)") }
        switch self.reader.peek() {
        case "~":
            self.reader.advance()
            return .field(side, name: TextNeedle(name), .contains(TextNeedle(try self.value(example))))
        case "=":
            self.reader.advance()
            return .field(side, name: TextNeedle(name), .equals(TextNeedle(try self.value(example))))
        default: return .field(side, name: TextNeedle(name), .exists)
        }
    }

    private mutating func flag(_ example: String) throws(TrafficFilterError) -> FilterTerm {
        try self.sign(":", example)
        let place = self.reader
        let name = self.reader.run().lowercased()
        guard let flag = FilterFlag(rawValue: name) else {
            let known = FilterFlag.allCases.map(\.rawValue).joined(separator: ", ")
            throw place.problem("unknown flag; use one of \(known)")
        }
        return .flag(flag)
    }
}
