/// Walks over the characters of a filter.
///
/// The wide forms that a Chinese keyboard gives for punctuation count as their ASCII ones, outside quotes.
struct FilterReader {
    private let characters: [Character]
    private(set) var offset = 0

    init(_ text: String) {
        self.characters = Array(text)
    }

    var count: Int { self.characters.count }
    var isAtEnd: Bool { self.offset >= self.characters.count }

    /// The next character; `nil` at the end.
    func peek(_ ahead: Int = 0) -> Character? {
        let index = self.offset + ahead
        return index < self.characters.count ? Self.narrow(self.characters[index]) : nil
    }

    mutating func advance(_ steps: Int = 1) { self.offset = min(self.offset + steps, self.characters.count) }

    mutating func skipBlanks() {
        while let next = self.peek(), next.isWhitespace { self.advance() }
    }

    /// An error at the place where the reader is.
    func problem(_ text: String) -> TrafficFilterError { TrafficFilterError(offset: self.offset, problem: text) }

    /// Characters up to a blank, a quote, an operator between conditions, or one of `stops`.
    mutating func run(stops: String = "") -> String {
        var text = ""
        while let next = self.peek(), !Self.endsRun(next), !stops.contains(next) {
            text.append(self.characters[self.offset])
            self.advance()
        }
        return text
    }

    /// A quoted text, whose first quote is next; `\"` and `\\` stand for themselves.
    mutating func quoted() throws(TrafficFilterError) -> String {
        let opening = self.offset
        self.advance()
        var text = ""
        while let next = self.peek() {
            if next == "\"" {
                self.advance()
                return text
            }
            if next == "\\", let escaped = self.peek(1), escaped == "\"" || escaped == "\\" {
                self.advance()
                text.append(escaped)
            } else {
                text.append(self.characters[self.offset])
            }
            self.advance()
        }
        throw TrafficFilterError(offset: opening, problem: "this quote is never closed; add the missing \"")
    }

    private static func endsRun(_ character: Character) -> Bool {
        character.isWhitespace || "&|()\"".contains(character)
    }

    private static func narrow(_ character: Character) -> Character {
        switch character {
        case "“", "”", "＂": "\""
        case "（": "("
        case "）": ")"
        case "：": ":"
        case "！": "!"
        case "＆": "&"
        case "｜": "|"
        case "＞": ">"
        case "＜": "<"
        case "＝": "="
        case "～": "~"
        case "＃": "#"
        default: character
        }
    }
}
