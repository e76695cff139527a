import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("Tables of a database")
struct DatabaseTablesTests {
    private static func outline(
        _ tables: [(String, DatabaseOverview.Table.Kind)], schema: [SchemaEntry] = []
    ) -> DatabaseReader.Outline {
        DatabaseReader.Outline(
            overview: DatabaseOverview(
                exists: true, tables: tables.map { DatabaseOverview.Table(name: $0.0, kind: $0.1, rows: 1) },
                bytes: 4_096, indexes: schema.count { $0.type == "index" },
                triggers: schema.count { $0.type == "trigger" }, schema: schema))
    }

    private static let mixed = Self.outline([
        ("_cf_METADATA", .table), ("a_view", .view), ("d1_migrations", .table), ("notes", .virtual),
        ("notes_data", .shadow), ("sqlite_sequence", .table), ("users", .table),
    ])

    private static func names(_ tables: DatabaseTables) -> [String] {
        tables.rows.map { row in
            switch row {
            case .table(let table): table.name
            case .system(let count, let isOpen): "\(isOpen ? "-" : "+")\(count)"
            }
        }
    }

    @Test("the user's own first table opens; what others keep there is one line that opens and closes")
    func folding() {
        var tables = DatabaseTables()
        tables.take(Self.mixed, at: BackendsSample.now)
        #expect(Self.names(tables) == ["notes", "users", "a_view", "+4"])
        #expect(tables.open?.name == "notes")
        tables.select(3)
        #expect(tables.isOnSystem && tables.open?.name == "notes")
        tables.toggleSystem()
        #expect(
            Self.names(tables) == [
                "notes", "users", "a_view", "-4", "_cf_METADATA", "d1_migrations", "notes_data", "sqlite_sequence",
            ])
        tables.select(5)
        #expect(tables.open?.name == "d1_migrations")
        tables.take(Self.mixed, at: BackendsSample.now)
        #expect(tables.cursor == 5 && tables.open?.name == "d1_migrations")
        tables.select(3)
        tables.toggleSystem()
        #expect(tables.isOnSystem && tables.open?.name == "d1_migrations")
        tables.take(Self.mixed, at: BackendsSample.now)
        #expect(tables.isOnSystem && tables.open?.name == "d1_migrations")
    }

    @Test("a database that holds nothing else shows what others keep there")
    func onlySystem() {
        var tables = DatabaseTables()
        tables.take(Self.outline([("d1_migrations", .table)]), at: BackendsSample.now)
        #expect(Self.names(tables) == ["d1_migrations"] && tables.open?.name == "d1_migrations")
    }

    @Test("a table that goes away leaves another one open")
    func vanishing() {
        var tables = DatabaseTables()
        tables.take(Self.mixed, at: BackendsSample.now)
        tables.select(1)
        tables.take(Self.outline([("notes", .virtual)]), at: BackendsSample.now)
        #expect(tables.open?.name == "notes")
        tables.take(Self.outline([]), at: BackendsSample.now)
        #expect(tables.open == nil && tables.rows.isEmpty)
    }

    @Test("indexes and triggers are named where there is room, and counted where there is none")
    func room() {
        var tables = DatabaseTables()
        let schema = [
            SchemaEntry(type: "index", name: "ix_users_name", table: "users", sql: "CREATE INDEX ix_users_name …"),
            SchemaEntry(type: "trigger", name: "tr_audit", table: "users", sql: "CREATE TRIGGER tr_audit …"),
        ]
        let own = ["a", "b", "c", "users"].map { ($0, DatabaseOverview.Table.Kind.table) }
        tables.take(Self.outline(own, schema: schema), at: BackendsSample.now)
        for (rows, isNamed) in [(24, true), (12, false)] {
            var canvas = Canvas(columns: 28, rows: rows)
            var layout = ScreenLayout()
            DatabaseTablesView(tables, nil, hasFocus: true, .english).drawPane(
                into: &canvas, in: canvas.bounds, &layout)
            let text = CanvasReading.text(of: canvas)
            #expect(text.contains("ix_users_name") == isNamed && text.contains("tr_audit") == isNamed)
            #expect(text.contains("Indexes 1") && text.contains("Triggers 1"))
        }
    }

    @Test("Enter on the line of others' tables shows and hides them")
    func keys() async {
        let system = MemoryDatabase.Table(
            name: "d1_migrations", columns: [SQLColumn(name: "id")], rows: [[.integer(1)]], sql: "CREATE TABLE …")
        let database = MemoryDatabase([system, DatabaseSample.users])
        var bench = ScreenBench<DatabaseScreen>(
            world: BackendsSample.world(resources: DatabaseSample.resources(database)))
        await bench.send(.shown)
        #expect(bench.screen.grid?.table == "users")
        await bench.press(.character("j"))
        #expect(bench.screen.tables.isOnSystem && bench.screen.grid?.table == "users")
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("1 system table"))
        await bench.press(.enter, .character("j"))
        #expect(bench.screen.grid?.table == "d1_migrations")
        await bench.press(.character("k"), .enter)
        #expect(bench.screen.tables.rows.count == 2 && bench.screen.focus == .tables)
    }
}
