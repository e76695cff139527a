import TerminalCanvas
import TestSupport
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI

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
        #expect(database.offsets == [0, 100, 0, 200, 0])
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

    @Test("a filter becomes a statement with quoted names and an escaped text")
    func filter() async {
        let database = DatabaseSample.database
        database.answer(.success(SQLRows(columns: ["id"], rows: [[.integer(1)]])))
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.enter, .character("/"))
        #expect(bench.screen.isTyping)
        await bench.type("50%_o'r")
        await bench.press(.enter)
        let sql = database.statements.last ?? ""
        #expect(sql.hasPrefix(#"SELECT * FROM "users" WHERE "id" LIKE '%50\%\_o''r%' ESCAPE '\' OR "name" LIKE"#))
        #expect(sql.hasSuffix("LIMIT 101 OFFSET 0"))
        #expect(bench.screen.grid?.rows.count == 1)
        await bench.press(.escape)
        #expect(bench.screen.grid?.filter == "")
        #expect(bench.screen.grid?.rows.count == 4)
    }

    @Test("a text with NUL or quotes in a name cannot leave its place in the statement")
    func quoting() {
        #expect(
            DatabaseText.filterStatement(
                table: "t", columns: ["c"], text: "a\0b", order: nil, offset: 0, limit: 1) == nil)
        let sql = DatabaseText.filterStatement(
            table: #"a"; DROP TABLE x; --"#, columns: [#"c""#], text: "';--", order: nil, offset: 0, limit: 1)
        #expect(sql == #"SELECT * FROM "a""; DROP TABLE x; --" WHERE "c""" LIKE '%'';--%' ESCAPE '\' LIMIT 1 OFFSET 0"#)
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

    @Test("a table that was not counted is counted with #")
    func counting() async {
        var bench = self.bench(MemoryDatabase([DatabaseSample.large(250, isCounted: false)]))
        await bench.send(.shown)
        #expect(bench.screen.grid?.total == nil)
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
