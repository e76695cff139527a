/// Reads `.dev.vars` and `.env` files by the grammar of dotenv, which reads them for wrangler.
///
/// The grammar is not a shell's: blanks may be line ends, a colon may stand for the equals sign, a quoted value goes on
/// to its last possible quote, and what has text behind its closing quote is no quoted value at all. Every scalar is
/// looked at a bounded number of times, however many quotes are never closed.
struct EnvironmentFile {
    /// One variable, in the order of the file.
    typealias Entry = (name: String, value: String)

    /// The text with `\n` for every line end.
    private let scalars: [Unicode.Scalar]
    private var index = 0

    /// - Returns: Names and values in the order of the file; of two equal names the last value stands at the first place.
    static func parse(_ contents: String) -> [Entry] {
        var file = EnvironmentFile(contents)
        var result: [Entry] = []
        var places: [String: Int] = [:]
        while let entry = file.next() {
            // Assigning this property of a JavaScript object sets no variable.
            if entry.name == "__proto__" { continue }
            if let place = places[entry.name] {
                result[place].value = entry.value
            } else {
                places[entry.name] = result.count
                result.append(entry)
            }
        }
        return result
    }

    private init(_ contents: String) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(contents.utf8.count)
        var isAfterReturn = false
        for scalar in contents.unicodeScalars {
            if scalar == "\n", isAfterReturn {
                isAfterReturn = false
                continue
            }
            isAfterReturn = scalar == "\r"
            scalars.append(isAfterReturn ? "\n" : scalar)
        }
        self.scalars = scalars
    }

    // MARK: - Lines

    /// The next variable; lines that set none are passed over.
    private mutating func next() -> Entry? {
        while true {
            let start = self.blanksEnd(self.index)
            guard start < self.scalars.count else { return nil }
            if let entry = self.entry(at: start) { return entry }
            guard let end = self.scalars[start...].firstIndex(where: Self.endsLine) else {
                self.index = self.scalars.count
                return nil
            }
            self.index = end + 1
        }
    }

    private mutating func entry(at start: Int) -> Entry? {
        let word = self.scalars[start...].prefix(6)
        if word.elementsEqual("export".unicodeScalars) {
            let name = self.blanksEnd(word.endIndex)
            if name > word.endIndex, let entry = self.assignment(at: name) { return entry }
        }
        return self.assignment(at: start)
    }

    private mutating func assignment(at start: Int) -> Entry? {
        let end = self.scalars[start...].firstIndex { !Self.isName($0) } ?? self.scalars.count
        guard end > start else { return nil }
        let sign = self.blanksEnd(end)
        let value: Int
        if sign < self.scalars.count, self.scalars[sign] == "=" {
            value = sign + 1
        } else if end + 1 < self.scalars.count, self.scalars[end] == ":", Self.isBlank(self.scalars[end + 1]) {
            value = end + 2
        } else {
            return nil
        }
        return (String(String.UnicodeScalarView(self.scalars[start..<end])), self.value(at: value))
    }

    // MARK: - Values

    /// Reads a value and goes to its line's end.
    private mutating func value(at start: Int) -> String {
        let quote = self.blanksEnd(start)
        if quote < self.scalars.count, Self.isQuote(self.scalars[quote]), let close = self.close(of: quote) {
            self.index = self.lineEnd(after: close + 1) ?? self.scalars.count
            return Self.text(self.scalars[quote...close])
        }
        let end = self.scalars[start...].firstIndex { $0 == "#" || $0 == "\n" } ?? self.scalars.count
        self.index = self.lineEnd(after: end) ?? self.scalars.count
        return Self.text(self.scalars[start..<end])
    }

    /// The quote that closes a value, which has nothing behind it on its line but blanks and a comment: the first one
    /// without a backslash, or else the last one before it.
    private func close(of quote: Int) -> Int? {
        var escaped: [Int] = []
        var index = quote + 1
        while index < self.scalars.count {
            defer { index += 1 }
            guard self.scalars[index] == self.scalars[quote] else { continue }
            if index - 1 > quote, self.scalars[index - 1] == "\\" {
                escaped.append(index)
                continue
            }
            if self.lineEnd(after: index + 1) != nil { return index }
            break
        }
        return escaped.last { self.lineEnd(after: $0 + 1) != nil }
    }

    /// Where the line of a value ends that is followed by blanks and perhaps a comment; `nil` when it is by anything else.
    private func lineEnd(after start: Int) -> Int? {
        let next = self.blanksEnd(start)
        guard next < self.scalars.count else { return next }
        if self.scalars[next] == "#" {
            return self.scalars[next...].firstIndex(where: Self.endsLine) ?? self.scalars.count
        }
        return self.scalars[start..<next].lastIndex(where: Self.endsLine)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var scalars = scalars
        while let first = scalars.first, Self.isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, Self.isBlank(last) { scalars.removeLast() }
        let isDouble = scalars.first == "\""
        var result = Self.withoutQuotes(scalars)
        if isDouble {
            result = Self.replacing("n", with: "\n", in: result)
            result = Self.replacing("r", with: "\r", in: result)
        }
        return String(String.UnicodeScalarView(result))
    }

    /// Without the quotes at both ends; of a value that holds other line ends (U+2028), without those of its lines.
    private static func withoutQuotes(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var last: [Unicode.Scalar: Int] = [:]
        for index in scalars.indices where Self.isQuote(scalars[index]) {
            let isEnd = index + 1 == scalars.endIndex || Self.endsLine(scalars[index + 1])
            if isEnd { last[scalars[index]] = index }
        }
        guard !last.isEmpty else { return Array(scalars) }
        var result: [Unicode.Scalar] = []
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let isStart = index == scalars.startIndex || Self.endsLine(scalars[index - 1])
            if isStart, Self.isQuote(scalars[index]), let close = last[scalars[index]], close > index {
                result += scalars[index + 1..<close]
                index = close + 1
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return result
    }

    private static func replacing(
        _ letter: Unicode.Scalar, with scalar: Unicode.Scalar, in scalars: [Unicode.Scalar]
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        var index = 0
        while index < scalars.count {
            let isEscape = scalars[index] == "\\" && index + 1 < scalars.count && scalars[index + 1] == letter
            result.append(isEscape ? scalar : scalars[index])
            index += isEscape ? 2 : 1
        }
        return result
    }

    // MARK: - Scalars

    private func blanksEnd(_ start: Int) -> Int {
        self.scalars[start...].firstIndex { !Self.isBlank($0) } ?? self.scalars.count
    }

    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool { scalar == "\"" || scalar == "'" || scalar == "`" }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-": true
        default: false
        }
    }

    /// What JavaScript counts as a blank, line ends included.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF: true
        default: false
        }
    }

    /// What ends a line for JavaScript; a carriage return is a `\n` by now.
    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }
}
