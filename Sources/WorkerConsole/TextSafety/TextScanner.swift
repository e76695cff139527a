/// Finds secrets in text of any kind: values behind telling names, user information of URLs, credentials by their shape.
///
/// What is percent-encoded is looked at decoded too, so that `?next=/cb%3Ftoken=…` hides no name.
struct TextScanner {
    /// How far a text is read as data.
    enum Style: Sendable, Equatable {
        /// `name=value`, `name: value`, markup.
        case data
        /// The same, and what stands at its start is a parameter: a form, a query.
        case form
        /// Sentences: behind a colon and a blank only what looks no word is a value.
        case prose
        /// Source text: behind a name only what stands in quotation marks is a value, and in them `name=value` as well.
        case code
    }

    /// Layers of percent-encoding that are taken off.
    private static let deepest = 3

    let rules: Redaction
    let style: Style

    func scan(_ bytes: [UInt8], depth: Int = 0) -> SecretRanges {
        var found = SecretRanges()
        self.words(bytes, &found)
        self.separators(bytes, &found)
        if self.style != .prose { MarkupScanner(rules: self.rules).scan(bytes, &found) }
        if depth < Self.deepest, let decoded = MappedBytes(percentEncoded: bytes) {
            found.hide(self.scan(decoded.bytes, depth: depth + 1), through: decoded)
        }
        return found
    }

    // MARK: - Words

    private func words(_ bytes: [UInt8], _ found: inout SecretRanges) {
        var index = 0
        while index < bytes.count {
            guard Self.isWordByte(bytes[index]) else {
                index += 1
                continue
            }
            var end = index
            while end < bytes.count, Self.isWordByte(bytes[end]) { end += 1 }
            index = max(end, self.word(bytes, index..<end, &found))
        }
    }

    /// - Returns: The place up to which nothing more need be looked for.
    private func word(_ bytes: [UInt8], _ word: Range<Int>, _ found: inout SecretRanges) -> Int {
        var rest = word
        while let credential = SecretShapes.credential(in: bytes, word: rest) {
            found.hide(credential)
            rest = credential.upperBound..<word.upperBound
        }
        if word.count > 20 { self.segments(bytes, word, &found) }
        if let token = Credentials.token(behind: word, in: bytes) { found.hide(token) }
        guard bytes[word.lowerBound] == 0x2D, let key = Self.privateKey(bytes, word) else { return word.upperBound }
        found.hide(key)
        return key.upperBound
    }

    /// A long part of a path behind a telling one: `/reset/9f86d081884c7d659a2f`.
    private func segments(_ bytes: [UInt8], _ word: Range<Int>, _ found: inout SecretRanges) {
        guard bytes[word].contains(0x2F) else { return }
        let segments = bytes[word].split(separator: 0x2F)
        for (place, segment) in segments.enumerated().dropFirst() where segment.count >= 20 {
            guard SecretShapes.looksLikeCredential(segment) else { continue }
            // A webhook's secret has the numbers of its owner before it.
            let before = segments[max(0, place - 3)..<place]
            let isTold = before.enumerated().contains { offset, part in
                let text = String(decoding: part, as: UTF8.self)
                if text == "webhooks" || text == "services" || text == "hooks" { return true }
                return offset == before.count - 1 && SecretNames.verdict(of: text) != .plain
            }
            if isTold { found.hide(segment.startIndex..<segment.endIndex) }
        }
    }

    /// What stands between the lines of a private key in PEM (RFC 7468), or behind the first where the second is missing.
    private static func privateKey(_ bytes: [UInt8], _ word: Range<Int>) -> Range<Int>? {
        guard word.count >= 10, bytes[word].starts(with: Array("-----BEGIN".utf8)) else { return nil }
        let line = bytes[word.lowerBound...].prefix(80)
        guard let name = line.firstRange(of: Array("PRIVATE".utf8)),
            let end = bytes[name.upperBound...].prefix(40).firstRange(of: Array("-----".utf8))
        else { return nil }
        let behind = bytes[end.upperBound...]
        return end.upperBound..<(behind.firstRange(of: Array("-----END".utf8))?.lowerBound ?? behind.endIndex)
    }

    /// Bytes of tokens (RFC 6750), of base64 and of paths.
    static func isWordByte(_ byte: UInt8) -> Bool {
        if byte.isLetter || byte.isDigit { return true }
        switch byte {
        case 0x2B, 0x2D, 0x2E, 0x2F, 0x3D, 0x5F, 0x7E: return true
        default: return false
        }
    }

    // MARK: - Separators

    private func separators(_ bytes: [UInt8], _ found: inout SecretRanges) {
        let pairs = PairReader(bytes: bytes, rules: self.rules, style: self.style)
        // A value that is hidden holds no further ones, and a run of signs is not gone through again and again.
        var pairEnd = 0
        var runStart = 0
        var signs = 0
        var texts = SourceTexts()
        for (index, byte) in bytes.enumerated() {
            if self.style == .code { texts.take(byte) }
            switch byte {
            case UInt8(ascii: "="), UInt8(ascii: ":"):
                guard index >= pairEnd, let value = pairs.secret(behind: index, isQuoted: texts.isInside) else {
                    continue
                }
                found.hide(value)
                pairEnd = value.upperBound
            case UInt8(ascii: "@"):
                signs += 1
                guard signs <= 32 else { continue }
                for part in UserInformation.secrets(before: index, from: runStart, in: bytes) { found.hide(part) }
            default:
                guard UserInformation.isEnd(byte) else { continue }
                runStart = index + 1
                signs = 0
            }
        }
    }
}
