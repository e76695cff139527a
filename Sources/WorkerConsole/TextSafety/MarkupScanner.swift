/// Finds secrets in XML and HTML: content of an element whose name says so, values of fields with such a name.
struct MarkupScanner {
    /// The longest tag that is read.
    private static let longestTag = 4_096
    private static let longestContent = 65_536
    /// Attributes that name what the element holds.
    private static let naming: Set<String> = ["name", "id", "key", "property", "field", "itemprop", "k"]
    /// Attributes that hold it.
    private static let holding: Set<String> = ["value", "content", "default", "v", "data-value"]

    let rules: Redaction

    func scan(_ bytes: [UInt8], _ found: inout SecretRanges) {
        var place = 0
        // Elements that never close are not looked through again and again.
        var unclosed = 0
        while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = open + 1
            guard place < bytes.count, bytes[place].isLetter || bytes[place] == 0x5F || bytes[place] >= 0x80 else {
                continue
            }
            let rest = bytes[place...].prefix(Self.longestTag)
            guard let close = rest.firstIndex(where: { $0 == 0x3E || $0 == 0x3C }), bytes[close] == 0x3E else {
                continue
            }
            place = max(place, self.tag(bytes, (open + 1)..<close, &found, &unclosed))
        }
    }

    /// - Returns: The place behind what was hidden.
    private func tag(_ bytes: [UInt8], _ tag: Range<Int>, _ found: inout SecretRanges, _ unclosed: inout Int) -> Int {
        let nameEnd: Int = bytes[tag].firstIndex { $0.isSpace || $0 == 0x2F } ?? tag.upperBound
        let name = bytes[tag.lowerBound..<nameEnd]
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        let attributes = self.attributes(bytes, nameEnd..<tag.upperBound)
        let names = [local] + attributes.filter { Self.naming.contains($0.name) }.map { bytes[$0.value] }
        let verdicts = names.map { self.rules.verdict(parameter: String(decoding: $0, as: UTF8.self)) }
        guard verdicts.contains(where: { $0 != .plain }) else { return tag.upperBound }
        func hide(_ range: Range<Int>) {
            let content = bytes[range]
            guard content.contains(where: { !$0.isSpace }) else { return }
            let isNumber = content.allSatisfy { $0.isDigit || $0.isSpace }
            let isSecret = verdicts.contains { verdict in
                switch verdict {
                case .plain: false
                case .weak, .grant: SecretShapes.looksLikeCredential(content)
                case .counted: !isNumber
                case .secret: true
                }
            }
            if isSecret { found.hide(range) }
        }
        for attribute in attributes where Self.holding.contains(attribute.name) { hide(attribute.value) }
        let start = tag.upperBound + 1
        guard bytes[tag].last != 0x2F, start < bytes.count, unclosed < 16 else { return tag.upperBound }
        let content = bytes[start...].prefix(Self.longestContent)
        guard let end = content.firstRange(of: Array("</".utf8) + name)?.lowerBound else {
            unclosed += 1
            return tag.upperBound
        }
        hide(start..<end)
        return end
    }

    private func attributes(_ bytes: [UInt8], _ range: Range<Int>) -> [(name: String, value: Range<Int>)] {
        var result: [(name: String, value: Range<Int>)] = []
        var place = range.lowerBound
        while result.count < 64, let equals = bytes[place..<range.upperBound].firstIndex(of: UInt8(ascii: "=")) {
            var start = equals
            while start > place, !bytes[start - 1].isSpace, bytes[start - 1] != 0x2F { start -= 1 }
            let name = String(decoding: bytes[start..<equals], as: UTF8.self).lowercased()
            var from = equals + 1
            while from < range.upperBound, bytes[from].isSpace { from += 1 }
            guard from < range.upperBound else { break }
            let mark = bytes[from]
            let isQuoted = mark == 0x22 || mark == 0x27
            if isQuoted { from += 1 }
            let rest = bytes[from..<range.upperBound]
            let end = rest.firstIndex { isQuoted ? $0 == mark : $0.isSpace } ?? range.upperBound
            result.append((name, from..<end))
            place = min(range.upperBound, isQuoted ? end + 1 : end)
        }
        return result
    }
}
