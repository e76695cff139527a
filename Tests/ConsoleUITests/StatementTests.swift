import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("SQL statements that are typed")
struct StatementTests {
    private static let names = StatementNames(
        tables: ["users", "uploads", "user notes", "order"],
        columns: [
            ByteString("users"): ["id", "name", "note"], ByteString("uploads"): ["id", "key", "user_id"],
            ByteString("user notes"): ["n"], ByteString("order"): ["Total"],
        ])

    @Test(
        "names that fit where the cursor is",
        arguments: [
            ("select * from us", "", ["users", #""user notes""#]), ("select * from up", "", ["uploads"]),
            ("select n", " from users", ["name", "note"]), ("select users.n", " from users", ["name", "note"]),
            ("select u.k", " from uploads u", ["key"]), ("select u.k", " from uploads as u", ["key"]),
            ("select U.K", " from Uploads U", ["key"]), (#"select "user notes"."#, "", ["n"]),
            ("select * from users, up", "", ["uploads"]), ("select * from or", "", [#""order""#]),
            ("select * from users where no", "", ["note"]), ("select * from users", "", []),
            ("select * from zz", "", []), ("select 'users' from x where k", "", []),
            ("select *\nfrom users u\njoin uploads p on p.u", "", ["user_id"]),
        ])
    func candidates(before: String, behind: String, names: [String]) {
        let found = Self.names.candidates(before: before, in: before + behind)
        #expect(found?.names ?? [] == names)
    }

    @Test("Tab goes through the names that fit, and any other key takes the one that stands there")
    func completing() {
        var pane = StatementPane()
        pane.open(with: "select * from us")
        pane.complete(with: Self.names)
        #expect(pane.text == "select * from users")
        pane.complete(with: Self.names)
        #expect(pane.text == #"select * from "user notes""#)
        pane.complete(with: Self.names)
        #expect(pane.text == "select * from users")
        pane.type(.character(" "))
        pane.type(.character("x"))
        #expect(pane.text == "select * from users x")
    }

    private func bench(_ database: MemoryDatabase = DatabaseSample.database) -> ScreenBench<DatabaseScreen> {
        ScreenBench(world: BackendsSample.world(resources: DatabaseSample.resources(database)))
    }

    @Test("Enter makes a line, F5 runs all of them, and the statement stays in sight above its result")
    func lines() async {
        let database = DatabaseSample.database
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.type("select id,")
        await bench.press(.enter)
        await bench.type("  name -- both")
        await bench.press(.enter)
        await bench.type("from users")
        #expect(database.statements.isEmpty && bench.screen.isTyping)
        let keys = bench.screen.keys(in: bench.world).map { "\($0.key) \($0.label(.english))" }
        #expect(keys.contains("⏎ new line") && keys.contains("F5 run"))
        await bench.press(.function(5))
        #expect(database.statements == ["select id,\n  name -- both\nfrom users"])
        for (columns, rows) in [(80, 24), (160, 45), (40, 10)] {
            #expect(CanvasReading.text(of: bench.canvas(columns, rows)).contains("select id,"))
        }
        await bench.press(.character("i"))
        #expect(bench.screen.statement.text == "select id,\n  name -- both\nfrom users")
        await bench.press(.escape)
        #expect(bench.screen.result != nil && !bench.screen.isTyping)
    }

    @Test("Tab completes the names of the open database, those of tables that are not open as well")
    func completesColumns() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.type("select k")
        await bench.press(.end)
        await bench.press(.tab)
        // No table is named yet, and no table begins with it.
        #expect(bench.screen.statement.text == "select k")
        await bench.type(" from uplo")
        await bench.press(.tab)
        #expect(bench.screen.statement.text == "select k from uploads")
        for _ in 0..<13 { await bench.press(.left) }
        await bench.press(.tab)
        #expect(bench.screen.statement.text == "select key from uploads")
    }

    @Test("a pasted statement keeps its lines and comments")
    func pasting() async {
        let database = DatabaseSample.database
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.send(.paste("select 1 -- one\r\nfrom t"))
        await bench.press(.function(5))
        #expect(database.statements == ["select 1 -- one\nfrom t"])
    }

    @Test("arrows move in a statement of several lines, and beyond its ends through the earlier ones")
    func history() async {
        var bench = self.bench()
        await bench.send(.shown)
        for statement in ["select 1", "select\n2"] {
            await bench.press(.character("i"), .control("u"))
            await bench.press(.up, .down)
            while !bench.screen.statement.text.isEmpty { await bench.press(.backspace) }
            await bench.send(.paste(statement))
            await bench.press(.function(5))
        }
        await bench.press(.character("i"), .up, .up)
        #expect(bench.screen.statement.text == "select\n2")
        await bench.press(.up, .up)
        #expect(bench.screen.statement.text == "select 1")
        await bench.press(.down)
        #expect(bench.screen.statement.text == "select\n2")
    }
}
