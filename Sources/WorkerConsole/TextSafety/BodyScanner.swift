/// Finds the secrets of a body by what it is: JSON in any framing, forms, multipart, markup, text.
struct BodyScanner {
    let rules: Redaction

    /// - Parameters:
    ///   - bytes: What was kept of the body; it may be cut anywhere.
    ///   - type: Its media type, in any case; empty when there is none or it is not known.
    ///   - depth: How many multipart bodies this one stands in.
    /// - Returns: Places in `bytes`.
    func scan(_ bytes: [UInt8], type: String, depth: Int = 0) -> SecretRanges {
        let kind = type.lowercased()
        if depth < 4, let parts = Multipart(bytes: bytes, type: type) {
            return parts.secrets(rules: self.rules, depth: depth)
        }
        let isCode = ["javascript", "ecmascript", "css", "html"].contains { kind.contains($0) }
        // Clients that set no type, or the wrong one, still send forms.
        let isForm = kind.contains("x-www-form-urlencoded") || Self.looksLikeForm(bytes)
        let style: TextScanner.Style = isForm ? .form : isCode ? .code : .data
        var found = TextScanner(rules: self.rules, style: style).scan(bytes)
        if kind.contains("json") || Self.looksLikeJSON(bytes) { self.json(bytes, &found) }
        if kind.contains("event-stream") || Self.looksLikeEvents(bytes) { self.events(bytes, &found) }
        if isForm { self.formValues(bytes, &found) }
        return found
    }

    /// The same for a window of a body, which may begin and end anywhere.
    func scanWindow(_ bytes: [UInt8], type: String) -> SecretRanges {
        let kind = type.lowercased()
        let isCode = ["javascript", "ecmascript", "css", "html"].contains { kind.contains($0) }
        let isForm = kind.contains("x-www-form-urlencoded") || Self.looksLikeForm(bytes)
        return TextScanner(rules: self.rules, style: isForm ? .form : isCode ? .code : .data).scan(bytes)
    }

    private func json(_ bytes: [UInt8], _ found: inout SecretRanges) {
        var json = JSONSecrets(bytes: bytes, rules: self.rules)
        json.run()
        found.hide(json.found)
    }

    // MARK: - Framings

    /// True when an object or a list begins at the start, or behind what keeps it from being run as a script: `)]}',`,
    /// `while(1);`, `for(;;);`, a callback's name, a byte order mark, a record separator (RFC 7464).
    static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first(where: { !$0.isSpace && $0 != 0x1E }) else { return false }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"") { return true }
        guard let open = bytes.prefix(96).firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") })
        else {
            return false
        }
        let next = bytes[(open + 1)...].first { !$0.isSpace }
        return next.map { [0x22, 0x7B, 0x5B, 0x5D, 0x7D].contains($0) } ?? false
    }

    private static func looksLikeForm(_ bytes: [UInt8]) -> Bool {
        bytes.contains(UInt8(ascii: "=")) && !bytes.contains { $0 <= 0x20 || $0 >= 0x7F }
            && bytes.first != UInt8(ascii: "<") && bytes.first != UInt8(ascii: "{") && bytes.first != UInt8(ascii: "[")
    }

    private static func looksLikeEvents(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(256).split(whereSeparator: \.isLineEnd).prefix(4).contains { $0.starts(with: Array("data:".utf8)) }
    }

    /// The JSON of server-sent events: the `data` lines joined, as a browser joins them.
    private func events(_ bytes: [UInt8], _ found: inout SecretRanges) {
        var data = MappedBytes()
        let label = Array("data:".utf8)
        for line in bytes.split(omittingEmptySubsequences: true, whereSeparator: \.isLineEnd)
        where line.starts(with: label) {
            for index in (line.startIndex + label.count)..<line.endIndex {
                data.append(bytes[index], from: index, to: index + 1)
            }
            data.append(0x0A, from: line.endIndex, to: line.endIndex)
        }
        guard data.bytes.contains(UInt8(ascii: "{")) || data.bytes.contains(UInt8(ascii: "[")) else { return }
        var json = JSONSecrets(bytes: data.bytes, rules: self.rules)
        json.run()
        found.hide(json.found, through: data)
    }

    /// JSON in a form's fields: `payload=%7B%22token%22…`.
    private func formValues(_ bytes: [UInt8], _ found: inout SecretRanges) {
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = pair[(equals + 1)...]
            if let decoded = MappedBytes(percentEncoded: value), Self.looksLikeJSON(decoded.bytes) {
                var inner = SecretRanges()
                self.json(decoded.bytes, &inner)
                for part in inner.merged {
                    let source = decoded.source(of: part.range)
                    found.hide((source.lowerBound + value.startIndex)..<(source.upperBound + value.startIndex))
                }
            } else if Self.looksLikeJSON(Array(value)) {
                var inner = SecretRanges()
                self.json(Array(value), &inner)
                for part in inner.merged {
                    found.hide((part.range.lowerBound + value.startIndex)..<(part.range.upperBound + value.startIndex))
                }
            }
        }
    }
}
