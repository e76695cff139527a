/// The words of toml++ in the ones that people use.
enum TOMLWords {
    private static let better = [
        ("encountered end-of-file", "the file ends too early"),
        ("value-terminator", "the end of the value"),
        ("bare key starting character or string delimiter", "a key"),
        ("a comment or whitespace", "a comment or a blank"),
        ("keys, tables, whitespace or comments", "keys, tables, blanks or comments"),
        ("expected value,", "expected a value,"),
        ("expected key or", "expected a key or"),
        ("expected comma or", "expected a comma or"),
        ("are explicitly prohibited", "are not allowed"),
        ("unescaped control characters", "control characters"),
        ("TAB (U+0009)", "tab"),
        (" (vertical tabs '\\v' and form-feeds '\\f' are not legal line breaks in TOML)", ""),
    ]

    /// A message of toml++ without what it was doing at that moment (`Error while parsing key-value pair: …`).
    static func plain(_ message: String) -> String {
        var text = message
        if text.hasPrefix("Error while parsing "), let end = text.firstRange(of: ": ") {
            text = String(text[end.upperBound...])
        }
        for (words, others) in self.better { text = text.replacing(words, with: others) }
        return text
    }
}
