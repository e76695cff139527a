/// The parts of a multipart body (RFC 2046 section 5.1, RFC 7578), as they can be told apart in what was kept.
struct Multipart {
    private struct Part {
        let head: Range<Int>
        let content: Range<Int>
    }

    let bytes: [UInt8]
    private var parts: [Part] = []
    /// What stands before, between and behind the parts.
    private var rest: [Range<Int>] = []

    /// - Returns: `nil` when the body is none of this kind.
    init?(bytes: [UInt8], type: String) {
        self.bytes = bytes
        let isTold = type.lowercased().contains("multipart/")
        guard let delimiter = Self.delimiter(bytes, isTold ? type : nil), isTold || Self.looksLikeOne(bytes) else {
            return nil
        }
        var place = 0
        while let start = bytes[place...].firstRange(of: delimiter) {
            self.rest.append(place..<start.lowerBound)
            place = start.upperBound
            let next = bytes[place...].firstRange(of: delimiter)?.lowerBound ?? bytes.count
            let (head, content) = Self.split(bytes, place..<next)
            self.parts.append(Part(head: head, content: content))
            place = next
        }
        if place < bytes.count { self.rest.append(place..<bytes.count) }
        guard !self.parts.isEmpty else { return nil }
    }

    /// Two hyphens and the boundary: as the type says, or as the body begins where that does not fit.
    private static func delimiter(_ bytes: [UInt8], _ type: String?) -> [UInt8]? {
        if let type, let mark = type.lowercased().firstRange(of: "boundary=") {
            let offset = type.lowercased().utf8.distance(from: type.lowercased().startIndex, to: mark.upperBound)
            let text = Array(type.utf8.dropFirst(offset))
            let boundary =
                text.first == 0x22
                ? text.dropFirst().prefix { $0 != 0x22 } : text.prefix { $0 != UInt8(ascii: ";") && !$0.isSpace }
            let delimiter = Array("--".utf8) + boundary
            if !boundary.isEmpty, bytes.firstRange(of: delimiter) != nil { return delimiter }
        }
        guard bytes.starts(with: Array("--".utf8)), let end = bytes.prefix(80).firstIndex(where: \.isLineEnd), end > 2
        else {
            return nil
        }
        return Array(bytes[..<end])
    }

    private static func looksLikeOne(_ bytes: [UInt8]) -> Bool {
        let start = String(decoding: bytes.prefix(512), as: UTF8.self).lowercased()
        return start.contains("content-disposition:") || start.contains("content-type:")
    }

    /// A head ends at an empty line, with or without carriage returns.
    private static func split(_ bytes: [UInt8], _ range: Range<Int>) -> (head: Range<Int>, content: Range<Int>) {
        let part = bytes[range]
        let ends = [Array("\r\n\r\n".utf8), Array("\n\n".utf8)].compactMap { part.firstRange(of: $0) }
        guard let blank = ends.min(by: { $0.lowerBound < $1.lowerBound }) else {
            return (range, range.upperBound..<range.upperBound)
        }
        var end = range.upperBound
        if end < bytes.count || part.last == 0x0A {
            // The line end before a delimiter belongs to the delimiter.
            if end > blank.upperBound, bytes[end - 1] == 0x0A { end -= 1 }
            if end > blank.upperBound, bytes[end - 1] == 0x0D { end -= 1 }
        }
        return (range.lowerBound..<blank.lowerBound, blank.upperBound..<max(blank.upperBound, end))
    }

    // MARK: - Secrets

    func secrets(rules: Redaction, depth: Int) -> SecretRanges {
        var found = SecretRanges()
        for range in self.rest { self.scan(range, TextScanner(rules: rules, style: .data), &found) }
        for part in self.parts {
            let head = self.head(part.head, rules: rules, &found)
            if part.content.isEmpty { continue }
            let content = Array(self.bytes[part.content])
            var inner = SecretRanges()
            switch head.name.map({ rules.verdict(parameter: $0) }) ?? .plain {
            case .secret: inner.hide(0..<content.count)
            case .counted: if !content.allSatisfy(\.isDigit) { inner.hide(0..<content.count) }
            case .weak, .grant: if SecretShapes.looksLikeCredential(content[...]) { inner.hide(0..<content.count) }
            case .plain: break
            }
            if inner.isEmpty { inner = BodyScanner(rules: rules).scan(content, type: head.type, depth: depth + 1) }
            for place in inner.merged { found.hide(place.range.shifted(by: part.content.lowerBound)) }
        }
        return found
    }

    private func scan(_ range: Range<Int>, _ scanner: TextScanner, _ found: inout SecretRanges) {
        guard !range.isEmpty else { return }
        for part in scanner.scan(Array(self.bytes[range])).merged {
            found.hide(part.range.shifted(by: range.lowerBound))
        }
    }

    /// Hides what is secret in the fields of a part's head, the file's name among them.
    private func head(_ range: Range<Int>, rules: Redaction, _ found: inout SecretRanges) -> (
        name: String?, type: String
    ) {
        var name: String?
        var type = ""
        for line in self.bytes[range].split(whereSeparator: \.isLineEnd) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let field = String(decoding: line[..<colon], as: UTF8.self)
            var value = line[(colon + 1)...]
            while let first = value.first, first.isBlank { value.removeFirst() }
            for part in FieldScanner(rules: rules).scan(Array(value), of: field).merged {
                found.hide(part.range.shifted(by: value.startIndex))
            }
            switch field.lowercased() {
            case "content-disposition": name = Self.parameter("name", of: value)
            case "content-type": type = String(decoding: value, as: UTF8.self)
            default: break
            }
        }
        return (name, type)
    }

    /// The value of a parameter, quoted or not.
    private static func parameter(_ name: String, of value: ArraySlice<UInt8>) -> String? {
        let wanted = Array("\(name)=".utf8)
        let lower = value.map { $0.isUpper ? $0 + 0x20 : $0 }
        var place = 0
        while let found = lower[place...].firstRange(of: wanted) {
            place = found.upperBound
            // `filename=` ends with it too.
            guard found.lowerBound == 0 || [0x20, 0x09, 0x3B].contains(lower[found.lowerBound - 1]) else { continue }
            let rest = value.dropFirst(found.upperBound)
            if rest.first == 0x22 { return String(decoding: rest.dropFirst().prefix { $0 != 0x22 }, as: UTF8.self) }
            return String(decoding: rest.prefix { $0 != 0x3B && !$0.isSpace }, as: UTF8.self)
        }
        return nil
    }
}

extension Range<Int> {
    func shifted(by distance: Int) -> Range<Int> { (self.lowerBound + distance)..<(self.upperBound + distance) }
}
