import ConsoleUI
import WorkerDomain

/// The tables of a database as they are listed: the user's own, views, and in one line what others keep there.
struct DatabaseTables: Sendable, Equatable {
    enum Phase: Sendable, Equatable {
        case loading
        case loaded(DatabaseReader.Outline)
        case failed(StorageError)
    }

    enum Row: Sendable, Equatable {
        case table(DatabaseOverview.Table)
        /// Tables that somebody else keeps there; they follow when it is open.
        case system(count: Int, isOpen: Bool)
    }

    private(set) var phase = Phase.loading
    private(set) var rows: [Row] = []
    /// The selected row.
    private(set) var cursor = 0
    /// The table whose rows are shown.
    private(set) var open: DatabaseOverview.Table?
    /// Tables that have come, or have more or fewer rows than a moment ago.
    private(set) var marks = ChangeMarks()
    /// Why the database could not be read again; it is shown as it was.
    private(set) var staleReason: StorageError?
    private var showsSystem = false
    /// ``Binding/id`` of the database.
    private let binding: String
    /// Rows of tables that an overview does not count, as they were counted last.
    private var counted: [ByteString: Int] = [:]
    /// Tables whose count is from before the newest reading, and those that could not be counted.
    private var rough: Set<ByteString> = []
    private var uncountable: Set<ByteString> = []
    private var countPending = Pending("count")

    typealias Wants = [PartEffect<DatabaseTables>]

    /// How many rows a table has, as far as that is known.
    enum Count: Sendable, Equatable {
        case exact(Int)
        /// From before a change.
        case rough(Int)
        /// It is being counted, or its turn comes.
        case counting
        case unknown
    }

    init(binding: String = "") { self.binding = binding }

    static let cancelAll: Wants = [.cancel(\.countPending)]

    var outline: DatabaseReader.Outline? { if case .loaded(let outline) = self.phase { outline } else { nil } }

    var overview: DatabaseOverview? { self.outline?.overview }

    /// Every table, also those of a closed line.
    var all: [DatabaseOverview.Table] { self.overview?.tables ?? [] }

    /// What was found around the database's place.
    var findings: [StoreFinding] { self.outline?.findings ?? [] }

    /// The selected row is the line of others' tables.
    var isOnSystem: Bool {
        if self.rows.indices.contains(self.cursor), case .system = self.rows[self.cursor] { true } else { false }
    }

    /// True for tables that the user has not made: SQLite's and workerd's own, those that note migrations, and what
    /// virtual tables keep for themselves.
    static func isSystem(_ table: DatabaseOverview.Table) -> Bool {
        let name = table.name.lowercased()
        return table.kind == .shadow || name.hasPrefix("_cf_") || name.hasPrefix("sqlite_")
            || ["d1_migrations", "__drizzle_migrations", "_prisma_migrations"].contains(name)
    }

    /// The definition of a table as text.
    func definition(of table: String) -> ByteString? {
        self.overview?.schema.first { $0.name.hasSameBytes(as: table) }?.sql.map { ByteString($0) }
    }

    // MARK: Reading

    mutating func take(_ outline: DatabaseReader.Outline, at now: WallTime) {
        if let before = self.overview { self.mark(before, outline.overview, at: now) }
        let wasOnSystem = self.isOnSystem
        self.phase = .loaded(outline)
        self.staleReason = nil
        self.rough = Set(outline.overview.tables.filter { $0.rows == nil }.map { ByteString($0.name) })
        self.arrange()
        guard !wasOnSystem || !self.rows.contains(where: { if case .system = $0 { true } else { false } }) else {
            self.standOnSystem()
            self.open = self.all.first { table in self.open.map { $0.name.hasSameBytes(as: table.name) } ?? false }
            return
        }
        if let name = self.open?.name, let place = self.place(of: name) {
            self.select(place)
        } else {
            self.open = nil
            self.select(self.cursor)
        }
    }

    /// It could not be read: what was read before stays, when another try may help.
    mutating func fail(_ error: StorageError) {
        if self.outline != nil, error.isRetryable { self.staleReason = error } else { self.phase = .failed(error) }
    }

    /// Shows that it is read anew after a failure.
    mutating func startAgain() { if case .failed = self.phase { self.phase = .loading } }

    private mutating func mark(_ before: DatabaseOverview, _ now: DatabaseOverview, at time: WallTime) {
        var known = Dictionary(before.tables.map { (ByteString($0.name), $0) }, uniquingKeysWith: { $1 })
        for table in now.tables {
            guard let old = known.removeValue(forKey: ByteString(table.name)) else {
                self.marks.note(.added, table.name, at: time)
                continue
            }
            // A count that is not known now or was not before says nothing.
            if let rows = table.rows, let oldRows = old.rows, rows != oldRows {
                self.marks.note(.changed, table.name, at: time)
            }
        }
        self.marks.noteRemoved(known.count, at: time)
    }

