import TerminalCanvas
import TextSafety
import Widgets

/// JSON within one line, with its roles; what is none stays as it is.
enum JSONTint {
    /// The runs of UTF-8 that may be cut anywhere.
    static func runs(_ bytes: ArraySlice<UInt8>) -> [TextRun] {
        var runs: [TextRun] = []
        func add(_ range: Range<Int>, _ role: Role) {
            guard !range.isEmpty else { return }
            let text = bytes[range].text
            if let last = runs.last, last.role == role {
                runs[runs.count - 1].text += text
            } else {
                runs.append(TextRun(text, role))
            }
        }
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let start = place
            if bytes[place] == UInt8(ascii: "\"") {
                place += 1
                while place < bytes.endIndex, bytes[place] != UInt8(ascii: "\"") {
                    place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
                }
                place = min(bytes.endIndex, place + 1)
                let next = bytes[place...].first { !$0.isBlank }
                add(start..<place, next == UInt8(ascii: ":") ? .name : .literal)
            } else if JSONText.isMark(bytes[place]) {
                while place < bytes.endIndex, JSONText.isMark(bytes[place]), bytes[place] != UInt8(ascii: "\"") {
                    place += 1
                }
                add(start..<place, .plain)
            } else {
                while place < bytes.endIndex, !JSONText.isMark(bytes[place]) { place += 1 }
                let word = bytes[start..<place]
                add(start..<place, JSONNumber.isValid(word) || JSONText.isWord(word) ? .number : .plain)
            }
        }
        return runs
    }

    /// True for what begins like an object or a list.
    static func fits(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first(where: { !$0.isBlank }) else { return false }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// A text of one line, cut where it is too long, with its secrets hidden; JSON with its roles.
    static func runs(_ bytes: ArraySlice<UInt8>, _ redaction: Redaction, limit: Int = 2_000) -> [TextRun] {
        // The rules see more than is shown, so that the cut uncovers nothing.
        var shown = bytes.prefix(2 * limit)
        if !redaction.isOff {
            let body = redaction.body(Array(shown), type: Self.fits(shown) ? "application/json" : "", encoding: nil)
            shown = body.bytes[...]
        }
        let isCut = shown.count > limit || bytes.count > 2 * limit
        if isCut { shown = shown.prefix(limit).dropLast(UTF8Edge.cutTail(of: shown.prefix(limit))) }
        let runs = Self.fits(shown) ? Self.runs(shown) : [TextRun(shown.text)]
        return isCut ? runs + [TextRun("…", .dim)] : runs
    }
}
