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
    enum Focus: String, Sendable, CaseIterable { case tables, rows, schema }

    /// ``Binding/id`` of the open database.
    private var binding: String?
    private(set) var tables = DatabaseTables()
    private(set) var schema = DatabaseSchema()
    /// Rows of the open table.
    private(set) var grid: DatabaseGrid?
    /// The answer to the newest statement; it stands in front of the rows.
    private(set) var result: DatabaseResult?
    private(set) var focus = Focus.tables
    /// One row is shown as a list of its fields.
    private(set) var isRowOpen = false
    private(set) var cell: DatabaseCell?
    private(set) var statement = StatementPane()
    /// The text that rows must hold, while it is typed.
    private(set) var filterField: TextField?
    private(set) var redaction = DatabaseRedaction()
    private(set) var listener = ChangeListener()
    private var names: StatementNames?
    private var outlinePending = Pending("outline")
    private var columnsPending = Pending("columns")
    private var rowsPending = Pending("rows")
    private var countPending = Pending("count")
    private var queryPending = Pending("query")
    private var cellPending = Pending("cell")
    private var namesPending = Pending("names")
    /// Of the resource that is open; another one of the same binding reads something else.
    private var generation = 0
    private var isShown = false
    /// A page was asked for before a change that it may not have.
    private var areRowsBehind = false

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
            self.grid?.expireMarks(at: world.now)
            self.tables.expireMarks(at: world.now)
            return self.fitContent(in: world)
        case .worldChanged: return self.isShown ? self.ensureOpen(in: world) : []
        case .key(let key): return self.press(key, in: world)
        case .paste(let text):
            if self.statement.isOpen { self.statement.paste(text) }
            self.filterField?.paste(text)
            self.result?.paste(text)
            self.cell?.pane.paste(text)
        case .traffic: break
        }
        return []
    }

    // MARK: What there is

    static func databases(in world: World) -> [BoundResource] {
        world.resources.filter { if case .database = $0.reader { true } else { false } }
    }

    func resource(in world: World) -> BoundResource? {
        world.resources.first { resource in
            self.binding.map { $0.hasSameBytes(as: resource.binding.id) } ?? false
        }
    }

    /// The grid that is in front.
    var front: DatabaseGrid? { self.result?.grid ?? self.grid }

    var isReadingColumns: Bool { self.columnsPending.isWaiting }
    var isCounting: Bool { self.countPending.isWaiting }

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
        if var result = self.result {
            change(&result.grid)
            self.result = result
        } else if var grid = self.grid {
            change(&grid)
            self.grid = grid
        }
    }

    mutating func changeResult(_ change: (inout DatabaseResult) -> Void) {
        guard var result = self.result else { return }
        change(&result)
        self.result = result
    }

    /// The content of the value that is looked at in full.
    var content: ContentPane? {
        get { self.cell?.pane }
        set { if let newValue { self.cell?.pane = newValue } }
    }

    /// Changes the content that is shown, and does what it wants then.
    mutating func changeContent(in world: World, _ change: (inout ContentPane) -> ContentTask?) -> [Effect] {
        guard var content = self.content else { return [] }
        let task = change(&content)
        self.content = content
        return self.look(task) + (task == nil ? self.fitContent(in: world) : [])
    }

    private mutating func look(_ task: ContentTask?) -> [Effect] { self.look(task, in: \.cellPending, \.content) }

    private mutating func fitContent(in world: World) -> [Effect] {
        guard world.layout.shows(Self.contentShown) else { return [] }
        return self.look(self.cell?.pane.fit(columns: ContentPaneView.columns(of: world.layout.columns)))
    }

    /// What a layout notes where a value is shown in full.
    static let contentShown = "content"

    mutating func changeStatement(_ change: (inout StatementPane) -> Void) { change(&self.statement) }

    mutating func moveSchema(by rows: Int, in world: World) {
        let layout = world.layout
        let count = self.schemaLines(world.language, columns: layout.columns - 2).count
        self.schema.move(by: rows, count: count, page: layout.page)
    }

    mutating func openRow(_ isOpen: Bool) { self.isRowOpen = isOpen && self.front?.selectedRow != nil }

    mutating func toggleSystemTables() { self.tables.toggleSystem() }

    mutating func reveal(in world: World) -> [Effect] {
        self.redaction.toggle()
        return self.cell == nil ? [] : self.openCell(in: world)
    }

    // MARK: Opening

    private mutating func ensureOpen(in world: World) -> [Effect] {
        let databases = Self.databases(in: world)
        if let binding = self.binding,
            let database = databases.first(where: { $0.binding.id.hasSameBytes(as: binding) })
        {
            guard database.generation != self.generation else { return [] }
            self.generation = database.generation
            return self.open(binding)
        }
        guard let first = databases.first else {
            self.binding = nil
            return self.cancelAll() + self.stopListening()
        }
        self.generation = first.generation
        return self.open(first.binding.id)
    }

    private mutating func cancelAll() -> [Effect] {
        self.cancel(\.outlinePending) + self.cancel(\.columnsPending) + self.cancel(\.rowsPending)
            + self.cancel(\.countPending) + self.cancel(\.queryPending) + self.cancel(\.cellPending)
            + self.cancel(\.namesPending)
    }

    private mutating func open(_ binding: String) -> [Effect] {
        let cancelled = self.cancelAll() + self.stopListening()
        self.binding = binding
        self.tables = DatabaseTables()
        self.schema = DatabaseSchema()
        self.grid = nil
        self.result = nil
        self.names = nil
        self.focus = .tables
        self.isRowOpen = false
        self.cell = nil
        return cancelled + self.loadOutline()
    }

    mutating func switchDatabase(by step: Int, in world: World) -> [Effect] {
        let databases = Self.databases(in: world)
        let place = databases.firstIndex { database in
            self.binding.map { $0.hasSameBytes(as: database.binding.id) } ?? false
        }
        guard databases.count > 1, let place else { return [] }
        let next = databases[(place + step + databases.count) % databases.count]
        self.generation = next.generation
        return self.open(next.binding.id)
    }

    /// Reads everything again: the statement that is in front, else what the database holds.
    mutating func reload() -> [Effect] {
        if let statement = self.result?.statement { return self.run(statement) }
        self.tables.startAgain()
        return self.loadOutline()
    }

    private mutating func loadOutline() -> [Effect] {
        guard let binding = self.binding else { return [] }
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
        let table = self.grid?.table
        let definition = table.flatMap { self.tables.definition(of: $0) }
        self.tables.take(outline, at: world.now)
        var effects: [Effect] = []
        var reads = 2
        if let table, let open = self.tables.open, open.name.hasSameBytes(as: table), self.grid?.phase == .loaded {
            self.grid?.total = open.rows
            if definition != self.tables.definition(of: table) {
                effects += self.loadColumns(of: table)
                reads += 1
            }
            // A page that is on its way is the one that was asked for; it is read again when it has come.
            self.areRowsBehind = self.rowsPending.isWaiting
            if !self.areRowsBehind, let offset = self.grid?.offset {
                effects += self.loadRows(offset: offset, atEnd: false, isAgain: true)
            }
        } else if self.tables.open == nil {
            self.grid = nil
            self.schema = DatabaseSchema()
        } else {
            effects += self.openTable()
            reads += 1
        }
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
                screen.result?.noteChange()
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
        return isSame && self.grid != nil ? [] : self.openTable()
    }

    private mutating func openTable() -> [Effect] {
        guard let table = self.tables.open else { return [] }
        var grid = DatabaseGrid(.table(table.name))
        grid.total = table.rows
        self.grid = grid
        self.result = nil
        self.schema = DatabaseSchema()
        self.isRowOpen = false
        return self.cancel(\.countPending) + self.loadColumns(of: table.name) + self.loadRows(offset: 0, atEnd: false)
    }

    private mutating func loadColumns(of table: String) -> [Effect] {
        guard let binding = self.binding else { return [] }
        return [
            self.start(\.columnsPending) {
                await DatabaseReader.columns($0, binding: binding, table: table)
            } then: { screen, reply, _ in
                switch reply {
                case .success(let columns): screen.schema.take(columns)
                case .failure(let error): screen.schema.fail(error)
                }
                return []
            }
        ]
    }

    /// With `isAgain` the page is one that is shown: the selection stays on its row.
    mutating func loadRows(offset: Int, atEnd: Bool, isAgain: Bool = false) -> [Effect] {
        guard let binding = self.binding, let grid = self.grid, let table = grid.table else { return [] }
        self.grid?.startLoading()
        let columns = self.schema.columns.isEmpty ? grid.columns : self.schema.columns.map(\.name)
        let (order, filter) = (grid.order, grid.filter)
        return [
            self.start(\.rowsPending) {
                await DatabaseReader.rows(
                    $0, binding: binding, table: table, columns: columns, order: order, filter: filter,
                    offset: offset, atEnd: atEnd, isAgain: isAgain)
            } then: { screen, reply, world in
                screen.take(reply, in: world)
            }
        ]
    }

    private mutating func take(_ reply: DatabaseReader.PageReply, in world: World) -> [Effect] {
        switch reply {
        case .success(let answer) where answer.isAgain:
            let key = self.schema.keyColumns(in: self.grid?.columns ?? [])
            self.grid?.takeAgain(answer, key: key, at: world.now)
            if self.result == nil { self.cell?.compare(with: self.grid?.selectedValue) }
        case .success(let answer):
            self.grid?.take(answer.page, offset: answer.offset, atEnd: answer.atEnd)
            guard self.areRowsBehind else { return [] }
            self.areRowsBehind = false
            return self.loadRows(offset: answer.offset, atEnd: false, isAgain: true)
        case .failure(let error): self.grid?.fail(error)
        }
        return []
    }

    /// Shows only rows that hold a text.
    mutating func setFilter(_ text: String) -> [Effect] {
        guard let grid = self.grid, !grid.filter.hasSameBytes(as: text) else { return [] }
        self.grid?.filter = text
        return self.loadRows(offset: 0, atEnd: false)
    }

    mutating func setOrder(_ order: SQLOrder?) -> [Effect] {
        self.grid?.order = order
        return self.loadRows(offset: 0, atEnd: false)
    }

    /// Counts a table that was too large to be counted with all the others.
    mutating func countRows() -> [Effect] {
        guard let binding = self.binding, let table = self.grid?.table, self.grid?.total == nil else { return [] }
        return [
            self.start(\.countPending) {
                await DatabaseReader.count($0, binding: binding, table: table)
            } then: { screen, reply, _ in
                if case .success(let count) = reply { screen.grid?.total = count }
                return []
            }
        ]
    }

    // MARK: Statements

    mutating func openStatement() -> [Effect] {
        self.statement.open(with: self.result?.statement)
        return self.readNames()
    }

    /// Reads the columns of every table, for the completion of names.
    private mutating func readNames() -> [Effect] {
        guard let binding = self.binding else { return [] }
        let tables = self.tables.all.map(\.name)
        guard self.names?.tables != tables else { return [] }
        self.names = StatementNames(tables: tables)
        return [
            self.start(\.namesPending) {
                await DatabaseReader.columns($0, binding: binding, tables: tables)
            } then: { screen, columns, _ in
                screen.names?.columns = columns
                return []
            }
        ]
    }

    mutating func complete() { if let names = self.names { self.statement.complete(with: names) } }

    mutating func runStatement() -> [Effect] { self.statement.take().map { self.run($0) } ?? [] }

    private mutating func run(_ sql: String) -> [Effect] {
        guard let binding = self.binding else { return [] }
        self.result = DatabaseResult(sql)
        self.focus = .rows
        self.isRowOpen = false
        return [
            self.start(\.queryPending) {
                await DatabaseReader.query($0, binding: binding, sql: sql)
            } then: { screen, reply, _ in
                switch reply {
                case .success(let answer): screen.changeFront { $0.take(answer.page, offset: 0, atEnd: false) }
                case .failure(let error): screen.changeFront { $0.fail(error) }
                }
                return []
            }
        ]
    }

    /// Puts the answer to a statement away.
    mutating func closeResult() -> [Effect] {
        self.result = nil
        self.isRowOpen = false
        return self.cancel(\.queryPending)
    }

    // MARK: Fields

    mutating func openFilter() { self.filterField = TextField(self.grid?.filter ?? "") }

    /// - Returns: What was typed.
    mutating func closeFilter() -> String? {
        defer { self.filterField = nil }
        return self.filterField?.text
    }

    mutating func typeFilter(_ key: KeyEvent) { _ = self.filterField?.handle(key) }

    // MARK: Values

    mutating func openCell(in world: World) -> [Effect] {
        guard let grid = self.front, let column = grid.selectedColumn, let source = grid.selectedValue else {
            return []
        }
        let value = self.shown(source, at: grid.column, of: grid.page.rows, in: world)
        let title = grid.table.map { "\($0).\(column)" } ?? column
        if self.cell?.title != title { self.cell = nil }
        var cell = DatabaseCell(title: title, value: value, source: source)
        if let pane = self.cell?.pane { cell.pane = pane }
        let options = world.contentOptions(self.redaction.isRevealed ? .off : world.redaction)
        let task = cell.open(options)
        self.cell = cell
        return self.look(task)
    }

    mutating func closeCell() -> [Effect] {
        self.cell = nil
        return self.cancel(\.cellPending)
    }

    // MARK: Mouse and picture

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard !self.isTyping, self.cell == nil,
            let (pane, index) = world.layout.hit(row: row, column: column, as: Focus.self)
        else { return [] }
        let wasFocused = self.focus == pane
        self.focus = pane
        guard let index else { return [] }
        switch pane {
        case .tables:
            if wasFocused, index == self.tables.cursor { return self.press(.enter, in: world) }
            return self.select(row: index)
        case .rows:
            if wasFocused, !self.isRowOpen, index == self.front?.row { return self.press(.enter, in: world) }
            self.changeFront { $0.select(row: index) }
        case .schema: break
        }
        return []
    }

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        DatabaseView(self, world).draw(into: &canvas, area: area)
    }

    package func stateLine(in world: World) -> [Span] { DatabaseStateLine.spans(of: self, in: world) }
}

extension ScreenID {
    package static let database = ScreenID(rawValue: "database")
}
