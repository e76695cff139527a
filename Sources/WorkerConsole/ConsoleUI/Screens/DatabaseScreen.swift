import TerminalCanvas
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
    enum Focus: Sendable, Equatable { case tables, rows, schema }

    enum Outline: Sendable, Equatable {
        case loading
        case loaded(DatabaseReader.Outline)
        case failed(StorageError)
    }

    /// ``Binding/id`` of the open database.
    var binding: String?
    var outline = Outline.loading
    /// The selected table, an index into ``tables``.
    var tableCursor = 0
    var columns: [SQLColumn] = []
    var columnsProblem: StorageError?
    /// Rows of the selected table.
    var grid: DatabaseGrid?
    /// The answer to the newest statement; it stands in front of the rows.
    var result: DatabaseGrid?
    var focus = Focus.tables
    var schemaLine = 0
    /// One row is shown as a list of its fields.
    var isRowOpen = false
    var cell: DatabaseCell?
    /// The statement that is typed.
    var editor: TextField?
    /// Statements that were run, the newest last; at most 50.
    var history: [String] = []
    var historyPlace: Int?
    /// The text that rows must hold, while it is typed.
    var filterField: TextField?
    /// What is looked for in the answer to a statement.
    var finder = TextFinder()
    /// Values that give access are shown.
    var isRevealed = false
    var outlinePending = PendingEffect("outline")
    var columnsPending = PendingEffect("columns")
    var rowsPending = PendingEffect("rows")
    var countPending = PendingEffect("count")
    var queryPending = PendingEffect("query")
    var cellPending = PendingEffect("cell")
    /// Of the resource that is open; another one of the same binding reads something else.
    private var generation = 0
    var isShown = false
    var listener = ChangeListener()
    /// The database has changed since the statement in front was run.
    var isResultBehind = false
    /// The value of the open cell as it was read.
    var cellSource: SQLValue?
    /// The value of the open cell is not the stored one any more.
    var isCellBehind = false
    /// Tables that have come, or have more or fewer rows than a moment ago.
    var tableMarks = ChangeMarks()
    /// A page was asked for before a change that it may not have.
    var areRowsBehind = false
    /// Why the database could not be read again; it is shown as it was.
    var staleReason: StorageError?

    /// Rows of the pane that has the focus.
    let height = PaneHeight()
    /// Where the panes stand.
    let clicks = ClickMap<Focus>()

    package init() {}

    package var isTyping: Bool {
        self.editor != nil || self.filterField != nil || self.finder.field != nil || self.cell?.finder.field != nil
    }

    package var canGoBack: Bool {
        self.isTyping || self.cell != nil || self.isRowOpen || self.result != nil || self.focus != .tables
            || self.grid?.filter.isEmpty == false
    }

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown:
            self.isShown = true
            let effects = self.ensureOpen(in: world)
            return effects.isEmpty ? self.loadOutline() : effects
        case .hidden:
            self.isShown = false
            return self.listener.end()
        case .tick:
            self.grid?.expireMarks(at: world.now)
            self.tableMarks.expire(at: world.now)
            return []
        case .worldChanged: return self.isShown ? self.ensureOpen(in: world) : []
        case .key(let key): return self.take(key, in: world)
        case .paste(let text):
            self.editor?.paste(DatabaseText.oneLine(text))
            self.filterField?.paste(text)
            self.finder.field?.paste(text)
            self.cell?.finder.field?.paste(text)
            return []
        case .reply(let key, let payload): return self.takeReply(key, payload, in: world)
        case .traffic: return []
        }
    }

    // MARK: What there is

    static func databases(in world: World) -> [BoundResource] {
        world.resources.filter { if case .database = $0.reader { true } else { false } }
    }

    func resource(in world: World) -> BoundResource? { world.resources.first { $0.binding.id == self.binding } }

    var tables: [DatabaseOverview.Table] {
        if case .loaded(let outline) = self.outline { outline.overview.tables } else { [] }
    }

    var selectedTable: DatabaseOverview.Table? {
        self.tables.indices.contains(self.tableCursor) ? self.tables[self.tableCursor] : nil
    }

    /// The grid that is in front.
    var front: DatabaseGrid? { self.result ?? self.grid }

    mutating func changeFront(_ change: (inout DatabaseGrid) -> Void) {
        if self.result != nil {
            if var grid = self.result {
                change(&grid)
                self.result = grid
            }
        } else if var grid = self.grid {
            change(&grid)
            self.grid = grid
        }
    }

    // MARK: Opening

    private mutating func ensureOpen(in world: World) -> [Effect] {
        let databases = Self.databases(in: world)
        if let binding = self.binding, let database = databases.first(where: { $0.binding.id == binding }) {
            guard database.generation != self.generation else { return [] }
            self.generation = database.generation
            return self.open(binding)
        }
        guard let first = databases.first else {
            self.binding = nil
            return self.cancelAll() + self.listener.end()
        }
        self.generation = first.generation
        return self.open(first.binding.id)
    }

    private mutating func cancelAll() -> [Effect] {
        self.outlinePending.cancel() + self.columnsPending.cancel() + self.rowsPending.cancel()
            + self.countPending.cancel() + self.queryPending.cancel() + self.cellPending.cancel()
    }

    mutating func open(_ binding: String) -> [Effect] {
        let cancelled = self.cancelAll() + self.listener.end()
        self.binding = binding
        self.staleReason = nil
        self.tableMarks = ChangeMarks()
        self.outline = .loading
        self.tableCursor = 0
        self.grid = nil
        self.result = nil
        self.columns = []
        self.columnsProblem = nil
        self.focus = .tables
        self.isRowOpen = false
        self.cell = nil
        return cancelled + self.loadOutline()
    }

    mutating func loadOutline() -> [Effect] {
        guard let binding = self.binding else { return [] }
        let watches = self.isShown && self.listener.isNeeded(for: binding)
        return self.outlinePending.start(binding) {
            await DatabaseReader.outline($0, binding: binding, watches: watches)
        }
    }

    mutating func switchDatabase(by step: Int, in world: World) -> [Effect] {
        let databases = Self.databases(in: world)
        guard databases.count > 1, let index = databases.firstIndex(where: { $0.binding.id == self.binding }) else {
            return []
        }
        let next = databases[(index + step + databases.count) % databases.count]
        self.generation = next.generation
        return self.open(next.binding.id)
    }

    // MARK: Tables

    mutating func select(table index: Int) -> [Effect] {
        let before = self.tableCursor
        self.tableCursor = max(0, min(index, self.tables.count - 1))
        return self.tableCursor == before && self.grid != nil ? [] : self.openTable()
    }

    mutating func openTable() -> [Effect] {
        guard let binding = self.binding, let table = self.selectedTable else { return [] }
        let name = table.name
        var grid = DatabaseGrid(.table(name))
        grid.total = table.rows
        self.grid = grid
        self.result = nil
        self.columns = []
        self.columnsProblem = nil
        self.schemaLine = 0
        self.isRowOpen = false
        return self.countPending.cancel() + self.loadColumns(of: name, in: binding)
            + self.loadRows(offset: 0, atEnd: false)
    }

    mutating func loadColumns(of table: String, in binding: String) -> [Effect] {
        self.columnsPending.start("\(binding) \(table)") {
            await DatabaseReader.columns($0, binding: binding, table: table)
        }
    }

    /// With `isAgain` the page is one that is shown: the selection stays on its row.
    mutating func loadRows(offset: Int, atEnd: Bool, isAgain: Bool = false) -> [Effect] {
        guard let binding = self.binding, let grid = self.grid, let table = grid.table else { return [] }
        self.grid?.startLoading()
        let columns = self.columns.isEmpty ? grid.columns : self.columns.map(\.name)
        let order = grid.order
        let filter = grid.filter
        return self.rowsPending.start("\(binding) \(table) \(offset)") { services in
            await DatabaseReader.rows(
                services, binding: binding, table: table, columns: columns, order: order, filter: filter,
                offset: offset, atEnd: atEnd, isAgain: isAgain)
        }
    }

    /// Counts a table that was too large to be counted with all the others.
    mutating func countRows() -> [Effect] {
        guard let binding = self.binding, let table = self.grid?.table, self.grid?.total == nil else { return [] }
        return self.countPending.start("\(binding) \(table)") {
            await DatabaseReader.count($0, binding: binding, table: table)
        }
    }

    // MARK: Statements

    mutating func runStatement(_ sql: String) -> [Effect] {
        guard let binding = self.binding else { return [] }
        self.isResultBehind = false
        if self.history.last?.hasSameBytes(as: sql) != true { self.history.append(sql) }
        if self.history.count > 50 { self.history.removeFirst() }
        self.historyPlace = nil
        self.result = DatabaseGrid(.query(sql))
        self.finder.clear()
        self.focus = .rows
        self.isRowOpen = false
        return self.queryPending.start("\(binding) \(sql.prefix(80))") {
            await DatabaseReader.query($0, binding: binding, sql: sql)
        }
    }

    // MARK: Values

    mutating func openCell(in world: World) -> [Effect] {
        guard let grid = self.front, let column = grid.selectedColumn,
            let value = grid.selectedValue.map({ self.shown($0, at: grid.column, of: grid.page.rows, in: world) })
        else { return [] }
        let title = grid.table.map { "\($0).\(column)" } ?? column
        self.cell = DatabaseCell(title: title, value: value)
        self.cellSource = grid.selectedValue
        self.isCellBehind = false
        return self.cellPending.start(title) { _ in DatabaseCell.layOut(value) }
    }

    // MARK: Replies

    private mutating func takeReply(_ key: String, _ payload: any Sendable, in world: World) -> [Effect] {
        if self.outlinePending.takes(key) {
            return self.takeOutline(payload as? DatabaseReader.OutlineReply, in: world)
        } else if self.listener.hears(key, payload) {
            self.isResultBehind = self.result != nil
            return self.loadOutline()
        } else if self.columnsPending.takes(key) {
            switch payload as? DatabaseReader.ColumnsReply {
            case .success(let columns): self.columns = columns
            case .failure(let error): self.columnsProblem = error
            case nil: break
            }
        } else if self.rowsPending.takes(key) {
            switch payload as? DatabaseReader.PageReply {
            case .success(let answer) where answer.isAgain: self.takeAgain(answer, in: world)
            case .success(let answer):
                self.grid?.take(answer.page, offset: answer.offset, atEnd: answer.atEnd)
                if self.areRowsBehind {
                    self.areRowsBehind = false
                    return self.loadRows(offset: answer.offset, atEnd: false, isAgain: true)
                }
            case .failure(let error): self.grid?.fail(error)
            case nil: break
            }
        } else if self.countPending.takes(key) {
            if case .success(let count) = payload as? DatabaseReader.CountReply { self.grid?.total = count }
        } else if self.queryPending.takes(key) {
            switch payload as? DatabaseReader.PageReply {
            case .success(let answer): self.result?.take(answer.page, offset: 0, atEnd: false)
            case .failure(let error): self.result?.fail(error)
            case nil: break
            }
        } else if self.cellPending.takes(key) {
            if let content = payload as? StoredContent { self.cell?.take(content) }
        }
        return []
    }
}

extension ScreenID {
    package static let database = ScreenID(rawValue: "database")
}
