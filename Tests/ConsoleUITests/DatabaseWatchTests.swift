import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// A database that is open while others write.
@Suite("DatabaseScreen: watching")
struct DatabaseWatchTests {
    private static func table(_ name: String, _ ids: some Sequence<Int>) -> MemoryDatabase.Table {
        MemoryDatabase.Table(
            name: name,
            columns: [
                SQLColumn(name: "id", declaredType: "INTEGER", primaryKeyPosition: 1),
                SQLColumn(name: "n", declaredType: "TEXT"),
            ], rows: ids.map { [.integer(Int64($0)), .text("v\($0)")] },
            sql: "CREATE TABLE \(name) (id INTEGER PRIMARY KEY, n TEXT)")
    }

    private func bench(_ database: MemoryDatabase, _ changes: ScriptedChanges) -> ScreenBench<DatabaseScreen> {
        let resource = BoundResource(
            binding: Binding(name: "DB", kind: .d1), reader: .database(database), place: "d1", changes: changes)
        return ScreenBench(world: BackendsSample.world(.english, resources: [resource]))
    }

    @Test("new and changed rows are merged in and marked, the selection stays on its row")
    func rows() async {
        let database = MemoryDatabase([Self.table("t", [2, 4, 6])])
        var bench = self.bench(database, ScriptedChanges())
        await bench.send(.shown)
        await bench.press(.enter, .character("j"))
        #expect(bench.screen.grid?.selectedRow?.first == .integer(4))
        database.change { tables in
            tables[0].rows.insert([.integer(1), .text("new")], at: 0)
            tables[0].rows[3] = [.integer(6), .text("changed")]
        }
        await bench.hear()
        #expect(bench.screen.grid?.rows.count == 4 && bench.screen.grid?.total == 4)
        #expect(bench.screen.grid?.selectedRow?.first == .integer(4))
        #expect(bench.screen.tables.marks.mark(of: "t") == .changed)
        #expect(bench.screen.grid?.marks.addedCount == 1 && bench.screen.grid?.marks.changedCount == 1)
        #expect(CanvasReading.text(of: bench.canvas(120, 24)).contains("1 new · 1 changed"))
        bench.world.now = WallTime(nanosecondsSinceEpoch: bench.world.now.nanosecondsSinceEpoch + ChangeMarks.time)
        await bench.send(.tick)
        #expect(bench.screen.grid?.marks.isEmpty == true && bench.screen.tables.marks.isEmpty)
    }

    @Test("new tables appear, and the selected one stays, with its page and order")
    func tables() async {
        let database = MemoryDatabase([Self.table("m", 0..<250)])
        var bench = self.bench(database, ScriptedChanges())
        await bench.send(.shown)
        await bench.press(.enter, .character("G"))
        #expect(bench.screen.grid?.position == 150)
        database.change { $0.insert(Self.table("a", [1]), at: 0) }
        await bench.hear()
        #expect(bench.screen.tables.all.map(\.name) == ["a", "m"])
        #expect(bench.screen.tables.open?.name == "m" && bench.screen.grid?.position == 150)
        #expect(bench.screen.grid?.selectedRow?.first == .integer(249))
        #expect(bench.screen.tables.marks.mark(of: "a") == .added && bench.screen.tables.marks.mark(of: "m") == nil)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("◆a "))
        database.change { $0.removeAll { $0.name == "m" } }
        await bench.hear()
        #expect(bench.screen.tables.open?.name == "a" && bench.screen.grid?.table == "a")
    }

    @Test("rows that only moved in from another page are not marked")
    func movedRows() async {
        let database = MemoryDatabase([Self.table("t", 0..<250)])
        var bench = self.bench(database, ScriptedChanges())
        await bench.send(.shown)
        database.change { $0[0].rows.removeFirst() }
        await bench.hear()
        #expect(bench.screen.grid?.rows.last?.first == .integer(100))
        #expect(bench.screen.grid?.marks.isEmpty == true)
    }

    @Test("the screen is read again whenever it is shown, and nothing is watched while it is hidden")
    func shown() async {
        let database = MemoryDatabase([Self.table("t", [1])])
        let changes = ScriptedChanges()
        var bench = self.bench(database, changes)
        await bench.send(.shown)
        #expect(changes.watches == 1)
        await bench.send(.hidden)
        #expect(!bench.isWatching && changes.watches == 0)
        database.change { $0[0].rows.append([.integer(2), .text("b")]) }
        await bench.send(.shown)
        #expect(bench.screen.grid?.rows.count == 2 && bench.isWatching)
    }

    @Test("the result of a statement is not run again, and that is said; so is a value that has changed")
    func behind() async {
        let database = MemoryDatabase([Self.table("t", [1])])
        var bench = self.bench(database, ScriptedChanges())
        await bench.send(.shown)
        await bench.press(.enter, .character("v"))
        database.change { $0[0].rows[0] = [.integer(9), .text("x")] }
        await bench.hear()
        #expect(CanvasReading.text(of: bench.canvas(120, 24)).contains("changed since it was read"))
        await bench.press(.escape, .character("i"))
        await bench.type("SELECT 1")
        await bench.press(.function(5))
        await bench.hear()
        #expect(database.statements.count == 1)
        #expect(
            CanvasReading.text(of: bench.canvas(120, 24)).contains("the data changed since this ran: run it again"))
        await bench.press(.character("r"))
        #expect(database.statements.count == 2 && bench.screen.result?.isBehind == false)
    }

    @Test("what stands beside other words is kept apart from them")
    func revealed() async {
        var bench = self.bench(MemoryDatabase([Self.table("t", [15])]), ScriptedChanges())
        await bench.send(.shown)
        await bench.press(.enter, .enter, .character("*"))
        let text = CanvasReading.text(of: bench.canvas(120, 24))
        #expect(text.contains("REVEALED · LOCAL DB") && text.contains("Row 1 of 1"))
    }

    @Test("D1 asks for at most four readings a second")
    func pace() async {
        let changes = ScriptedChanges()
        var bench = self.bench(MemoryDatabase([Self.table("t", [1])]), changes)
        await bench.send(.shown)
        await bench.hear()
        await bench.hear()
        #expect(changes.pauses == [.milliseconds(750), .milliseconds(500)])
    }
}
