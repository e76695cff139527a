import TerminalCanvas

/// Texts of a number of columns.
enum Padding {
    /// Blanks behind the text, one at least.
    static func end(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(1, columns - Sanitizer.columns(of: text)))
    }

    /// Blanks before it.
    static func start(_ text: String, _ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - Sanitizer.columns(of: text))) + text
    }
}
