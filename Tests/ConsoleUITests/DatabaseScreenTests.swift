import TerminalCanvas
import TestSupport
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("DatabaseScreen")
struct DatabaseScreenTests {
    private func bench(_ database: MemoryDatabase = DatabaseSample.database) -> ScreenBench<DatabaseScreen> {
        ScreenBench(world: BackendsSample.world(resources: DatabaseSample.resources(database)))
    }

    @Test("the first table opens with its rows and columns")
    func opening() async {
        var bench = self.bench()
        await bench.send(.shown)
        #expect(bench.screen.tables.all.map(\.name) == ["users", "uploads", "uploads"])
        #expect(bench.screen.grid?.rows.count == 4)
        #expect(bench.screen.schema.columns.first?.primaryKeyPosition == 1)
        #expect(bench.screen.focus == .tables)
    }

    @Test("rows come a page at a time, forwards, backwards and to the end")
    func pages() async {
        let database = MemoryDatabase([DatabaseSample.large(250)])
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.enter)
        for _ in 0..<99 { await bench.press(.character("j")) }
        #expect(bench.screen.grid?.row == 99)
        await bench.press(.character("j"))
        #expect(bench.screen.grid?.offset == 100)
        #expect(bench.screen.grid?.selectedRow?.first == .integer(100))
        await bench.press(.character("k"))
        #expect(bench.screen.grid?.selectedRow?.first == .integer(99))
        await bench.press(.character("G"))
        #expect(bench.screen.grid?.selectedRow?.first == .integer(249))
        #expect(bench.screen.grid?.hasMore == false)
        await bench.press(.character("g"))
        #expect(
            database.starts == [
                .first, .after(MemoryDatabase.place(99)), .before(MemoryDatabase.place(100)), .last, .first,
            ])
    }

    @Test("o sorts by the selected column: rising, falling, the table's own order")
    func sorting() async {
        let database = DatabaseSample.database
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.enter, .character("l"), .character("o"), .character("o"), .character("o"), .character(">"))
        #expect(
            database.orders == [
                nil, SQLOrder(column: "name", isDescending: false), SQLOrder(column: "name", isDescending: true), nil,
                SQLOrder(column: "name", isDescending: false),
            ])
    }

    @Test("a filter goes to the database with its text as it was typed, and Esc clears it")
    func filter() async {
        let database = DatabaseSample.database
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.enter, .character("/"))
        #expect(bench.screen.isTyping)
        await bench.type("李四")
        await bench.press(.enter)
        #expect(database.filters == ["", "李四"])
        #expect(bench.screen.grid?.rows.count == 1)
        await bench.press(.escape)
        #expect(bench.screen.grid?.filter == "")
        #expect(bench.screen.grid?.rows.count == 4)
    }

    @Test("a reference is followed to its row, and Esc comes back to where it was followed from")
    func references() async {
        var uploads = DatabaseSample.large(250)
        uploads.relations = SQLRelations(foreignKeys: [
            SQLForeignKey(columns: ["id"], table: "USERS", referenced: ["id"])
        ])
        let database = MemoryDatabase([uploads, DatabaseSample.users])
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.enter, .character("j"), .character("j"), .character("j"), .character("j"), .character("f"))
        #expect(database.starts.last == .match(["id"], [.integer(4)]))
        #expect(bench.screen.tables.open?.name == "users")
        #expect(bench.screen.grid?.table == "users" && bench.screen.grid?.selectedRow?.first == .integer(4))
        #expect(bench.screen.grid?.hasBefore == true)
        await bench.press(.escape)
        #expect(bench.screen.tables.open?.name == "uploads" && bench.screen.focus == .rows)
        #expect(bench.screen.grid?.selectedRow?.first == .integer(4))
        await bench.press(.character("j"), .character("f"))
        // There is no user 5.
        #expect(bench.screen.grid?.table == "uploads")
        #expect(bench.toasts.last?.contains("no row of USERS") == true)
    }

    @Test("i takes a statement; its answer, and the engine's own words when it is refused")
    func statements() async {
        let database = DatabaseSample.database
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.type("select q")
        await bench.press(.function(5))
        #expect(bench.screen.result?.grid.rows == [[.integer(1)]])
        database.answer(
            .failure(StorageError(.invalid, operation: "query DB", reason: "near \"selec\": syntax error")))
        await bench.press(.character("i"))
        await bench.type("x")
        await bench.press(.function(5))
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("near \"selec\": syntax error"))
        #expect(database.statements == ["select q", "select qx"])
        await bench.press(.character("i"), .up, .up)
        #expect(bench.screen.statement.text == "select q")
        await bench.press(.escape, .escape)
        #expect(bench.screen.result == nil)
    }

    @Test("a value opens in full: 64-bit integers exactly, JSON laid out, bytes as they are")
    func cells() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.enter, .character("j"), .character("v"))
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("9223372036854775807"))
        await bench.press(.escape, .character("j"), .character("l"), .character("l"), .character("l"), .character("v"))
        #expect(bench.screen.content?.view == "json")
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("9007199254740993"))
    }

    @Test("NULL, the word NULL, an empty text and an empty blob look different")
    func empties() {
        #expect(DatabaseText.short(.null) == "NULL")
        #expect(DatabaseText.short(.text("")) == "''")
        #expect(DatabaseText.short(.blob([])) == "x''")
        #expect(DatabaseText.role(of: .null) != DatabaseText.role(of: .text("NULL")))
    }

    @Test("y copies a value, Y a row")
    func copying() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.enter, .character("y"), .character("Y"))
        #expect(bench.copied == ["1", "1\t张三\t9.5\t\t89504e47\tzhang-san"])
    }

    @Test("a large table is counted in the background; # stops that, and counts it after all")
    func counting() async {
        var bench = self.bench(MemoryDatabase([DatabaseSample.large(250, isCounted: false)]))
        bench.begin(.shown)
        await bench.finish("outline")
        await bench.finish("rows")
        #expect(bench.screen.grid?.total == nil && bench.screen.tables.isCounting)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("counting rows"))
        await bench.press(.character("#"))
        #expect(!bench.screen.tables.isCounting && bench.screen.grid?.total == nil)
        await bench.press(.character("#"))
        #expect(bench.screen.grid?.total == 250)
    }

    @Test("drawing changes nothing, and twice the same is drawn", arguments: [(40, 10), (80, 24), (160, 45)])
    func purity(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        let ways: [[KeyEvent]] = [
            [], [.enter], [.enter], [.character("v")], [.escape, .escape, .character("s")], [.character("i")],
            [.character("x"), .function(5)], [.character("/")],
        ]
        for keys in ways {
            for key in keys { await bench.press(key) }
            let before = "\(bench.screen)"
            var first = Canvas(columns: columns, rows: rows)
            var second = Canvas(columns: columns, rows: rows)
            let layout = bench.screen.draw(into: &first, area: first.bounds, world: bench.world)
            #expect(bench.screen.draw(into: &second, area: second.bounds, world: bench.world) == layout)
            #expect(first == second && "\(bench.screen)" == before)
        }
    }

    @Test("a mebibyte in a cell costs a grid little")
    func largeCells() async {
        var table = DatabaseSample.users
        let text = String(repeating: "简", count: 400_000)
        table.rows = (0..<20).map { _ in [.integer(1), .text(text), .null, .null, .null, .null] }
        var bench = self.bench(MemoryDatabase([table]))
        await bench.send(.shown)
        let world = bench.world
        let screen = bench.screen
        var canvas = Canvas(columns: 160, rows: 45)
        let time = ContinuousClock().measure { _ = screen.draw(into: &canvas, area: canvas.bounds, world: world) }
        #expect(time < .milliseconds(400), "in a debug build")
    }
}
