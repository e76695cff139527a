import TextSafety
import WorkerDomain

/// The tokens of JSON (RFC 8259).
enum JSONText {
    static let namingMembers: Set<String> = [
        "name", "key", "field", "header", "parameter", "param", "variable", "id", "k", "label",
    ]
    static let holdingMembers: Set<String> = [
        "value", "val", "v", "content", "text", "data", "default", "stringvalue",
    ]

    private static let words = ["true", "false", "null"].map { Array($0.utf8) }
    private static let mask = Array(Redaction.mask.utf8)

    struct Fault {
        let problem: JSONProblem
        let place: Int
    }

    /// Where a string ends.
    /// - Parameters:
    ///   - span: The bytes.
    ///   - start: Behind the quotation mark, or anywhere between characters of the string.
    ///   - limit: Nothing is looked at from there on.
    /// - Returns: The place of the closing quotation mark; where there is none up to the limit, the last place between two
    ///   characters.
    static func end(of span: Span<UInt8>, from start: Int, limit: Int) -> (isClosed: Bool, end: Int, fault: Fault?) {
        let end = min(span.count, limit)
        var place = start
        while place < end {
            let byte = span[place]
            if byte == UInt8(ascii: "\"") { return (true, place, nil) }
            if byte < 0x20 { return (false, place, Fault(problem: .control, place: place)) }
            guard byte == UInt8(ascii: "\\") else {
                place += 1
                continue
            }
            guard place + 1 < end else { return (false, place, nil) }
            switch span[place + 1] {
            case UInt8(ascii: "u"):
                for digit in (place + 2)..<(place + 6) {
                    if digit >= end { return (false, place, nil) }
                    if span[digit].hexadecimalValue == nil {
                        return (false, place, Fault(problem: .badEscape, place: place))
                    }
                }
                place += 6
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                place += 2
            default: return (false, place, Fault(problem: .badEscape, place: place))
            }
        }
        return (false, end < span.count ? UTF8Edge.cut(span, before: end, after: start) : end, nil)
    }

    /// The name of a member, unescaped, as far as names are looked at.
    static func name(_ raw: ArraySlice<UInt8>) -> String {
        let raw = raw.prefix(256)
        guard raw.contains(UInt8(ascii: "\\")) else { return raw.text }
        var units: [UInt16] = []
        var rest = raw
        while let byte = rest.first {
            guard byte == UInt8(ascii: "\\"), let escape = rest.dropFirst().first else {
                let plain = rest.prefix { $0 != UInt8(ascii: "\\") }
                if plain.isEmpty { break }
                units += Array(plain.text.utf16)
                rest = rest.dropFirst(plain.count)
                continue
            }
            rest = rest.dropFirst(2)
            switch escape {
            case UInt8(ascii: "u"):
                let value = rest.prefix(4).reduce(UInt16(0)) { $0 << 4 | UInt16($1.hexadecimalValue ?? 0) }
                units.append(value)
                rest = rest.dropFirst(4)
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "t"): units.append(0x09)
            default: units.append(UInt16(escape))
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""):
            true
        default: false
        }
    }

    static func isWord(_ bytes: ArraySlice<UInt8>) -> Bool { self.words.contains { bytes.elementsEqual($0) } }

    static func beginsWord(_ bytes: ArraySlice<UInt8>) -> Bool { self.words.contains { $0.starts(with: bytes) } }

    /// True for what stands for a hidden value: in windows of a large body a number is hidden without quotation marks.
    static func isMask(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.elementsEqual(self.mask) }
}

/// Why bytes are not JSON from a place on.
enum JSONProblem: Sendable, Equatable {
    case unexpected, unknownWord, unclosed, control, badEscape, tooDeep, ended

    func phrase(_ expectation: JSONLayout.Expectation, isInObject: Bool) -> Phrase {
        switch self {
        case .unknownWord: ContentPhrases.jsonUnknownWord
        case .unclosed: ContentPhrases.jsonUnclosed
        case .control: ContentPhrases.jsonControl
        case .badEscape: ContentPhrases.jsonBadEscape
        case .tooDeep: ContentPhrases.jsonTooDeep
        case .ended: ContentPhrases.jsonEnded
        case .unexpected:
            switch expectation {
            case .value: ContentPhrases.jsonWantsValue
            case .valueOrEnd: ContentPhrases.jsonWantsItem
            case .key, .keyOrEnd: ContentPhrases.jsonWantsName
            case .colon: ContentPhrases.jsonWantsColon
            case .commaOrEnd: isInObject ? ContentPhrases.jsonWantsComma : ContentPhrases.jsonWantsCommaInList
            case .nothing: ContentPhrases.jsonWantsNothing
            }
        }
    }
}

/// How a place in JSON is written: `items[3].key`, `["odd name"][0]`.
enum JSONPath {
    private static let longest = 512

    /// - Parameters:
    ///   - frames: What is open, with the present member or item of each.
    ///   - base: What stands before it.
    /// - Returns: `nil` for the whole.
    static func text(_ frames: [JSONFrame], base: String) -> String? {
        var path = base
        for frame in frames {
            if path.utf8.count > Self.longest { return path + "…" }
            if !frame.isObject {
                path += "[\(frame.index)]"
            } else if frame.name.isEmpty {
                // Before the first name of an object the path is the object's own.
                continue
            } else if self.isPlain(frame.name) {
                path += path.isEmpty ? frame.name : ".\(frame.name)"
            } else {
                path += "[\(ControlCharacters.json(frame.name))]"
            }
        }
        return path.isEmpty ? nil : path
    }

    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x5F || $0 == 0x2D || $0 >= 0x80 }
            && !ControlCharacters.areIn(name)
    }
}
