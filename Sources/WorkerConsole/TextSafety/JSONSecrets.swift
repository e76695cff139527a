/// One pass over JSON, one value or many, cut or with something before it; it never fails.
struct JSONSecrets {
    private struct Level {
        let isObject: Bool
        /// Every text below is secret; numbers only when the name says so.
        let verdict: SecretNames.Verdict
        /// The value of the member `name`, `key` …, which says what the member `value` is.
        var pairName: SecretNames.Verdict?
        /// A member `value` that came before it.
        var pairValue: Range<Int>?
    }

    private static let naming: Set<String> = [
        "name", "key", "field", "header", "parameter", "param", "variable", "id", "k", "label",
    ]
    private static let holding: Set<String> = [
        "value", "val", "v", "content", "text", "data", "default", "stringvalue",
    ]
    /// JSON within strings of JSON is read so deep.
    private static let deepest = 3

    let bytes: [UInt8]
    let rules: Redaction
    var depth = 0
    private(set) var found = SecretRanges()
    private var position = 0
    private var levels: [Level] = []
    private var name: String?
    private var expectsName = false

    init(bytes: [UInt8], rules: Redaction, depth: Int = 0) {
        self.bytes = bytes
        self.rules = rules
        self.depth = depth
    }

    mutating func run() {
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            switch byte {
            case UInt8(ascii: "\""): self.string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = byte == UInt8(ascii: "{")
                var verdict = self.verdictBelow
                // Lists of codes are judged one by one, like a single one; an object has names of its own.
                if isObject, verdict == .weak || verdict == .grant { verdict = .plain }
                self.levels.append(Level(isObject: isObject, verdict: verdict))
                self.expectsName = isObject
                self.name = nil
                self.position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if !self.levels.isEmpty { self.levels.removeLast() }
                self.name = nil
                self.expectsName = false
                self.position += 1
            case UInt8(ascii: ","):
                self.expectsName = self.levels.last?.isObject ?? false
                self.name = nil
                self.position += 1
            case UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D: self.position += 1
            default: self.word()
            }
        }
    }

    /// What the name before this place says, or one above it.
    private var verdictBelow: SecretNames.Verdict {
        let above = self.levels.last?.verdict ?? .plain
        let own = self.name.map { self.rules.verdict(parameter: $0) } ?? .plain
        if own == .secret || own == .counted { return above == .secret ? .secret : own }
        return above == .plain ? own : above
    }

    private mutating func string() {
        let start = self.position
        var end = start + 1
        while end < self.bytes.count, self.bytes[end] != UInt8(ascii: "\"") {
            end += self.bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        let isClosed = end < self.bytes.count
        end = min(end, self.bytes.count)
        self.position = isClosed ? end + 1 : end
        let content = min(start + 1, end)..<end
        let decoded =
            self.bytes[content].contains(UInt8(ascii: "\\")) ? MappedBytes(stringLiteral: self.bytes[content]) : nil
        let text = decoded?.bytes ?? Array(self.bytes[content])
        if self.expectsName {
            self.name = String(decoding: text.prefix(SecretNames.longest + 1), as: UTF8.self)
            self.expectsName = false
            // A map whose keys are the secrets.
            self.nested(text, decoded, content)
            return
        }
        guard !content.isEmpty else { return }
        if self.isSecret(text[...], verdict: self.verdictBelow) || self.isPaired(text, content) {
            self.found.hide(content)
        } else {
            self.nested(text, decoded, content)
        }
    }

    private func isSecret(_ text: ArraySlice<UInt8>, verdict: SecretNames.Verdict) -> Bool {
        switch verdict {
        case .plain: false
        case .weak, .grant: SecretShapes.looksLikeCredential(text)
        case .counted, .secret: true
        }
    }

    /// `{"name": "password", "value": "…"}`, in either order.
    private mutating func isPaired(_ text: [UInt8], _ content: Range<Int>) -> Bool {
        guard let name = self.name?.lowercased(), let last = self.levels.indices.last, self.levels[last].isObject else {
            return false
        }
        if Self.naming.contains(name) {
            let verdict = self.rules.verdict(
                parameter: String(decoding: text.prefix(SecretNames.longest + 1), as: UTF8.self))
            guard verdict != .plain else { return false }
            self.levels[last].pairName = verdict
            if let value = self.levels[last].pairValue, self.isSecret(self.bytes[value], verdict: verdict) {
                self.found.hide(value)
            }
            return false
        }
        guard Self.holding.contains(name) else { return false }
        self.levels[last].pairValue = content
        return self.levels[last].pairName.map { self.isSecret(text[...], verdict: $0) } ?? false
    }

    /// Looks into a text: URLs, forms, JSON in JSON.
    private mutating func nested(_ text: [UInt8], _ decoded: MappedBytes?, _ content: Range<Int>) {
        guard text.count >= 5 else { return }
        var inner = TextScanner(rules: self.rules, style: .data).scan(text)
        if self.depth < Self.deepest, BodyScanner.looksLikeJSON(text) {
            var json = JSONSecrets(bytes: text, rules: self.rules, depth: self.depth + 1)
            json.run()
            inner.hide(json.found)
        }
        for part in inner.merged {
            self.found.hide(decoded?.source(of: part.range) ?? part.range.shifted(by: content.lowerBound))
        }
    }

    /// A number, or anything else up to the next mark of the grammar.
    private mutating func word() {
        let start = self.position
        while self.position < self.bytes.count, !Self.isMark(self.bytes[self.position]) { self.position += 1 }
        guard let first = self.bytes[start..<self.position].first, first.isDigit || first == 0x2D else { return }
        var isSecret = self.verdictBelow == .secret
        if let name = self.name?.lowercased(), Self.holding.contains(name), self.levels.last?.pairName == .secret {
            isSecret = true
        }
        if isSecret { self.found.hide(start..<self.position, needsQuotes: true) }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ":"),
            UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
            true
        default: false
        }
    }
}
