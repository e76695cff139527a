import TerminalCanvas

/// Texts in columns.
enum Pad {
    /// Blanks behind the text, one at least.
    static func right(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(1, columns - Sanitizer.columns(of: text)))
    }

    /// Blanks before the text.
    static func left(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: text))) + text
    }
}
