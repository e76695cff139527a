/// A change of one source that may help, and what it does.
struct Rewrite: Sendable {
    /// One sentence for a person.
    let words: String
    let edits: [SourceEdit]

    init(_ words: String, _ edits: [SourceEdit]) {
        self.words = words
        self.edits = edits
    }
}
