/// Reads `name=value` and `name: value` in text of any kind, around the `=` or `:` between them.
struct PairReader {
    private static let quotes: Set<UInt8> = [0x22, 0x27, 0x60]
    /// What stands for no value.
    private static let nothing: Set<String> = [
        "null", "true", "false", "undefined", "nil", "none", "yes", "no", "optional",
    ]
    /// A value is judged by its looks from so much of it.
    private static let judged = 64

    let bytes: [UInt8]
    let rules: Redaction
    let style: TextScanner.Style

    /// A name, and where in the text it stands.
    private struct Name {
        var text: String
        var start: Int
        var isQuoted: Bool
        /// The mark of a query stands before it.
        var isParameter: Bool
    }

    /// The value behind a separator, when it is secret.
    ///
    /// - Parameters:
    ///   - index: The separator's place.
    ///   - isQuoted: It stands in a text of the source: a connection string, a query.
    /// - Returns: `nil` where there is no value, or none that is secret.
    func secret(behind index: Int, isQuoted: Bool = false) -> Range<Int>? {
        guard let start = self.valueStart(behind: index), let name = self.name(before: index) else { return nil }
        var verdict = self.rules.verdict(parameter: name.text)
        if verdict == .plain || verdict == .weak, let longer = self.longerName(name) {
            let other = self.rules.verdict(parameter: longer)
            if other == .secret || other == .counted { verdict = other }
        }
        let isBot = verdict == .plain && Self.isBot(name.text)
        if isBot { verdict = .weak }
        guard verdict != .plain else { return nil }
        let isWeak = verdict == .weak || (verdict == .grant && !name.isParameter)
        let limit = isWeak ? Self.judged : Int.max
        guard var value = self.value(from: start, behind: index, name: name, isQuoted: isQuoted, limit: limit),
            !value.isEmpty
        else { return nil }
        if isBot { value = value.lowerBound..<(self.bytes[value].firstIndex(of: 0x2F) ?? value.upperBound) }
        let content = self.bytes[value]
        if isWeak {
            guard SecretShapes.looksLikeCredential(content) else { return nil }
            return isBot || value.count < Self.judged
                ? value : self.value(from: start, behind: index, name: name, isQuoted: isQuoted, limit: .max)
        }
        if verdict == .counted, content.allSatisfy({ $0.isDigit || $0 == 0x2E || $0 == 0x2D }) { return nil }
        if content.count <= 9, Self.nothing.contains(String(decoding: content, as: UTF8.self).lowercased()) {
            return nil
        }
        if let behind = Credentials.secretStart(of: content) { value = behind..<value.upperBound }
        return value
    }

    // MARK: - Names

    /// `bot123456`, before the colon of a Telegram bot's token.
    private static func isBot(_ name: String) -> Bool {
        name.hasPrefix("bot") && name.utf8.count >= 8 && name.utf8.dropFirst(3).allSatisfy(\.isDigit)
    }

    private func name(before index: Int) -> Name? {
        var end = index
        while end > 0, index - end < 8, self.bytes[end - 1].isBlank { end -= 1 }
        guard end > 0 else { return nil }
        if self.bytes[end - 1] == UInt8(ascii: "]"), end > 1, Self.quotes.contains(self.bytes[end - 2]) { end -= 1 }
        if Self.quotes.contains(self.bytes[end - 1]) { return self.quotedName(endingAt: end - 1) }
        let last = max(0, end - SecretNames.longest)
        var start = end
        while start > last, Self.isNameByte(self.bytes[start - 1]) { start -= 1 }
        guard start < end else { return nil }
        let before = start > 0 ? self.bytes[start - 1] : nil
        let isParameter =
            before.map { [0x3F, 0x26, 0x23].contains($0) } ?? (self.style == .form)
        let text = String(decoding: self.bytes[start..<end], as: UTF8.self)
        return Name(text: text, start: start, isQuoted: false, isParameter: isParameter)
    }

    private func quotedName(endingAt quote: Int) -> Name? {
        let mark = self.bytes[quote]
        let end = quote > 0 && self.bytes[quote - 1] == UInt8(ascii: "\\") ? quote - 1 : quote
        let last = max(0, end - SecretNames.longest)
        var start = end
        while start > last, self.bytes[start - 1] != mark, !self.bytes[start - 1].isLineEnd { start -= 1 }
        guard start > 0, start < end, self.bytes[start - 1] == mark else { return nil }
        let text = String(decoding: self.bytes[start..<end], as: UTF8.self)
        return Name(text: text, start: start, isQuoted: true, isParameter: false)
    }

    /// `API key`: the word before belongs to the name.
    private func longerName(_ name: Name) -> String? {
        guard !name.isQuoted, name.start > 1, self.bytes[name.start - 1] == 0x20,
            name.text.utf8.contains(where: \.isLetter)
        else { return nil }
        let end = name.start - 1
        var start = end
        while start > max(0, end - 32), Self.isNameByte(self.bytes[start - 1]) { start -= 1 }
        // The parameters of a challenge stand behind its scheme.
        guard start < end, !Credentials.isTold(self.bytes[start..<end]) else { return nil }
        return String(decoding: self.bytes[start..<end], as: UTF8.self) + "_" + name.text
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte >= 0x80 || [0x5F, 0x2D, 0x2E, 0x24, 0x5B, 0x5D, 0x25].contains(byte)
    }

    // MARK: - Values

