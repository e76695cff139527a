/// Takes a JSON object apart into the texts of its members.
enum JSONMembers {
    /// Members of the outermost object in their order; none when the bytes are no object. What stands inside a member is
    /// not looked at.
    static func split(_ bytes: [UInt8]) -> [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
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
}
