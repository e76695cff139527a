/// The command line is wrong: what, and what was probably meant.
package struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line without control characters.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// `a`, `a or b`, `a, b or c`.
    package static func list(_ names: [String], _ last: String) -> String {
        guard let final = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " \(last) \(final)"
    }
}
