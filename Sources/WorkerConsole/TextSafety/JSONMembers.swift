/// Takes a JSON object apart into the texts of its members.
package enum JSONMembers {
    /// Members of the outermost object in their order; none when the bytes are no object. What stands inside a member is
    /// not looked at.
    package static func split(_ bytes: [UInt8]) -> [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
        var members: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []
        var depth = 0
        var start = 0
        var colon: Int?
        var index = 0
        func close(_ end: Int) {
            if let colon { members.append((bytes[start..<colon], bytes[(colon + 1)..<end])) }
        }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                    index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
                }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth == 1 {
                    guard bytes[index] == UInt8(ascii: "{") else { return [] }
                    start = index + 1
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    close(index)
                    return members
                }
            case UInt8(ascii: ":") where depth == 1 && colon == nil: colon = index
            case UInt8(ascii: ",") where depth == 1:
                close(index)
                start = index + 1
                colon = nil
            default: break
            }
            index += 1
        }
        // It does not end: it is no object.
        return []
    }

    /// A member's value, as far as it is shown.
    package enum Value: Sendable {
        case text(String)
        case number(Double)
        case other

        package var text: String? { if case .text(let text) = self { text } else { nil } }

        package init(_ bytes: ArraySlice<UInt8>) {
            if let text = JSONMembers.text(bytes) {
                self = .text(text)
            } else {
                let word = JSONMembers.trimmed(bytes)
                let isNumber = word.first.map { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) } ?? false
                let number = isNumber ? Double(String(decoding: word, as: UTF8.self)) : nil
                self = number.map { .number($0) } ?? .other
            }
        }
    }

    /// The text of a JSON string, with white space around it; `nil` for anything else.
    package static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        let word = self.trimmed(bytes)
        guard word.count >= 2, word.first == UInt8(ascii: "\""), word.last == UInt8(ascii: "\"") else { return nil }
        let inside = word.dropFirst().dropLast()
        let isPlain = inside.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\"") }
        if isPlain { return String(validating: inside, as: UTF8.self) }
        return JSONString.text(word)
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}
