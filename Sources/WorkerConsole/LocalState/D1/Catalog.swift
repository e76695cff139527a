import SQLite
import WorkerDomain

/// What a database says of its own tables.
struct Catalog {
    struct Table {
        let name: String
        let kind: DatabaseOverview.Table.Kind
    }

    /// `sqlite_master` in its own order, without what belongs to SQLite or to workerd.
    let entries: [SchemaEntry]
    /// Tables and views by name, as `PRAGMA table_list` gives them (SQLite 3.37).
    let tables: [Table]

    init(_ connection: borrowing SQLiteConnection) throws(SQLiteError) {
        var entries: [SchemaEntry] = []
        let schema = try connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_master")
        while try schema.step() {
            let name = schema.text(1)
            guard !Self.isInternal(name), !Self.isInternal(schema.text(2)) else { continue }
            entries.append(
                SchemaEntry(
                    type: schema.text(0), name: name, table: schema.text(2),
                    sql: schema.isNull(3) ? nil : schema.text(3)))
        }
        self.entries = entries

        var tables: [Table] = []
        let list = try connection.prepare(
            "SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY name")
        while try list.step() {
            tables.append(
                Table(name: list.text(0), kind: DatabaseOverview.Table.Kind(rawValue: list.text(1)) ?? .table))
        }
        self.tables = tables
    }

    /// True for names that belong to SQLite itself or to workerd's own bookkeeping.
    static func isInternal(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return lowered.hasPrefix("_cf_") || lowered.hasPrefix("sqlite_")
    }

    /// The name as an identifier of a statement.
    static func quoted(_ name: String) -> String {
        name.quoted("\"")
    }

    /// - Returns: `nil` when there is no such table or view.
    static func columns(
        of table: String, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> [SQLColumn]? {
        guard !table.utf8.contains(0) else { return nil }
        let statement = try connection.prepare(
            #"SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?1)"#)
        try statement.bind(1, table)
        var columns: [SQLColumn] = []
        var isKnown = false
        while try statement.step() {
            isKnown = true
            // 1 marks a virtual table's hidden columns, which `*` leaves out; 2 and 3 are generated ones.
            let hidden = statement.integer(5)
            guard hidden != 1 else { continue }
            columns.append(
                SQLColumn(
                    name: statement.text(0), declaredType: statement.text(1),
                    primaryKeyPosition: statement.integer(4) > 0 ? Int(clamping: statement.integer(4)) : nil,
                    isNotNull: statement.integer(2) != 0, defaultValue: statement.isNull(3) ? nil : statement.text(3),
                    isGenerated: hidden == 2 || hidden == 3))
        }
        return isKnown ? columns : nil
    }

    /// True when the statement, or a view that it reads, puts the rows of several SELECTs together: the origin of a
    /// column is then not known. The word alone is enough: in a text or a name it costs nothing but dots.
    static func isCompound(
        _ sql: String, views: Set<String>, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> Bool {
        if self.hasCompoundWord(sql) { return true }
        guard !views.isEmpty else { return false }
        let statement = try connection.prepare("SELECT sql FROM sqlite_master WHERE name = ?1")
        for view in views {
            try statement.bind(1, view)
            if try statement.step(), self.hasCompoundWord(statement.text(0)) { return true }
            statement.reset()
        }
        return false
    }

    private static func hasCompoundWord(_ sql: String) -> Bool {
        let upper = sql.uppercased()
        return ["UNION", "INTERSECT", "EXCEPT", "VALUES"].contains { upper.contains($0) }
    }

    /// Rows that an overview counts of a table; a larger one is counted when somebody asks.
    static let smallTable = 10_000

    /// Counts the rows of a table that is not large.
    /// - Returns: `nil` when it is large or cannot be counted, and when `end` has come.
    static func count(
        _ table: String, _ connection: borrowing SQLiteConnection, until end: ContinuousClock.Instant
    ) -> Int? {
        connection.limitTime(until: end)
        defer { connection.limitTime(until: nil) }
        do throws(SQLiteError) {
            let statement = try connection.prepare(
                "SELECT count(1) FROM (SELECT 1 FROM \(self.quoted(table)) LIMIT \(self.smallTable + 1))")
            guard try statement.step(), statement.integer(0) <= Int64(self.smallTable) else { return nil }
            return Int(clamping: statement.integer(0))
        } catch {
            return nil
        }
    }

    /// Counts all rows; unlike `count(*)`, which is a single instruction of SQLite, it can be stopped.
    static func count(_ table: String, _ connection: borrowing SQLiteConnection) throws(SQLiteError) -> Int {
        let statement = try connection.prepare("SELECT count(1) FROM \(self.quoted(table))")
        return try statement.step() ? Int(clamping: statement.integer(0)) : 0
    }

    // MARK: Relations

    static func relations(
        of table: String, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> SQLRelations {
        guard !table.utf8.contains(0) else { return SQLRelations() }
        return SQLRelations(
            foreignKeys: try self.foreignKeys(of: table, connection), indexes: try self.indexes(of: table, connection))
    }

    private static func foreignKeys(
        of table: String, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> [SQLForeignKey] {
        let statement = try connection.prepare(
            #"SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?1) ORDER BY id, seq"#)
        try statement.bind(1, table)
        var keys: [(id: Int64, table: String, from: [String], to: [String])] = []
        while try statement.step() {
            let id = statement.integer(0)
            if keys.last?.id != id { keys.append((id, statement.text(1), [], [])) }
            keys[keys.count - 1].from.append(statement.text(2))
            if !statement.isNull(3) { keys[keys.count - 1].to.append(statement.text(3)) }
        }
        var found: [SQLForeignKey] = []
        for key in keys {
            var referenced = key.to
            if referenced.isEmpty {
                let columns = try self.columns(of: key.table, connection) ?? []
                let parts = columns.filter { $0.primaryKeyPosition != nil }
                referenced = parts.sorted { ($0.primaryKeyPosition ?? 0) < ($1.primaryKeyPosition ?? 0) }.map(\.name)
            }
            // One that does not fit is an error of the schema; nothing can be followed.
            guard referenced.count == key.from.count else { continue }
            found.append(SQLForeignKey(columns: key.from, table: key.table, referenced: referenced))
        }
        return found
    }

    private static func indexes(
        of table: String, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteError) -> [SQLIndex] {
        let list = try connection.prepare(
            #"SELECT name, "unique", partial FROM pragma_index_list(?1) ORDER BY seq DESC"#)
        try list.bind(1, table)
        let parts = try connection.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")
        var indexes: [SQLIndex] = []
        while try list.step() {
            parts.reset()
            try parts.bind(1, list.text(0))
            var columns: [String?] = []
            while try parts.step() { columns.append(parts.isNull(0) ? nil : parts.text(0)) }
            indexes.append(
                SQLIndex(
                    name: list.text(0), columns: columns, isUnique: list.integer(1) != 0,
                    isPartial: list.integer(2) != 0))
        }
        return indexes
    }
}
