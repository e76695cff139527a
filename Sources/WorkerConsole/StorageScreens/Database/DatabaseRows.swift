import ConsoleUI
import TerminalCanvas
import Widgets
import WorkerDomain

/// The rows of the open table, page by page, and what is known of the table.
struct DatabaseRows: Sendable {
    typealias Wants = [PartEffect<DatabaseRows>]

    /// A table that was left to follow a reference, as it was.
    private struct Visit: Sendable {
        let grid: DatabaseGrid
        let schema: DatabaseSchema
    }

    /// ``Binding/id`` of the open database.
    private let binding: String
    private(set) var grid: DatabaseGrid?
    private(set) var schema = DatabaseSchema()
    /// The text that rows must hold, while it is typed.
    private(set) var filterField: TextField?
    /// Tables that references were followed from, the newest last.
    private var trail: [Visit] = []
    private var columnsPending = Pending("columns")
    private var rowsPending = Pending("rows")
    /// Of looking for the row that is referred to.
    var followPending = Pending("follow")
    /// A page was asked for before a change that it may not have.
    private var areRowsBehind = false

    init(binding: String = "") { self.binding = binding }

    var isReadingColumns: Bool { self.columnsPending.isWaiting }

    /// Tables that Esc goes back through.
    var isVisiting: Bool { !self.trail.isEmpty }

    static let cancelAll: Wants = [.cancel(\.columnsPending), .cancel(\.rowsPending)]

    // MARK: Opening

    mutating func close() {
        self.grid = nil
        self.schema = DatabaseSchema()
        self.trail = []
    }

    mutating func open(_ table: DatabaseOverview.Table) -> Wants {
        self.trail = []
        return self.begin(table.name, total: table.rows) + self.load(.first, .first)
    }

    private mutating func begin(_ table: String, total: Int?) -> Wants {
        var grid = DatabaseGrid(.table(table))
        grid.total = total
        self.grid = grid
        self.schema = DatabaseSchema()
        return [self.readColumns(of: table)]
    }

    private func readColumns(of table: String) -> PartEffect<DatabaseRows> {
        let binding = self.binding
        return .start(\.columnsPending) {
            await DatabaseReader.schema($0, binding: binding, table: table)
        } then: { rows, reply, _ in
            switch reply {
            case .success(let found): rows.schema.take(found.columns, found.relations)
            case .failure(let error): rows.schema.fail(error)
            }
            return []
        }
    }

    /// Brings the open table up to date with what the database holds now; `isRedefined` when its definition is another.
    mutating func refresh(_ table: DatabaseOverview.Table, isRedefined: Bool) -> Wants {
        self.note(total: table.rows)
        var wants: Wants = isRedefined ? [self.readColumns(of: table.name)] : []
        // A page that is on its way is the one that was asked for; it is read again when it has come.
        self.areRowsBehind = self.rowsPending.isWaiting
        if !self.areRowsBehind { wants += self.loadAgain() }
        return wants
    }

    /// Notes how many rows the whole table has; `nil` when it is not known any more.
    mutating func note(total: Int?) { self.grid?.total = total }

    // MARK: Pages

    mutating func loadFirst() -> Wants { self.load(.first, .first) }

    mutating func loadLast() -> Wants { self.load(.last, .last) }

    mutating func loadNext() -> Wants {
        guard let grid = self.grid, grid.hasMore else { return [] }
        return self.load(grid.last.map { .after($0) } ?? .offset((grid.offset ?? 0) + grid.rows.count), .next)
    }

    mutating func loadPrevious() -> Wants {
        guard let grid = self.grid, grid.hasBefore else { return [] }
        let start = max(0, (grid.offset ?? 0) - DatabaseGrid.pageSize)
        return self.load(grid.first.map { .before($0) } ?? .offset(start), .previous)
    }

    /// Reads the page that is shown once more.
    mutating func loadAgain() -> Wants {
        guard let grid = self.grid else { return [] }
        guard grid.hasBefore else { return self.load(.first, .again) }
        return self.load(grid.first.map { .from($0) } ?? .offset(grid.offset ?? 0), .again)
    }

