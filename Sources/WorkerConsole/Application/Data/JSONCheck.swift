import TextSafety

/// Looks at text that is said to be JSON.
enum JSONCheck {
    static func isJSON(_ text: String) -> Bool {
        text.utf8.count <= 1 << 20 && JSONSyntax.isValid(Array(text.utf8)[...])
    }

    /// Valid JSON has line ends between its tokens only.
    static func onOneLine(_ json: String) -> String {
        String(String.UnicodeScalarView(json.unicodeScalars.map { $0 == "\n" || $0 == "\r" || $0 == "\t" ? " " : $0 }))
    }
}
