/// Shows what was typed in a message.
enum ArgumentText {
    /// Characters that are shown; an argument may have megabytes.
    private static let limit = 60

    /// The text between quotation marks, shortened, with everything escaped that could steer a terminal.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars.prefix(self.limit) {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if self.isInvisible(scalar) {
                    result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        let isShortened = text.unicodeScalars.dropFirst(self.limit).first != nil
        return result + (isShortened ? "…\"" : "\"")
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
