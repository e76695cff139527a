/// A page of the documentation that is made from the code.
package struct ReferencePage: Sendable, Equatable {
    /// From the top of the repository: `docs/reference/keys.md`.
    package let path: String
    package let text: String

    /// Every generated page, as it should stand in the repository.
    ///
    /// The pages are the same on every machine: no time, path or name of the machine stands in them.
    /// - Throws: A file error when the sample project that the keys are read from cannot be made.
    package static func all() async throws -> [ReferencePage] {
        [
            ReferencePage(path: "docs/reference/keys.md", text: try await KeysPage.text()),
            ReferencePage(path: "docs/reference/checks.md", text: ChecksPage.text()),
            ReferencePage(path: "docs/reference/commands.md", text: CommandsPage.text()),
        ]
    }

    /// The comment that tops a page, so that nobody edits it by hand.
    static let notice = "<!-- Made from the code by `make docs`; a test fails when it is stale. -->"

    /// A row of a Markdown table; what would end a cell is escaped.
    static func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    /// The heading of a Markdown table and the line below it.
    static func heading(_ cells: [String]) -> [String] {
        [self.row(cells), "|" + String(repeating: "---|", count: cells.count)]
    }
}
