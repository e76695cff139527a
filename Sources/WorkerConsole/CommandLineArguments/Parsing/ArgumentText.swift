import TextSafety

/// Shows what was typed in a message.
enum ArgumentText {
    /// Characters that are shown; an argument may have megabytes.
    private static let limit = 60

    /// The text between quotation marks, shortened, without what gives access, and with everything escaped that could
    /// steer a terminal.
    static func quoted(_ text: String) -> String {
        // A password must not come out because its `@` was cut off.
        let text = Redaction.standard.refusedURL(String(text.prefix(4_096)))
        var result = "\""
        for scalar in text.unicodeScalars.prefix(self.limit) {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if ControlCharacters.isUnsafe(scalar) {
                    result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        let isShortened = text.unicodeScalars.dropFirst(self.limit).first != nil
        return result + (isShortened ? "…\"" : "\"")
    }
}
