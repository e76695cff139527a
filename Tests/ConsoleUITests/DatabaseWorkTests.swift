import Synchronization
import TerminalCanvas
import TestSupport
import Testing
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// Keeps statements in memory.
final class MemoryStatements: StatementKeeper {
    private let kept: Mutex<[KeptStatement]>

    init(_ kept: [KeptStatement] = []) { self.kept = Mutex(kept) }

    var all: [KeptStatement] { self.kept.withLock { $0 } }
    func statements() async -> [KeptStatement] { self.all }
    func note(_ sql: String) async { self.kept.withLock { $0.append(KeptStatement(sql: sql)) } }
    func save(_ sql: String, as name: String) async -> String? {
        self.kept.withLock { kept in
            kept.removeAll { $0.name == name }
            if !sql.isEmpty { kept.append(KeptStatement(sql: sql, name: name)) }
        }
        return nil
    }
}

/// Takes down what would be written.
final class MemoryFiles: RowSaving {
    private let files = Mutex<[(path: String, rows: [[SQLValue]])]>([])

    var all: [(path: String, rows: [[SQLValue]])] { self.files.withLock { $0 } }

    func save(_ export: RowExport, from database: any SQLDatabase) async throws(StorageError) -> SavedFile {
        guard !export.path.hasPrefix("taken") else {
            throw StorageError(
                .invalid, operation: "write the file taken.csv", reason: "it is there already; choose another name")
        }
        var rows: [[SQLValue]]
        switch export.source {
        case .rows(let found): rows = found.rows
        case .table(let name): rows = try await database.page(SQLPageRequest(table: name, limit: 1_000)).rows.rows
        }
        rows = rows.map { $0.enumerated().map { export.shown($1, $0) } }
        self.files.withLock { $0.append((export.path, rows)) }
        return SavedFile(path: "/tmp/" + export.path, count: rows.count)
    }

    func save(_ bytes: [UInt8], to path: String) async throws(StorageError) -> SavedFile {
        self.files.withLock { $0.append((path, [[.blob(bytes)]])) }
        return SavedFile(path: "/tmp/" + path, count: bytes.count)
    }
}

/// Takes down what would be changed.
final class MemorySQLWriter: SQLWriter {
    private let state = Mutex((statements: [String](), backups: 0, failure: StorageError?.none))

    init(failure: StorageError? = nil) { self.state.withLock { $0.failure = failure } }

    var statements: [String] { self.state.withLock { $0.statements } }
    var backups: Int { self.state.withLock { $0.backups } }

    func backUp() async throws(StorageError) -> String {
        if let failure = self.state.withLock({ $0.failure }) { throw failure }
        self.state.withLock { $0.backups += 1 }
        return "/state/backups/DB-1.sqlite"
    }

    func write(_ sql: String, limit _: Int) async throws(StorageError) -> SQLChange {
        self.state.withLock { $0.statements.append(sql) }
        return SQLChange(rows: SQLRows(columns: [], rows: []), changed: 3)
    }
}

struct FixedMigrations: MigrationReader {
    let result: MigrationReport

    func report() async throws(StorageError) -> MigrationReport { self.result }
}

@Suite("DatabaseScreen: statements, files, migrations and writing")
struct DatabaseWorkTests {
    private func bench(
        _ database: MemoryDatabase = DatabaseSample.database, writer: MemorySQLWriter? = nil,
        migrations: MigrationReport? = nil, _ language: Language = .english
    ) -> ScreenBench<DatabaseScreen> {
        var resources = DatabaseSample.resources(database)
        resources[0].databaseWriter = writer
        resources[0].migrations = migrations.map { FixedMigrations(result: $0) }
        return ScreenBench(world: BackendsSample.world(language, resources: resources))
    }

    // MARK: Statements

    @Test("statements of earlier runs are there, and what is run now is kept for the next")
    func history() async {
        let kept = MemoryStatements([KeptStatement(sql: "select 'old'")])
        var bench = self.bench()
        bench.services.statements = kept
        await bench.send(.shown)
        await bench.press(.character("i"), .up)
        #expect(bench.screen.statement.text == "select 'old'")
        await bench.press(.function(5))
        #expect(kept.all.map(\.sql) == ["select 'old'", "select 'old'"])
    }

