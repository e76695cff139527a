/// Tells keywords, strings, comments and numbers of Python apart, a line at a time, for whoever shows source in colours.
///
/// It reads any text and never fails: what is no Python is plain. Names in braces of an f-string stay part of the string.
package struct PythonColoring: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case plain, keyword, string, comment, number
        /// What `def` and `class` name, and decorators.
        case name
    }

    /// A stretch of a line.
    package struct Piece: Sendable, Equatable {
        package var text: String
        package let kind: Kind

        package init(text: String, kind: Kind) {
            self.text = text
            self.kind = kind
        }
    }

    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]

    /// The quotes that end the string in which the next line begins; `nil` outside of one.
    private var open: [Character]?

    package init() {}

    /// Steps over the next line, of which only what its first `width` characters leave open counts.
    mutating func skip(_ line: some Collection<UInt8>, width: Int) {
        guard self.open != nil || line.contains(where: { $0 == 0x22 || $0 == 0x27 }) else { return }
        _ = self.pieces(of: String(String(decoding: Array(line), as: UTF8.self).prefix(width)))
    }

    /// The pieces of the next line, which has no line end.
    package mutating func pieces(of line: String) -> [Piece] {
        var pieces: [Piece] = []
        func add(_ text: some Sequence<Character>, _ kind: Kind) {
            let text = String(text)
            guard !text.isEmpty else { return }
            if pieces.last?.kind == kind {
                pieces[pieces.count - 1].text += text
            } else {
                pieces.append(Piece(text: text, kind: kind))
            }
        }
        let characters = Array(line)
        var place = 0
        var namesNext = false
        if self.open != nil { add(self.string(characters, &place), .string) }
        while place < characters.count {
            let character = characters[place]
            if character == "#" {
                add(characters[place...], .comment)
                break
            }
            if character == "\"" || character == "'" {
                add(self.opening(characters, &place), .string)
            } else if Self.isNameStart(character) {
                let word = String(characters[place...].prefix { Self.isName($0) })
                let next = place + word.count
                let isPrefix = word.count <= 2 && word.lowercased().allSatisfy { "rbuft".contains($0) }
                if isPrefix, next < characters.count, characters[next] == "\"" || characters[next] == "'" {
                    place = next
                    add(word, .string)
                    add(self.opening(characters, &place), .string)
                    continue
                }
                add(word, namesNext ? .name : Self.keywords.contains(word) ? .keyword : .plain)
                namesNext = word == "def" || word == "class"
                place = next
            } else if Self.startsNumber(characters, place) {
                let number = characters[place...].prefix { Self.isName($0) || $0 == "." }
                add(number, .number)
                place += number.count
            } else if character == "@", characters[..<place].allSatisfy(\.isWhitespace) {
                let decorator = characters[place...].prefix { $0 == "@" || Self.isName($0) || $0 == "." }
                add(decorator, .name)
                place += decorator.count
            } else {
                add([character], .plain)
                place += 1
            }
        }
        return pieces
    }

    /// A string from its first quote on.
    private mutating func opening(_ characters: [Character], _ place: inout Int) -> [Character] {
        let quote = characters[place]
        let isTriple =
            characters[place...].prefix(3).count == 3 && characters[place...].prefix(3).allSatisfy { $0 == quote }
        let quotes = [Character](repeating: quote, count: isTriple ? 3 : 1)
        self.open = quotes
        place += quotes.count
        return quotes + self.string(characters, &place)
    }

    /// What is left of the open string on this line; it goes on where it has three quotes, or a backslash at the end.
    private mutating func string(_ characters: [Character], _ place: inout Int) -> [Character] {
        guard let quotes = self.open else { return [] }
        let start = place
        while place < characters.count {
            if characters[place] == "\\" {
                place += 2
                continue
            }
            if Array(characters[place...].prefix(quotes.count)) == quotes {
                place += quotes.count
                self.open = nil
                return Array(characters[start..<place])
            }
            place += 1
        }
        let goesOn = quotes.count == 3 || characters.last == "\\" && place > characters.count
        place = characters.count
        if !goesOn { self.open = nil }
        return Array(characters[start...])
    }

    private static func isNameStart(_ character: Character) -> Bool { character.isLetter || character == "_" }

    private static func isName(_ character: Character) -> Bool { self.isNameStart(character) || character.isNumber }

    private static func startsNumber(_ characters: [Character], _ place: Int) -> Bool {
        if characters[place].isASCII, characters[place].isNumber { return true }
        let next = place + 1
        return characters[place] == "." && next < characters.count && characters[next].isASCII
            && characters[next].isNumber
    }
}
