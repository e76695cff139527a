/// Walks a TOML text once, lightly: it finds where keys and elements stand, and refuses what is nested too deeply.
///
/// It doesn't judge the syntax; on anything odd it stops, and the parser says what is wrong.
struct TOMLKeyScanner {
    struct Place {
        let key: SourcePosition?
        var value: SourcePosition?
        let order: Int
    }
    static let separator = "\u{1F}"

    private let text: ConfigurationText
    private var index = 0
    private var depth = 0
    private var tableCounts: [String: Int] = [:]
    /// By the path of the key: each part after a separator, array elements by their number.
    private(set) var places: [String: Place] = [:]

    init(_ text: ConfigurationText) { self.text = text }

    private struct Stop: Error {}

    /// - Throws: ``ConfigurationSyntaxError`` for nesting that is too deep.
    mutating func scan() throws(ConfigurationSyntaxError) {
        do {
            var current = ""
            while true {
                self.skip { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
                guard let first = self.peek else { return }
                if first == "#" {
                    self.skip { $0 != "\n" }
                } else if first == "[" {
                    current = try self.header()
                } else {
                    try self.pair(below: current)
                }
            }
        } catch let error as ConfigurationSyntaxError {
            throw error
        } catch {
            return
        }
    }

    private var peek: Unicode.Scalar? { self.index < self.text.scalars.count ? self.text.scalars[self.index] : nil }

    private mutating func skip(while predicate: (Unicode.Scalar) -> Bool) {
        while let scalar = self.peek, predicate(scalar) { self.index += 1 }
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws {
        guard self.peek == scalar else { throw Stop() }
        self.index += 1
    }

    private mutating func note(_ path: String, key: SourcePosition?, value: SourcePosition? = nil) {
        if self.places[path] == nil { self.places[path] = Place(key: key, value: value, order: self.places.count) }
    }

    private func tooDeep() -> ConfigurationSyntaxError {
        ConfigurationSyntaxError(
            "nested deeper than \(ConfigurationText.depthLimit) levels; make it flatter",
            at: self.text.position(self.index))
    }

    private mutating func header() throws -> String {
        self.index += 1
        let isArray = self.peek == "["
        if isArray { self.index += 1 }
        let keys = try self.dottedKey()
        try self.expect("]")
        if isArray { try self.expect("]") }
        var path = ""
        for (offset, part) in keys.enumerated() {
            path += Self.separator + part.name
            self.note(path, key: part.position)
            let isLast = offset == keys.count - 1
            if isArray && isLast {
                let number = self.tableCounts[path, default: 0]
                self.tableCounts[path] = number + 1
                path += Self.separator + "\(number)"
                self.note(path, key: part.position)
            } else if let count = self.tableCounts[path] {
                path += Self.separator + "\(count - 1)"
            }
        }
        return path
    }

    private mutating func pair(below parent: String) throws {
        let keys = try self.dottedKey()
        try self.expect("=")
        self.skip { $0 == " " || $0 == "\t" }
        var path = parent
        for part in keys {
            path += Self.separator + part.name
            self.note(path, key: part.position)
        }
        self.places[path]?.value = self.text.position(self.index)
        try self.value(at: path)
    }

    private mutating func dottedKey() throws -> [(name: String, position: SourcePosition)] {
        var parts: [(name: String, position: SourcePosition)] = []
        while true {
            self.skip { $0 == " " || $0 == "\t" }
            let start = self.index
            let name: String
            if self.peek == "\"" || self.peek == "'" {
                name = try self.quoted()
            } else {
                self.skip { !" \t\r\n.=[]\"'#{},".unicodeScalars.contains($0) }
                guard self.index > start else { throw Stop() }
                name = String(String.UnicodeScalarView(self.text.scalars[start..<self.index]))
            }
            parts.append((name, self.text.position(start)))
            guard parts.count <= ConfigurationText.depthLimit else { throw self.tooDeep() }
            self.skip { $0 == " " || $0 == "\t" }
            guard self.peek == "." else { return parts }
            self.index += 1
        }
    }

    /// Passes over a quoted text of either kind, long ones too, and returns it with the common escapes undone.
    private mutating func quoted() throws -> String {
        guard let quote = self.peek else { throw Stop() }
        func isLong(_ at: Int) -> Bool {
            at + 2 < self.text.scalars.count && self.text.scalars[at...(at + 2)].allSatisfy { $0 == quote }
        }
        let long = isLong(self.index)
        self.index += long ? 3 : 1
        var result = String.UnicodeScalarView()
        while let scalar = self.peek {
            if scalar == quote, !long || isLong(self.index) {
                self.index += long ? 3 : 1
                // Up to two more quotes belong to a long text.
                if long { self.skip { $0 == quote } }
                return String(result)
            }
            if scalar == "\n", !long { throw Stop() }
            self.index += 1
            if scalar == "\\", quote == "\"", let escaped = self.peek {
                self.index += 1
                if let size = escaped == "u" ? 4 : escaped == "U" ? 8 : nil {
                    let end = min(self.index + size, self.text.scalars.count)
                    let digits = String(String.UnicodeScalarView(self.text.scalars[self.index..<end]))
                    if let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) { result.append(scalar) }
                    self.index = end
                } else {
                    result.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped == "r" ? "\r" : escaped)
                }
                continue
            }
            result.append(scalar)
        }
        throw Stop()
    }

    private mutating func value(at path: String) throws {
        switch self.peek {
        case "\"", "'": _ = try self.quoted()
        case "[", "{":
            self.depth += 1
            defer { self.depth -= 1 }
            guard self.depth <= ConfigurationText.depthLimit else { throw self.tooDeep() }
            let isArray = self.peek == "["
            self.index += 1
            var number = 0
            while true {
                self.skipBlanksAndComments()
                guard let scalar = self.peek else { throw Stop() }
                if scalar == "]" || scalar == "}" { break }
                if scalar == "," {
                    self.index += 1
                } else if isArray {
                    let element = path + Self.separator + "\(number)"
                    self.note(element, key: nil, value: self.text.position(self.index))
                    try self.value(at: element)
                    number += 1
                } else {
                    try self.pair(below: path)
                }
            }
            self.index += 1
        default:
            let start = self.index
            self.skip { !",]}#\n".unicodeScalars.contains($0) }
            guard self.index > start else { throw Stop() }
        }
    }

    private mutating func skipBlanksAndComments() {
        while let scalar = self.peek {
            if scalar == "#" {
                self.skip { $0 != "\n" }
            } else if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
                self.index += 1
            } else {
                return
            }
        }
    }
}
