import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("DatabaseScreen pictures")
struct DatabaseGoldenTests {
    private func bench(
        _ database: MemoryDatabase = DatabaseSample.database, _ language: Language = .english
    ) -> ScreenBench<DatabaseScreen> {
        ScreenBench(world: BackendsSample.world(language, resources: DatabaseSample.resources(database)))
    }

    @Test(arguments: [(40, 10), (80, 24), (160, 45)])
    func loaded(columns: Int, rows: Int) async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.enter, .character("j"))
        #expect(goldenMismatch(bench.canvas(columns, rows), "database-loaded-\(columns)x\(rows)") == nil)
    }

    @Test func chinese() async {
        var bench = self.bench(DatabaseSample.database, .simplifiedChinese)
        await bench.send(.shown)
        #expect(goldenMismatch(bench.canvas(80, 24), "database-chinese-80x24") == nil)
    }

    @Test func ascii() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("s"))
        #expect(goldenMismatch(bench.canvas(80, 24, glyphs: .ascii), "database-ascii-schema-80x24") == nil)
    }

    @Test func loading() {
        var bench = self.bench()
        bench.begin(.shown)
        #expect(goldenMismatch(bench.canvas(80, 24), "database-loading-80x24") == nil)
    }

    @Test func empty() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("]"))
        #expect(goldenMismatch(bench.canvas(80, 24), "database-empty-80x24") == nil)
    }

    @Test func failed() async {
        let error = StorageError(.locked, operation: "open d1:DB", reason: "database is locked")
        var bench = self.bench(MemoryDatabase([], failure: error))
        await bench.send(.shown)
        #expect(goldenMismatch(bench.canvas(80, 24), "database-failed-80x24") == nil)
    }

    @Test func statement() async {
        let database = DatabaseSample.database
        database.answer(
            .success(
                SQLRows(
                    columns: ["name", "n"], rows: [[.text("张三"), .integer(3)], [.null, .integer(1)]], hasMore: true,
                    duration: .microseconds(800))))
        var bench = self.bench(database)
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.type("select name, count(*) n from users group by 1")
        #expect(goldenMismatch(bench.canvas(80, 24), "database-typing-80x24") == nil)
        await bench.press(.function(5))
        #expect(goldenMismatch(bench.canvas(80, 24), "database-result-80x24") == nil)
        #expect(goldenMismatch(bench.canvas(160, 45), "database-result-160x45") == nil)
    }

    @Test func row() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.enter, .enter)
        #expect(goldenMismatch(bench.canvas(80, 24), "database-row-80x24") == nil)
        #expect(goldenMismatch(bench.canvas(40, 10), "database-row-40x10") == nil)
    }

    @Test("no control, bidi or zero-width scalar of a cell, a name or an error reaches the screen")
    func hostile() async {
        var table = DatabaseSample.users
        table.name = CanvasReading.hostileText
        table.columns[1] = SQLColumn(name: CanvasReading.hostileText, declaredType: CanvasReading.hostileText)
        table.sql = CanvasReading.hostileText
        var bench = self.bench(MemoryDatabase([table]))
        await bench.send(.shown)
        for keys in [[], [KeyEvent.enter, .character("G")], [.enter], [.character("j"), .character("v")], [.tab]] {
            for key in keys { await bench.press(key) }
            for (columns, rows) in [(40, 10), (80, 24), (160, 45)] {
                #expect(CanvasReading.forbidden(in: bench.canvas(columns, rows)).isEmpty)
            }
        }
        let error = StorageError(.malformed, operation: CanvasReading.hostileText, reason: CanvasReading.hostileText)
        var failed = self.bench(MemoryDatabase([], failure: error))
        await failed.send(.shown)
        #expect(CanvasReading.forbidden(in: failed.canvas(80, 24)).isEmpty)
    }

    @Test("every size down to nothing draws without a crash")
    func sizes() async {
        var bench = self.bench()
        await bench.send(.shown)
        for keys in [[], [KeyEvent.enter], [.enter], [.character("v")]] {
            for key in keys { await bench.press(key) }
            for columns in stride(from: 0, through: 170, by: 7) {
                for rows in stride(from: 4, through: 46, by: 5) { _ = bench.canvas(columns, rows) }
            }
        }
    }
}
