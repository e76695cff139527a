/// A statement that a person has run, or saved under a name.
package struct KeptStatement: Sendable, Equatable {
    package let sql: String
    /// `nil` for one that was only run.
    package let name: String?

    package init(sql: String, name: String? = nil) {
        self.sql = sql
        self.name = name
    }
}

/// Keeps statements between runs of the program; they are a person's own words, and stay as they were typed.
package protocol StatementKeeper: Sendable {
    /// Saved ones and those that were run, the newest last; none when they cannot be read.
    func statements() async -> [KeptStatement]
    /// Notes one that is run.
    func note(_ sql: String) async
    /// Saves one under a name; an earlier one of that name is replaced, and an empty statement removes it.
    /// - Returns: Why it could not be saved; `nil` when it was.
    func save(_ sql: String, as name: String) async -> String?
}

/// Keeps nothing.
package struct NoStatementKeeper: StatementKeeper {
    package init() {}
    package func statements() async -> [KeptStatement] { [] }
    package func note(_: String) async {}
    package func save(_: String, as _: String) async -> String? { "statements are not kept here" }
}
