import TerminalCanvas
import Widgets
import WorkerDomain

/// An object or a list of JSON that is folded away: its brackets are counted, nothing else.
struct JSONFolded: Sendable {
    private let isObject: Bool
    private var depth = 1
    private var isInString = false
    private var isEscaped = false
    private var commas = 0
    private var isEmpty = true

    init(isObject: Bool) { self.isObject = isObject }

    /// The bracket that closes it has been met.
    var isOver: Bool { self.depth == 0 }

    /// Goes on to its end.
    /// - Parameters:
    ///   - span: The bytes.
    ///   - place: Where it goes on, then where it stopped.
    /// - Returns: How many lines began on the way, and where the last of them did.
    mutating func skip(_ span: Span<UInt8>, _ place: inout Int) -> (count: Int, last: Int?) {
        var lines = 0
        var last: Int?
        while place < span.count, self.depth > 0 {
            let byte = span[place]
            place += 1
            if self.isInString {
                if self.isEscaped {
                    self.isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    self.isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    self.isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): self.isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): self.depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): self.depth -= 1
            case UInt8(ascii: ","): if self.depth == 1 { self.commas += 1 }
            case 0x0A:
                lines += 1
                last = place
            default: break
            }
            if !byte.isSpace, self.depth > 0 { self.isEmpty = false }
        }
        return (lines, last)
    }

    /// What stands for it behind its opening bracket.
    func runs(_ language: Language) -> [TextRun] {
        let count = self.isEmpty ? 0 : self.commas + 1
        let phrase = self.isObject ? ContentPhrases.members : ContentPhrases.items
        return [
            TextRun("… ", .dim), TextRun(self.isObject ? "}" : "]"),
            TextRun(" " + phrase(language, Format.count(count)), .dim),
        ]
    }
}