    /// Where the value begins; `nil` where the sign is an operator, or part of `://` or `::`.
    private func valueStart(behind index: Int) -> Int? {
        let bytes = self.bytes
        let isEquals = bytes[index] == UInt8(ascii: "=")
        let before = index > 0 ? bytes[index - 1] : 0
        var start = index + 1
        if isEquals {
            if [0x21, 0x3C, 0x3E, 0x3D].contains(before) { return nil }
            if start < bytes.count, bytes[start] == UInt8(ascii: "=") { return nil }
            if start < bytes.count, bytes[start] == UInt8(ascii: ">") { start += 1 }
        } else {
            if before == UInt8(ascii: ":") { return nil }
            if start < bytes.count, bytes[start] == UInt8(ascii: ":") { return nil }
            if start + 1 < bytes.count, bytes[start] == 0x2F, bytes[start + 1] == 0x2F { return nil }
            // `:=` is one sign; the value is found behind its second half.
            if start < bytes.count, bytes[start] == UInt8(ascii: "=") { start += 1 }
        }
        while start < bytes.count, bytes[start].isBlank { start += 1 }
        return start < bytes.count && !bytes[start].isLineEnd ? start : nil
    }

    private func value(
        from start: Int, behind index: Int, name: Name, isQuoted: Bool, limit: Int
    ) -> Range<Int>? {
        let bytes = self.bytes
        let end = limit == .max ? bytes.count : min(bytes.count, start + limit)
        let isEscaped = bytes[start] == UInt8(ascii: "\\") && start + 1 < end && Self.quotes.contains(bytes[start + 1])
        let open = isEscaped ? start + 1 : start
        if Self.quotes.contains(bytes[open]) {
            let mark = bytes[open]
            var place = open + 1
            while place < end, bytes[place] != mark {
                if isEscaped, bytes[place] == UInt8(ascii: "\\"), place + 1 < end, bytes[place + 1] == mark { break }
                place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
            }
            return (open + 1)..<max(open + 1, min(place, end))
        }
        // Objects and lists are read as such; calls and references are no values.
        if [0x7B, 0x5B, 0x28].contains(bytes[start]) { return nil }
        if self.style == .code { return isQuoted ? self.quotedValue(start, end, behind: index) : nil }
        // What is hidden already.
        if bytes[start...].starts(with: Array("•".utf8)) { return nil }
        let isColon = bytes[index] == UInt8(ascii: ":")
        if name.isParameter { return start..<(bytes[start..<end].firstIndex { Self.endsParameter($0) } ?? end) }
        let isLine = isColon && start > index + 1 && !name.isQuoted
        if isLine, self.style == .prose { return self.proseValue(start, end) }
        let isPhrase = SecretNames.isPhrase(name.text)
        if isLine || isPhrase { return start..<self.lineEnd(start, end) }
        return
            start..<self.wordEnd(
                start, end, isQuoted: name.isQuoted, scheme: Credentials.secretStart(of: bytes[start..<end].prefix(40)))
    }

    /// Within a text of the source: `Password=x;` of a connection string, `?token=x`, a sentence with a value.
    private func quotedValue(_ start: Int, _ end: Int, behind index: Int) -> Range<Int>? {
        // A place that is filled in later: `%s`, `$NAME`, `<name>`.
        if [0x25, 0x24, 0x3C].contains(self.bytes[start]) { return nil }
        if start > index + 1 { return self.proseValue(start, end) }
        return start..<self.wordEnd(start, end, isQuoted: true, scheme: nil)
    }

    private static func endsParameter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [0x26, 0x23, 0x22, 0x27, 0x3C, 0x3E, 0x60].contains(byte)
    }

    /// In a sentence a word with a digit, or a long one, is a value.
    private func proseValue(_ start: Int, _ end: Int) -> Range<Int>? {
        var place = Credentials.secretStart(of: self.bytes[start..<end].prefix(40)) ?? start
        let from = place
        while place < end, !self.bytes[place].isSpace, ![0x22, 0x27, 0x2C, 0x3B].contains(self.bytes[place]) {
            place += 1
        }
        let word = self.bytes[from..<place]
        // `token: worker.py:12: …` names a place.
        guard word.last != UInt8(ascii: ":") else { return nil }
        return word.contains(where: \.isDigit) || word.count >= 20 ? from..<place : nil
    }

    /// Up to the end of the line, a semicolon, or a comma that another value follows.
    private func lineEnd(_ start: Int, _ end: Int) -> Int {
        var place = start
        while place < end, !self.bytes[place].isLineEnd, ![0x26, 0x3B, 0x22, 0x3C].contains(self.bytes[place]) {
            if self.bytes[place] == UInt8(ascii: ","), place + 1 < end, self.bytes[place + 1].isSpace { break }
            place += 1
        }
        while place > start, self.bytes[place - 1].isSpace { place -= 1 }
        return place
    }

    private func wordEnd(_ start: Int, _ end: Int, isQuoted: Bool, scheme: Int?) -> Int {
        var place = scheme ?? start
        while place < end, !self.bytes[place].isSpace,
            ![0x26, 0x3B, 0x22, 0x27, 0x3C, 0x3E, 0x60].contains(self.bytes[place])
        {
            if isQuoted, [0x2C, 0x7D, 0x5D].contains(self.bytes[place]) { break }
            if self.bytes[place] == UInt8(ascii: ","), place + 1 < end, self.bytes[place + 1].isSpace { break }
            place += 1
        }
        // Brackets that close before it do not belong to it.
        while place > start, [0x29, 0x5D, 0x7D, 0x2C].contains(self.bytes[place - 1]) { place -= 1 }
        return place
    }
}