    private mutating func load(_ start: SQLPageRequest.Start, _ move: DatabaseGrid.Move) -> Wants {
        guard let grid = self.grid, let table = grid.table else { return [] }
        self.grid?.startLoading()
        let binding = self.binding
        let request = SQLPageRequest(
            table: table, order: grid.order, filter: grid.filter, start: start, limit: DatabaseGrid.pageSize)
        return [
            .start(\.rowsPending) {
                await DatabaseReader.page($0, binding: binding, request, move)
            } then: { rows, reply, world in
                rows.take(reply, in: world)
            }
        ]
    }

    private mutating func take(_ reply: DatabaseReader.PageReply, in world: World) -> Wants {
        switch reply {
        case .success(let answer) where answer.move == .again:
            let key = self.schema.keyColumns(in: self.grid?.columns ?? [])
            self.grid?.takeAgain(answer, key: key, at: world.now)
        case .success(let answer):
            self.grid?.take(answer)
            guard self.areRowsBehind else { return [] }
            self.areRowsBehind = false
            return self.loadAgain()
        case .failure(let error): self.grid?.fail(error)
        }
        return []
    }

    // MARK: Looking

    mutating func change(_ change: (inout DatabaseGrid) -> Void) {
        guard var grid = self.grid else { return }
        change(&grid)
        self.grid = grid
    }

    /// Shows only rows that hold a text.
    mutating func setFilter(_ text: String) -> Wants {
        guard let grid = self.grid, !grid.filter.hasSameBytes(as: text) else { return [] }
        self.grid?.filter = text
        return self.loadFirst()
    }

    mutating func setOrder(_ order: SQLOrder?) -> Wants {
        self.grid?.order = order
        return self.loadFirst()
    }

    mutating func moveSchema(by rows: Int, count: Int, page: Int) {
        self.schema.move(by: rows, count: count, page: page)
    }

    // MARK: Field

    mutating func openFilter() { self.filterField = TextField(self.grid?.filter ?? "") }

    /// - Returns: What was typed.
    mutating func closeFilter() -> String? {
        defer { self.filterField = nil }
        return self.filterField?.text
    }

    mutating func typeFilter(_ key: KeyEvent) { _ = self.filterField?.handle(key) }

    mutating func paste(_ text: String) { self.filterField?.paste(text) }

    // MARK: References

    /// What the selected value refers to; `nil` when it refers to nothing.
    var reference: DatabaseReference? {
        guard let grid = self.grid, let column = grid.selectedColumn, let row = grid.selectedRow else { return nil }
        return self.schema.reference(of: column, row: row, columns: grid.columns)
    }

    /// Looks for the row that is referred to, and reads the page that begins with it.
    func lookUp(
        _ reference: DatabaseReference, in table: DatabaseOverview.Table
    ) -> @Sendable (Services) async -> DatabaseReader.PageReply {
        let binding = self.binding
        let request = SQLPageRequest(
            table: table.name, start: .match(reference.columns, reference.values), limit: DatabaseGrid.pageSize)
        return { await DatabaseReader.page($0, binding: binding, request, .jump) }
    }

    /// Shows another table at a row that was referred to; this one is kept as it is.
    mutating func visit(_ table: DatabaseOverview.Table, _ answer: DatabaseReader.PageAnswer) -> Wants {
        if let grid = self.grid { self.trail.append(Visit(grid: grid, schema: self.schema)) }
        let wants = self.begin(table.name, total: table.rows)
        self.grid?.take(answer)
        return [.cancel(\.rowsPending)] + wants
    }

    /// Goes back to the table that a reference was followed from, and reads its page once more.
    mutating func goBack() -> Wants {
        guard let visit = self.trail.popLast() else { return [] }
        self.grid = visit.grid
        self.schema = visit.schema
        return [.cancel(\.columnsPending)] + self.loadAgain()
    }
}

/// A row of another table that a value refers to.
struct DatabaseReference: Sendable, Equatable {
    let table: String
    let columns: [String]
    let values: [SQLValue]
}
