/// The tokens of XML and HTML, one after the other; nothing is resolved, and nothing fails.
enum MarkupToken {
    case text
    /// `<name …>`; the range of the name.
    case open(name: Range<Int>, isEmpty: Bool)
    case close(name: Range<Int>)
    /// `<!-- -->`, `<!…>`, `<?…?>`.
    case comment, declaration, instruction
    /// The range of what stands within.
    case data(content: Range<Int>)

    /// A token is not longer: what is goes on in the next one.
    static let longest = 16_384

    /// The token at a place.
    /// - Parameters:
    ///   - span: The bytes.
    ///   - place: Where it begins; there is a byte.
    ///   - isLast: Nothing comes behind the bytes.
    ///   - raw: The name of an element of HTML whose content is no markup, as `script`.
    /// - Returns: The token and its end; `nil` when more bytes are needed.
    static func next(_ span: Span<UInt8>, at place: Int, isLast: Bool, raw: [UInt8]? = nil) -> (MarkupToken, end: Int)?
    {
        let limit = min(span.count, place + self.longest)
        let mustWait = limit == span.count && limit < place + self.longest && !isLast
        if let raw, !self.closes(raw, span, place) {
            var end = place + 1
            while end < limit, !(span[end] == UInt8(ascii: "<") && self.closes(raw, span, end)) { end += 1 }
            if end == limit {
                if mustWait { return nil }
                end = limit < span.count ? UTF8Edge.cut(span, before: limit, after: place) : limit
            }
            return (.text, end)
        }
        guard span[place] == UInt8(ascii: "<") else { return self.text(span, place, limit, mustWait) }
        guard place + 1 < span.count else { return mustWait ? nil : (.text, span.count) }
        func ends(_ mark: [UInt8], from start: Int) -> Int? {
            var end = start
            while end + mark.count <= limit {
                if span[end] == mark[0], (0..<mark.count).allSatisfy({ span[end + $0] == mark[$0] }) { return end }
                end += 1
            }
            return nil
        }
        func block(_ token: MarkupToken, _ mark: [UInt8], from start: Int) -> (MarkupToken, end: Int)? {
            if let end = ends(mark, from: start) { return (token, end + mark.count) }
            return mustWait ? nil : (token, limit)
        }
        switch span[place + 1] {
        case UInt8(ascii: "!"):
            if place + 9 > span.count, mustWait { return nil }
            if self.has("<!--", span, place) { return block(.comment, Array("-->".utf8), from: place + 4) }
            if self.has("<![CDATA[", span, place) {
                let content = place + 9
                if let end = ends(Array("]]>".utf8), from: content) { return (.data(content: content..<end), end + 3) }
                return mustWait ? nil : (.data(content: min(content, limit)..<limit), limit)
            }
            return block(.declaration, [UInt8(ascii: ">")], from: place + 2)
        case UInt8(ascii: "?"): return block(.instruction, Array("?>".utf8), from: place + 2)
        case UInt8(ascii: "/"): return self.tag(span, place, from: place + 2, limit, mustWait, isClosing: true)
        case let byte where byte.isLetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":") || byte >= 0x80:
            return self.tag(span, place, from: place + 1, limit, mustWait, isClosing: false)
        default:
            // A bare sign is text.
            return self.text(span, place + 1, limit, mustWait)
        }
    }

    private static func text(
        _ span: Span<UInt8>, _ start: Int, _ limit: Int, _ mustWait: Bool
    ) -> (MarkupToken, end: Int)? {
        var end = start
        while end < limit, span[end] != UInt8(ascii: "<") { end += 1 }
        if end < limit { return (.text, end) }
        if mustWait { return nil }
        return (.text, limit < span.count ? UTF8Edge.cut(span, before: limit, after: start) : limit)
    }

    private static func tag(
        _ span: Span<UInt8>, _ place: Int, from start: Int, _ limit: Int, _ mustWait: Bool, isClosing: Bool
    ) -> (MarkupToken, end: Int)? {
        var nameEnd = start
        while nameEnd < limit, !span[nameEnd].isSpace, span[nameEnd] != 0x3E, span[nameEnd] != 0x2F { nameEnd += 1 }
        var end = nameEnd
        var quote: UInt8?
        while end < limit {
            let byte = span[end]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == 0x22 || byte == 0x27 {
                if !isClosing { quote = byte }
            } else if byte == 0x3E {
                break
            }
            end += 1
        }
        if end == limit, mustWait { return nil }
        let isEmpty = end > nameEnd && end < limit && span[end - 1] == 0x2F
        let token: MarkupToken =
            isClosing ? .close(name: start..<nameEnd) : .open(name: start..<nameEnd, isEmpty: isEmpty)
        return (token, min(limit, end + 1))
    }

    private static func has(_ text: String, _ span: Span<UInt8>, _ place: Int) -> Bool {
        guard place + text.utf8.count <= span.count else { return false }
        var index = place
        for byte in text.utf8 {
            if span[index] != byte { return false }
            index += 1
        }
        return true
    }

    /// True where the end tag of an element begins.
    private static func closes(_ name: [UInt8], _ span: Span<UInt8>, _ place: Int) -> Bool {
        guard place + 2 + name.count <= span.count, span[place] == 0x3C, span[place + 1] == 0x2F else { return false }
        return (0..<name.count).allSatisfy { span[place + 2 + $0].lowercased == name[$0] }
    }
}
