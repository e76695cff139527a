/// What texts of settings may hold.
enum SettingText {
    /// Printable ASCII without blanks, and not empty.
    @Sendable static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    }

    /// A token of HTTP (RFC 9110, 5.6.2).
    @Sendable static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                        || "!#$%&'*+-.^_`|~".unicodeScalars.contains($0))
            }
    }

    /// A path of a URL.
    @Sendable static func isURLPath(_ text: String) -> Bool { text.hasPrefix("/") && self.isPlain(text) }

    /// `200`, `2xx` or `200-399`.
    static func statuses(_ text: String) -> ClosedRange<Int>? {
        func status(_ part: some StringProtocol) -> Int? {
            guard part.utf8.count == 3, let number = Int(part), (100...599).contains(number) else { return nil }
            return number
        }
        if text.hasSuffix("xx"), let first = status(text.dropLast(2) + "00") { return first...(first + 99) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { status($0) }
        switch parts.count {
        case 1: return parts[0].map { $0...$0 }
        case 2:
            guard let low = parts[0], let high = parts[1], low <= high else { return nil }
            return low...high
        default: return nil
        }
    }
}
