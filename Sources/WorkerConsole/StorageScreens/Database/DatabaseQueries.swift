import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The statement that is typed, and the result of the newest one.
struct DatabaseQueries: Sendable {
    typealias Wants = [PartEffect<DatabaseQueries>]

    /// ``Binding/id`` of the open database.
    private var binding: String
    private(set) var statement = StatementPane()
    /// The result of the newest statement; it stands in front of the rows.
    private(set) var result: DatabaseResult?
    private var names: StatementNames?
    private var queryPending = Pending("query")
    private var namesPending = Pending("names")
    private var keptPending = Pending("kept")
    private var notePending = Pending("note")
    private var savePending = Pending("save")
    /// What earlier runs have kept was asked for.
    private var hasKept = false

    init(binding: String = "") { self.binding = binding }

    static let cancelAll: Wants = [.cancel(\.queryPending), .cancel(\.namesPending)]

    /// Goes on with another database; what is typed and what was run stay.
    mutating func open(_ binding: String) {
        self.binding = binding
        self.result = nil
        self.names = nil
    }

    // MARK: Typing

    /// Opens the statement for typing; `tables` are those of the open database, for the completion of names.
    mutating func openStatement(tables: [String]) -> Wants {
        self.statement.open(with: self.result?.statement)
        let kept = self.readKept()
        guard self.names?.tables != tables else { return kept }
        self.names = StatementNames(tables: tables)
        let binding = self.binding
        return kept + [
            .start(\.namesPending) {
                await DatabaseReader.columns($0, binding: binding, tables: tables)
            } then: { queries, columns, _ in
                queries.names?.columns = columns
                return []
            }
        ]
    }

    private mutating func readKept() -> Wants {
        guard !self.hasKept else { return [] }
        self.hasKept = true
        return [
            .start(\.keptPending) {
                await $0.statements.statements()
            } then: { queries, kept, _ in
                queries.statement.take(kept)
                return []
            }
        ]
    }

    /// Saves the statement that is typed under the name that is typed.
    mutating func save() -> Wants {
        guard let statement = self.statement.save(), let name = statement.name else { return [] }
        return self.keep(statement.sql, as: name) { DatabasePhrases.savedStatement($0, name) }
    }

    /// Removes the chosen one from the saved ones.
    mutating func removeSaved() -> Wants {
        guard let name = self.statement.removeSaved() else { return [] }
        return self.keep("", as: name) { DatabasePhrases.removedStatement($0, name) }
    }

    private func keep(_ sql: String, as name: String, _ done: @escaping @Sendable (Language) -> String) -> Wants {
        [
            .start(\.savePending) {
                await $0.statements.save(sql, as: name)
            } then: { _, problem, world in
                let language = world.language
                return [.effect(.toast(problem.map { language.text($0) } ?? done(language), isFailure: problem != nil))]
            }
        ]
    }

    mutating func changeStatement(_ change: (inout StatementPane) -> Void) { change(&self.statement) }

    mutating func complete() { if let names = self.names { self.statement.complete(with: names) } }

    mutating func paste(_ text: String) {
        if self.statement.isOpen { self.statement.paste(text) }
        self.result?.paste(text)
    }

    // MARK: Running

    /// Runs a statement, or asks how SQLite would.
    /// - Parameters:
    ///   - sql: As typed.
    ///   - kind: What is wanted of it.
    ///   - now: For how long it runs.
    /// - Returns: The work.
    mutating func run(_ sql: String, _ kind: DatabaseResult.Kind, at now: WallTime) -> Wants {
        self.result = DatabaseResult(sql, kind, startedAt: now)
        let binding = self.binding
        return [
            .start(\.queryPending) {
                await DatabaseReader.query($0, binding: binding, sql: sql, kind)
            } then: { queries, reply, world in
                switch reply {
                case .success(let answer): queries.changeResult { $0.take(answer) }
                case .failure(let error): queries.changeResult { $0.grid.fail(error) }
                }
                guard let changed = queries.result?.changed else { return [] }
                let text = DatabasePhrases.changedRows(world.language, ScreenFormat.count(changed))
                return [.effect(.toast(text, isFailure: false))]
            },
            .start(\.notePending) {
                if kind != .plan { await $0.statements.note(sql) }
            } then: { _, _, _ in
                []
            },
        ]
    }

    mutating func changeResult(_ change: (inout DatabaseResult) -> Void) {
        guard var result = self.result else { return }
        change(&result)
        self.result = result
    }

    /// Puts the result away; a statement that still runs ends.
    mutating func closeResult() -> Wants {
        self.result = nil
        return [.cancel(\.queryPending)]
    }
}
