package import ConsoleUI
import ContentViews
package import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// Browses the tables of D1 databases, and runs reading statements on them.
package struct DatabaseScreen: Screen {
    package static let id = ScreenID.database
    package static let title = Phrase("D1", "D1")
    package static let commandName = "d1"
    package static let summary = Phrase(
        "The tables of D1 databases, their rows and schema, and SQL that reads.",
        "D1 数据库的表、行和结构，以及只读 SQL。")

    /// The pane that keys go to.
    enum Focus: String, Sendable, CaseIterable { case tables, rows, schema, migrations }

    private(set) var choice = DatabaseChoice()
    var tables = DatabaseTables()
    var rows = DatabaseRows()
    var queries = DatabaseQueries()
    private(set) var focus = Focus.tables
    /// One row is shown as a list of its fields.
    private(set) var isRowOpen = false
    var value = DatabaseValue()
    var export = DatabaseSaving()
    var migrations = DatabaseMigrations()
    var writing = DatabaseWriting()
    private(set) var listener = ChangeListener()
    private var outlinePending = Pending("outline")
    private var isShown = false

    package init() {}

    package static let panes: [KeyPane<DatabaseScreen, Effect>] = DatabaseKeys.panes

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown:
            self.isShown = true
            let effects = self.ensureOpen(in: world)
            return effects.isEmpty ? self.loadOutline() : effects
        case .hidden:
            self.isShown = false
            return self.stopListening()
        case .tick:
            self.rows.change { $0.expireMarks(at: world.now) }
            self.tables.expireMarks(at: world.now)
            self.writing.expire(at: world.now)
            return DatabaseValues.fit(on: &self, in: world)
        case .worldChanged: return self.isShown ? self.ensureOpen(in: world) : []
        case .key(let key): return self.press(key, in: world)
        case .paste(let text):
            self.queries.paste(text)
            self.rows.paste(text)
            self.value.paste(text)
            self.export.paste(text)
            self.writing.paste(text)
        case .traffic, .object: break
        }
        return []
    }

    // MARK: What there is

    func resource(in world: World) -> BoundResource? { self.choice.resource(in: world) }

    /// Rows of the open table, with how many there are.
    var grid: DatabaseGrid? {
        guard var grid = self.rows.grid else { return nil }
        switch self.tables.count(of: grid.table) {
        case .exact(let count): grid.total = count
        case .rough(let count): (grid.total, grid.isTotalRough) = (count, true)
        case .counting, .unknown: break
        }
        return grid
    }
    /// The result of the newest statement; it stands in front of the rows.
    var result: DatabaseResult? { self.queries.result }
    var statement: StatementPane { self.queries.statement }
    var schema: DatabaseSchema { self.rows.schema }

    /// The grid that is in front.
    var front: DatabaseGrid? { self.result?.grid ?? self.grid }

    func shown(_ value: SQLValue, at index: Int, of page: SQLRows, in world: World) -> SQLValue {
        self.redaction.shown(value, at: index, of: page, in: world)
    }

    /// Columns and definition of the open table in lines of so many columns.
    func schemaLines(_ language: Language, columns: Int) -> [[Span]] {
        self.schema.lines(of: self.tables.open?.name, in: self.tables.overview, columns: columns, language)
    }

    // MARK: What keys change

    mutating func show(_ focus: Focus) { self.focus = focus }

    mutating func changeFront(_ change: (inout DatabaseGrid) -> Void) {
        if self.result != nil {
            self.queries.changeResult { change(&$0.grid) }
        } else {
            self.rows.change(change)
        }
    }

    mutating func moveSchema(by rows: Int, in world: World) {
        let layout = world.layout
        let count = self.schemaLines(world.language, columns: layout.columns - 2).count
        self.rows.moveSchema(by: rows, count: count, page: layout.page)
    }

    mutating func openRow(_ isOpen: Bool) { self.isRowOpen = isOpen && self.front?.selectedRow != nil }

    // MARK: Opening

    private mutating func ensureOpen(in world: World) -> [Effect] { self.adopt(self.choice.keepUp(with: world)) }

    mutating func switchDatabase(by step: Int, in world: World) -> [Effect] {
        self.adopt(self.choice.step(by: step, in: world))
    }

    private mutating func adopt(_ change: DatabaseChoice.Change) -> [Effect] {
        switch change {
        case .none: []
        case .closed: self.cancelAll() + self.stopListening()
        case .opened(let binding): self.open(binding)
        }
    }

    private mutating func cancelAll() -> [Effect] {
        self.cancel(\.outlinePending) + self.cancel(\.value.pending) + self.cancel(\.rows.followPending)
            + self.perform(DatabaseRows.cancelAll, on: \.rows) + self.perform(DatabaseTables.cancelAll, on: \.tables)
            + self.perform(DatabaseQueries.cancelAll, on: \.queries)
            + self.perform(DatabaseSaving.cancelAll, on: \.export)
            + self.perform(DatabaseMigrations.cancelAll, on: \.migrations)
            + self.perform(DatabaseWriting.cancelAll, on: \.writing)
    }

    private mutating func open(_ binding: String) -> [Effect] {
        let cancelled = self.cancelAll() + self.stopListening()
        self.tables = DatabaseTables(binding: binding)
        self.rows = DatabaseRows(binding: binding)
        self.queries.open(binding)
        self.export = DatabaseSaving()
        self.migrations = DatabaseMigrations(binding: binding)
        self.writing = DatabaseWriting(binding: binding)
        self.focus = .tables
        self.isRowOpen = false
        self.value.close()
        return cancelled + self.loadOutline()
    }

    /// Reads everything again: the statement that is in front, else what the database holds.
    mutating func reload(in world: World) -> [Effect] {
        // What has written is not written once more unasked.
        if let result = self.result, result.kind != .write { return self.run(result.statement, result.kind, in: world) }
        self.tables.startAgain()
        return self.loadOutline()
    }

    private mutating func loadOutline() -> [Effect] {
        guard let binding = self.choice.binding else { return [] }
        let watches = self.isShown && self.listener.isNeeded(for: binding)
        return [
            self.start(\.outlinePending) {
                await DatabaseReader.outline($0, binding: binding, watches: watches)
            } then: { screen, reply, world in
                switch reply {
                case .success(let outline): return screen.take(outline, in: world)
                case .failure(let error):
                    screen.tables.fail(error)
                    // What is locked now is read at the next change.
                    return screen.listen(afterReads: 1)
                }
            }
        ]
    }

    /// Takes in what the database holds now; the table, its page and what is selected stay.
    private mutating func take(_ outline: DatabaseReader.Outline, in world: World) -> [Effect] {
        var outline = outline
        let start = outline.start
        // The listener alone owns it, so that it ends with the screen's being shown.
        outline.start = nil
        let table = self.rows.grid?.table
        let definition = table.flatMap { self.tables.definition(of: $0) }
        self.tables.take(outline, at: world.now)
        var effects: [Effect] = []
        var reads = 2
        if let table, let open = self.tables.open, open.name.hasSameBytes(as: table),
            self.rows.grid?.phase == .loaded
        {
            let isRedefined = definition != self.tables.definition(of: table)
            effects += self.change(\.rows) { $0.refresh(open, isRedefined: isRedefined) }
            if isRedefined { reads += 1 }
        } else if self.tables.open == nil {
            self.rows.close()
        } else {
            effects += self.openTable()
            reads += 1
        }
        effects += self.change(\.tables) { $0.countLarge() }
        if self.focus == .migrations { effects += self.change(\.migrations) { $0.load() } }
        guard self.isShown else { return effects }
        self.listener.take(start)
        return effects + self.listen(afterReads: reads)
    }

    // MARK: Changes

    private mutating func listen(afterReads reads: Int) -> [Effect] {
        guard let change = self.listener.waiting(afterReads: reads) else { return [] }
        return [
            self.start(\.listener.pending, change) { screen, hasChanged, _ in
                guard hasChanged else { return [] }
                screen.queries.changeResult { $0.noteChange() }
                return screen.loadOutline()
            }
        ]
    }

    private mutating func stopListening() -> [Effect] {
        self.listener.end()
        return self.cancel(\.listener.pending)
    }

    // MARK: Tables

    mutating func select(row: Int) -> [Effect] {
        let before = self.tables.open
        self.tables.select(row)
        let isSame = before.map { before in self.tables.open.map { $0 == before } ?? false } ?? false
        return isSame && self.rows.grid != nil ? [] : self.openTable()
    }

    private mutating func openTable() -> [Effect] {
        guard let table = self.tables.open else { return [] }
        self.isRowOpen = false
        return self.change(\.queries) { $0.closeResult() } + self.change(\.rows) { $0.open(table) }
    }

    // MARK: Statements

    /// Runs the statement that is typed, or shows its plan.
    mutating func runStatement(_ kind: DatabaseResult.Kind, in world: World) -> [Effect] {
        var sql: String?
        self.queries.changeStatement { sql = $0.take() }
        return sql.map { self.run($0, kind, in: world) } ?? []
    }

    mutating func run(_ sql: String, _ kind: DatabaseResult.Kind, in world: World) -> [Effect] {
        self.focus = .rows
        self.isRowOpen = false
        let mayWrite = kind == .rows && self.writing.secondsLeft(at: world.now) > 0
        return self.change(\.queries) { $0.run(sql, mayWrite ? .write : kind, at: world.now) }
    }

    /// Puts the result of a statement away.
    mutating func closeResult() -> [Effect] {
        self.isRowOpen = false
        return self.change(\.queries) { $0.closeResult() }
    }

    // MARK: Values

    var cell: DatabaseCell? { self.value.cell }
    var redaction: DatabaseRedaction { self.value.redaction }

    /// The stored value is another one than the one that is looked at.
    var isCellBehind: Bool { self.result == nil && self.cell?.isBehind(self.rows.grid?.selectedValue) ?? false }

    /// The content of the value that is looked at in full.
    var content: ContentPane? { self.value.content }

    // MARK: Mouse and picture

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        DatabaseMouse.click(row: row, column: column, on: &self, in: world)
    }

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        DatabaseView(self, world).draw(into: &canvas, area: area)
    }

    package func stateLine(in world: World) -> [Span] { DatabaseStateLine.spans(of: self, in: world) }
}