    @Test("a statement is saved under a name, found by a part of it, and removed")
    func saving() async {
        let kept = MemoryStatements()
        var bench = self.bench()
        bench.services.statements = kept
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.type("select 42")
        await bench.press(.control("o"))
        #expect(bench.screen.isTyping)
        await bench.type("answers")
        await bench.press(.enter)
        #expect(kept.all == [KeptStatement(sql: "select 42", name: "answers")])
        #expect(bench.toasts.last == "saved as “answers”")
        await bench.press(.control("u"), .control("r"))
        await bench.type("swer")
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("answers  select 42"))
        await bench.press(.enter)
        #expect(bench.screen.statement.text == "select 42")
        await bench.press(.control("r"), .delete)
        #expect(kept.all.isEmpty)
        await bench.press(.escape)
        #expect(bench.screen.statement.isTyping)
    }

    @Test("F6 shows the plan, each step below the one that it is a part of; it is not kept as a statement that ran")
    func plan() async {
        let database = DatabaseSample.database
        database.answer(
            .success(
                SQLRows(
                    columns: ["id", "parent", "notused", "detail"],
                    rows: [
                        [.integer(2), .integer(0), .integer(0), .text("COMPOUND QUERY")],
                        [.integer(3), .integer(2), .integer(0), .text("SCAN users")],
                    ])))
        let kept = MemoryStatements()
        var bench = self.bench(database)
        bench.services.statements = kept
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.type("select 1")
        await bench.press(.function(6))
        #expect(database.statements == ["EXPLAIN QUERY PLAN select 1"])
        #expect(bench.screen.front?.rows == [[.text("COMPOUND QUERY")], [.text("  SCAN users")]])
        #expect(kept.all.isEmpty)
        await bench.press(.escape, .character("i"), .function(5), .character("K"))
        #expect(database.statements.last == "EXPLAIN QUERY PLAN select 1")
    }

    @Test("a statement that runs says for how long and how long it may; Esc stops it")
    func running() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("i"))
        await bench.type("select 1")
        bench.begin(.key(.function(5)))
        bench.world.now = WallTime(nanosecondsSinceEpoch: bench.world.now.nanosecondsSinceEpoch + 3_000_000_000)
        #expect(goldenMismatch(bench.canvas(80, 24), "database-running-80x24") == nil)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("3 s of 30 s at most"))
        bench.begin(.key(.escape))
        #expect(bench.works.allSatisfy { $0.slot != "query" } && bench.screen.result == nil)
    }

    // MARK: Files

    @Test("x writes the open row, the result, or the whole table; Tab changes the format")
    func export() async {
        let files = MemoryFiles()
        var bench = self.bench()
        bench.services.rowFiles = files
        await bench.send(.shown)
        await bench.press(.enter, .character("x"))
        #expect(bench.screen.export.field?.text == "users.csv")
        await bench.press(.tab)
        #expect(bench.screen.export.field?.text == "users.csv" && bench.screen.export.isSafe)
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("write to file, for spreadsheets"))
        await bench.press(.tab)
        #expect(bench.screen.export.field?.text == "users.json" && !bench.screen.export.isSafe)
        await bench.press(.enter)
        #expect(files.all.last?.path == "users.json" && files.all.last?.rows.count == 4)
        #expect(bench.toasts.last == "4 rows written to /tmp/users.json")
        await bench.press(.enter, .character("x"), .tab, .tab, .tab, .enter)
        #expect(files.all.last?.path == "users.sql" && files.all.last?.rows.count == 1)
        await bench.press(.escape, .character("i"))
        await bench.type("select 1")
        await bench.press(.function(5), .character("x"), .enter)
        #expect(files.all.last?.path == "result.csv" && files.all.last?.rows == [[.integer(1)]])
    }

    @Test("what is hidden on the screen is hidden in the file; a value is written as bytes; a failure is said")
    func exportEdges() async {
        var table = DatabaseSample.users
        table.columns[1] = SQLColumn(name: "password", declaredType: "TEXT")
        let files = MemoryFiles()
        var bench = self.bench(MemoryDatabase([table]))
        bench.services.rowFiles = files
        await bench.send(.shown)
        await bench.press(.enter, .character("x"), .enter)
        #expect(files.all.last?.rows.contains { $0[1] == .text("张三") } == false)
        #expect(files.all.last?.rows.first?.first == .integer(1))
        await bench.press(.end)
        for _ in 0..<4 { await bench.press(.character("l")) }
        await bench.press(.character("g"), .character("v"), .character("x"), .enter)
        #expect(files.all.last?.path == "users.photo.bin")
        #expect(files.all.last?.rows == [[.blob([0x89, 0x50, 0x4E, 0x47])]])
        await bench.press(.escape, .character("x"), .control("u"))
        await bench.type("taken.csv")
        await bench.press(.enter)
        #expect(bench.toasts.last == "write the file taken.csv: it is there already; choose another name")
        await bench.press(.character("x"), .escape)
        #expect(!bench.screen.isTyping && files.all.count == 2)
    }

    // MARK: Migrations

    private static let report = MigrationReport(
        folder: "/project/migrations", table: "d1_migrations",
        migrations: [
            MigrationReport.Migration(name: "0001_init.sql", state: .applied, appliedAt: "2026-11-23 00:25:43"),
            MigrationReport.Migration(name: "0000_gone.sql", state: .missing),
            MigrationReport.Migration(name: "0003_later.sql", state: .pending),
        ], drift: [MigrationReport.Drift(kind: .extra, type: "table", name: "uploads_tmp")])

    @Test(
        "m shows the migrations: applied, pending, gone, and drift", arguments: [Language.english, .simplifiedChinese])
    func migrations(language: Language) async {
        var bench = self.bench(migrations: Self.report, language)
        await bench.send(.shown)
        await bench.press(.character("m"))
        let name = language == .english ? "en" : "zh"
        #expect(goldenMismatch(bench.canvas(80, 24), "database-migrations-\(name)-80x24") == nil)
        #expect(CanvasReading.text(of: bench.canvas(40, 10)).contains("0003_later.sql"))
        await bench.press(.character("j"), .character("m"))
        #expect(bench.screen.focus == .tables)
    }

    @Test("a store without migrations says so, and so does a folder that is not there")
    func noMigrations() async {
        var bench = self.bench()
        await bench.send(.shown)
        await bench.press(.character("m"))
        #expect(CanvasReading.text(of: bench.canvas(80, 24)).contains("this store has no migrations"))
        var report = MigrationReport(folder: "/p/migrations", table: "d1_migrations", hasFolder: false)
        report.undecided = "the migrations folder does not exist"
        var other = self.bench(migrations: report)
        await other.send(.shown)
        await other.press(.character("m"))
        #expect(CanvasReading.text(of: other.canvas(80, 24)).contains("the migrations folder does not exist"))
    }

    // MARK: Writing

    @Test("statements write only after the name was typed and a backup was made, and only for five minutes")
    func writing() async {
        let writer = MemorySQLWriter()
        let database = DatabaseSample.database
        var bench = self.bench(database, writer: writer)
        await bench.send(.shown)
        await bench.press(.character("W"))
        await bench.type("db")
        await bench.press(.enter)
        #expect(writer.backups == 0 && bench.toasts.last == "nothing may be written: the name is DB")
        await bench.press(.character("W"))
        // A pasted name was not typed.
        await bench.send(.paste("DB"))
        await bench.press(.enter)
        #expect(writer.backups == 0)
        await bench.press(.character("W"))
        await bench.type("DB")
        await bench.press(.enter)
        #expect(writer.backups == 1)
        #expect(bench.toasts.last?.contains("/state/backups/DB-1.sqlite") == true)
        #expect(CanvasReading.text(of: bench.canvas(160, 45)).contains("WRITES ALLOWED 5:00"))
        #expect(goldenMismatch(bench.canvas(80, 24), "database-writing-80x24") == nil)
        await bench.press(.character("i"))
        await bench.type("delete from users")
        await bench.press(.function(5))
        #expect(writer.statements == ["delete from users"] && database.statements.isEmpty)
        #expect(bench.toasts.last == "3 rows changed")
        // Reading again does not write again.
        await bench.press(.character("r"))
        #expect(writer.statements.count == 1)
        bench.world.now = WallTime(nanosecondsSinceEpoch: bench.world.now.nanosecondsSinceEpoch + 300_000_000_000)
        await bench.send(.tick)
        #expect(CanvasReading.text(of: bench.canvas(160, 45)).contains("READ-ONLY"))
        await bench.press(.character("i"), .function(5))
        #expect(writer.statements.count == 1 && database.statements == ["delete from users"])
    }

    @Test("without a backup nothing is written, W ends the time early, and without a writer there is no such key")
    func writingEdges() async {
        let broken = MemorySQLWriter(
            failure: StorageError(.unreachable, operation: "back up d1:DB", reason: "no space left on device"))
        var bench = self.bench(writer: broken)
        await bench.send(.shown)
        await bench.press(.character("W"))
        await bench.type("DB")
        await bench.press(.enter)
        #expect(bench.toasts.last == "nothing may be written: no backup: no space left on device")
        #expect(bench.screen.writing.secondsLeft(at: bench.world.now) == 0)
        var early = self.bench(writer: MemorySQLWriter())
        await early.send(.shown)
        await early.press(.character("W"))
        await early.type("DB")
        await early.press(.enter, .character("W"))
        #expect(early.screen.writing.secondsLeft(at: early.world.now) == 0)
        // Another database is another name.
        await early.press(.character("W"))
        await early.type("DB")
        await early.press(.enter, .character("]"))
        #expect(early.screen.writing.secondsLeft(at: early.world.now) == 0)
        var readOnly = self.bench()
        await readOnly.send(.shown)
        await readOnly.press(.character("W"))
        #expect(!readOnly.screen.isTyping)
    }
}
