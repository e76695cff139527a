/// A number with its noun, for English sentences outside the phrase tables, which have a form of their own for it.
package enum Counted {
    /// `1 byte`, `2 bytes`; without a noun for other numbers than 1, the first one gets an `s`.
    package static func text(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }

    /// `a, b, +3`: so many names, and how many more there are.
    package static func list(_ names: [String], atMost limit: Int) -> String {
        let more = names.count > limit ? ["+\(names.count - limit)"] : []
        return (names.prefix(limit) + more).joined(separator: ", ")
    }
}