    mutating func expireMarks(at now: WallTime) { self.marks.expire(at: now) }

    // MARK: Counting

    var isCounting: Bool { self.countPending.isWaiting }

    func count(of table: DatabaseOverview.Table) -> Count {
        if let rows = table.rows { return .exact(rows) }
        let name = ByteString(table.name)
        if let rows = self.counted[name] { return self.rough.contains(name) ? .rough(rows) : .exact(rows) }
        return self.isCounting && !self.uncountable.contains(name) ? .counting : .unknown
    }

    func count(of name: String?) -> Count {
        let table = name.flatMap { name in self.all.first { $0.name.hasSameBytes(as: name) } }
        return table.map { self.count(of: $0) } ?? .unknown
    }

    /// Counts the large tables one after the other, the open one first; a view only when somebody asks.
    mutating func countLarge() -> Wants {
        let views = self.all.filter { $0.rows == nil && $0.kind == .view }
        self.uncountable.formUnion(views.map { ByteString($0.name) })
        // What is being counted is counted to its end: a database that is written to all the time would have no number.
        return self.isCounting ? [] : self.countNext()
    }

    /// Counts the open table, whatever it is.
    mutating func countOpen() -> Wants {
        guard let open = self.open, open.rows == nil else { return [] }
        self.rough.insert(ByteString(open.name))
        self.uncountable.remove(ByteString(open.name))
        return self.isCounting ? [] : self.countNext()
    }

    /// Leaves uncounted what has not been counted.
    mutating func stopCounting() -> Wants {
        self.uncountable.formUnion(self.rough)
        return [.cancel(\.countPending)]
    }

    private func countNext() -> Wants {
        let waiting = self.all.filter { table in
            table.rows == nil && self.rough.contains(ByteString(table.name))
                && !self.uncountable.contains(ByteString(table.name))
        }
        let isOpen: (DatabaseOverview.Table) -> Bool = { $0.name.hasSameBytes(as: self.open?.name ?? "") }
        guard let table = waiting.first(where: isOpen) ?? waiting.first else { return [] }
        let (binding, name) = (self.binding, table.name)
        return [
            .start(\.countPending) {
                await DatabaseReader.count($0, binding: binding, table: name)
            } then: { tables, reply, _ in
                switch reply {
                case .success(let count):
                    tables.counted[ByteString(name)] = count
                    tables.rough.remove(ByteString(name))
                case .failure: tables.uncountable.insert(ByteString(name))
                }
                return tables.countNext()
            }
        ]
    }

    // MARK: Rows

    /// As SQLite compares names.
    func table(named name: String) -> DatabaseOverview.Table? {
        self.all.first { DatabaseSchema.isSame($0.name, name) }
    }

    /// Selects a table by its name, as SQLite compares names.
    /// - Returns: False when there is none.
    mutating func show(_ name: String) -> Bool {
        guard let table = self.table(named: name) else { return false }
        if self.place(of: table.name) == nil { self.toggleSystem() }
        guard let place = self.place(of: table.name) else { return false }
        self.select(place)
        return true
    }

    private mutating func arrange() {
        let own = self.all.filter { !Self.isSystem($0) }
        let system = self.all.filter { Self.isSystem($0) }
        let sorted = own.filter { $0.kind != .view } + own.filter { $0.kind == .view }
        self.rows = sorted.map { .table($0) }
        if sorted.isEmpty {
            self.rows = system.map { .table($0) }
        } else if !system.isEmpty {
            self.rows.append(.system(count: system.count, isOpen: self.showsSystem))
            if self.showsSystem { self.rows += system.map { .table($0) } }
        }
        self.cursor = max(0, min(self.cursor, self.rows.count - 1))
    }

    private func place(of name: String) -> Int? {
        self.rows.firstIndex { if case .table(let table) = $0 { table.name.hasSameBytes(as: name) } else { false } }
    }

    private mutating func standOnSystem() {
        let place = self.rows.firstIndex { if case .system = $0 { true } else { false } }
        self.cursor = place ?? max(0, min(self.cursor, self.rows.count - 1))
    }

    /// Selects a row; a table opens with it.
    mutating func select(_ row: Int) {
        self.cursor = max(0, min(row, self.rows.count - 1))
        if self.rows.indices.contains(self.cursor), case .table(let table) = self.rows[self.cursor] {
            self.open = table
        }
    }

    /// Opens or closes the line of others' tables; the cursor stays on it.
    mutating func toggleSystem() {
        self.showsSystem.toggle()
        self.arrange()
        self.standOnSystem()
    }
}
