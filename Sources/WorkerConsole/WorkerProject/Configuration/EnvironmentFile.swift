/// Reads `.dev.vars` and `.env` files by the rules that wrangler's reader has.
enum EnvironmentFile {
    /// - Returns: Names and values in the order of the file; of two equal names the last one wins.
    static func parse(_ contents: String) -> [(name: String, value: String)] {
        let scalars = Array(contents.unicodeScalars)
        var result: [(name: String, value: String)] = []
        var places: [String: Int] = [:]
        var index = 0
        func isName(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "_.-".unicodeScalars.contains(scalar))
        }
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }
        func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
        func trimmed(_ range: Range<Int>) -> String {
            var range = range
            while let first = range.first, isBlank(scalars[first]) { range = range.dropFirst() }
            while let last = range.last, isBlank(scalars[last]) { range = range.dropLast() }
            return text(range)
        }
        while index < scalars.count {
            let lineStart = index
            let lineEnd = scalars[lineStart...].firstIndex(of: "\n") ?? scalars.count
            index = lineEnd + 1
            var at = lineStart
            while at < lineEnd, isBlank(scalars[at]) { at += 1 }
            if text(at..<min(at + 6, lineEnd)) == "export", at + 6 < lineEnd, isBlank(scalars[at + 6]) { at += 7 }
            while at < lineEnd, isBlank(scalars[at]) { at += 1 }
            let nameStart = at
            while at < lineEnd, isName(scalars[at]) { at += 1 }
            let name = text(nameStart..<at)
            while at < lineEnd, isBlank(scalars[at]) { at += 1 }
            guard !name.isEmpty, at < lineEnd, scalars[at] == "=" else { continue }
            at += 1
            while at < lineEnd, isBlank(scalars[at]) { at += 1 }
            var value: String?
            if at < lineEnd, "\"'`".unicodeScalars.contains(scalars[at]) {
                let quote = scalars[at]
                var end = at + 1
                while end < scalars.count, scalars[end] != quote || (scalars[end - 1] == "\\") { end += 1 }
                if end < scalars.count {
                    value = text((at + 1)..<end)
                    if quote == "\"" { value = Self.unescaped(value ?? "") }
                    index = (scalars[end...].firstIndex(of: "\n") ?? scalars.count) + 1
                }
            }
            let comment = at < lineEnd ? scalars[at..<lineEnd].firstIndex(of: "#") : nil
            let final = value ?? trimmed(at..<(comment ?? lineEnd))
            if let old = places[name] {
                result[old].value = final
            } else {
                places[name] = result.count
                result.append((name, final))
            }
        }
        return result
    }

    /// Only the two escapes that the format has.
    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscape = false
        for character in text {
            if isEscape {
                result += character == "n" ? "\n" : character == "r" ? "\r" : "\\" + String(character)
                isEscape = false
            } else if character == "\\" {
                isEscape = true
            } else {
                result.append(character)
            }
        }
        return isEscape ? result + "\\" : result
    }

    /// References that one file may have followed; names that refer to each other could be followed without end.
    private static let referenceLimit = 100_000

    /// Replaces `${NAME}`, `$NAME` and `${NAME:-default}` by earlier and later values, to a bounded depth and length.
    static func expand(_ values: [(name: String, value: String)]) -> [(name: String, value: String)] {
        let table = Dictionary(values.map { ($0.name, $0.value) }) { $1 }
        var budget = Self.referenceLimit
        return values.map { ($0.name, Self.expand($0.value, table, depth: 0, budget: &budget)) }
    }

    private static func expand(
        _ text: String, _ table: [String: String], depth: Int, budget: inout Int
    ) -> String {
        guard depth < 8, text.contains("$"), text.utf8.count < 65_536 else { return text }
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$"), result.utf8.count < 65_536, budget > 0 {
            budget -= 1
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if result.last == "\\" {
                result.removeLast()
                result += "$"
                continue
            }
            let isBraced = rest.first == "{"
            let body = isBraced ? rest.dropFirst() : rest
            let name = body.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            var after = body[name.endIndex...]
            var fallback = ""
            if isBraced {
                guard let close = after.firstIndex(of: "}") else {
                    result += "$"
                    continue
                }
                let extra = after[..<close]
                if extra.hasPrefix(":-") {
                    fallback = String(extra.dropFirst(2))
                } else if extra.hasPrefix("-") {
                    fallback = String(extra.dropFirst())
                }
                after = after[after.index(after: close)...]
            }
            guard !name.isEmpty else {
                result += "$"
                continue
            }
            let value = table[String(name)].flatMap { $0.isEmpty ? nil : $0 } ?? fallback
            result += Self.expand(value, table, depth: depth + 1, budget: &budget)
            rest = after
        }
        return result + rest
    }
}
