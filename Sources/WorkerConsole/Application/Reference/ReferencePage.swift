/// A page of the documentation that is made from the code, or the part of a page that is.
package struct ReferencePage: Sendable, Equatable {
    /// From the top of the repository: `docs/reference/keys.md`.
    package let path: String
    package let text: String
    /// The text stands between two comments of a page that is otherwise written by hand.
    var isPart = false

    /// Every generated page, as it should stand in the repository.
    ///
    /// The pages are the same on every machine: no time, path or name of the machine stands in them.
    /// - Throws: A file error when the sample project that the keys are read from cannot be made.
    package static func all() async throws -> [ReferencePage] {
        [
            ReferencePage(path: "docs/reference/keys.md", text: KeysPage.text()),
            ReferencePage(path: "docs/reference/checks.md", text: ChecksPage.text()),
            ReferencePage(path: "docs/reference/commands.md", text: CommandsPage.text()),
            ReferencePage(path: "docs/user-guide/configuration.md", text: SettingsTable.text(), isPart: true),
        ]
    }

    /// The comment that tops a page, so that nobody edits it by hand.
    static let notice = "<!-- Made from the code by `make docs`; a test fails when it is stale. -->"
    /// The comment below a part that is made from the code.
    static let end = "<!-- Up to here made from the code. -->"

    /// The whole page as it should stand in the repository, where now stands `page`.
    ///
    /// `nil` when only a part of it is made from the code and the comments around that part are missing.
    package func replacing(_ page: String) -> String? {
        guard self.isPart else { return self.text }
        guard let start = page.firstRange(of: Self.notice + "\n"),
            let end = page[start.upperBound...].firstRange(of: Self.end)
        else { return nil }
        return "\(page[..<start.upperBound])\(self.text)\(page[end.lowerBound...])"
    }

    /// A row of a Markdown table; what would end a cell is escaped.
    static func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    /// The heading of a Markdown table and the line below it.
    static func heading(_ cells: [String]) -> [String] {
        [self.row(cells), "|" + String(repeating: "---|", count: cells.count)]
    }
}
