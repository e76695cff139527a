/// What a media type says.
package enum MediaType {
    /// Without parameters, in lower case.
    static func essence(_ type: String) -> String {
        Array(type.utf8.prefix { $0 != UInt8(ascii: ";") }).trimmed.prefix(128).text.lowercased()
    }

    /// A parameter, without its quotation marks (RFC 9110 section 5.6.6).
    package static func parameter(_ name: String, of value: String) -> String? {
        let bytes = Array(value.utf8.prefix(4_096))
        var place = bytes.firstIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? bytes.count
        while place < bytes.count {
            while place < bytes.count, bytes[place].isSpace || bytes[place] == UInt8(ascii: ";") { place += 1 }
            let start = place
            while place < bytes.count, bytes[place] != UInt8(ascii: "="), bytes[place] != UInt8(ascii: ";") {
                place += 1
            }
            let found = bytes[start..<place].trimmed.text.lowercased()
            guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { continue }
            place += 1
            var text: [UInt8] = []
            if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
                place += 1
                while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                    if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count { place += 1 }
                    text.append(bytes[place])
                    place += 1
                }
                place += 1
            } else {
                while place < bytes.count, bytes[place] != UInt8(ascii: ";") {
                    text.append(bytes[place])
                    place += 1
                }
                text = Array(text.trimmed)
            }
            if found == name { return text.text }
        }
        return nil
    }

    /// In lower case, without the dot.
    static func fileExtension(_ name: String) -> String {
        let bytes = Array(name.utf8)
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), bytes.count - dot <= 12 else { return "" }
        let text = bytes[(dot + 1)...]
        return text.contains(UInt8(ascii: "/")) ? "" : text.text.lowercased()
    }
}
