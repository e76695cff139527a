import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import Application

@Suite("Kept statements and files of rows")
struct StatementFileTests {
    @Test("statements come back as they were typed, bounded, in a file of the user's alone")
    func kept() async throws {
        let folder = try temporaryFolder() + "/state"
        let file = StatementFile(folder: folder)
        #expect(await file.statements().isEmpty)
        let odd = "select 'a\u{1B}[31m\n\u{2028}\u{0}简历' -- \"x\""
        await file.note(odd)
        await file.note(odd)
        #expect(await file.save("select 2", as: "名称 \"n\"") == nil)
        let again = StatementFile(folder: folder)
        #expect(
            await again.statements() == [KeptStatement(sql: "select 2", name: "名称 \"n\""), KeptStatement(sql: odd)])
        let path = folder + "/d1-statements.jsonl"
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        for number in 0..<20 { await again.note("select \(number)") }
        await again.note(String(repeating: "x", count: StatementFile.longest + 1))
        #expect(await again.statements().count == 22)
        #expect(await again.save("", as: "名称 \"n\"") == nil)
        #expect(await again.statements().allSatisfy { $0.name == nil })
    }

    @Test("a broken line costs itself alone, and a folder that cannot be written is said")
    func broken() async throws {
        let folder = try temporaryFolder()
        let text =
            "{\"sql\":\"select 1\"}\nnonsense\n{\"sql\":1}\n{\"sql\":\"select 2\",\"name\":\"b\"}\n{\"sql\":\"cut"
        try text.write(toFile: folder + "/d1-statements.jsonl", atomically: false, encoding: .utf8)
        #expect(await StatementFile(folder: folder).statements().map(\.sql) == ["select 1", "select 2"])
        let odd = [
            "{\"sql\":\"1\",\"name\":null,\"more\":[1e400,{}]}", "{\"sql\":\"2\",\"sql\":\"x\"}", "{\"name\":\"x\"}",
            "{\"sql\":\"x\",\"name\":5}", "{\"sql\":\"\"}", "{\"sql\":\"\\ud800\"}", "{\"sql\":\"x\",}", "[\"sql\"]",
            String(repeating: "{\"sql\":", count: 100_000), "{\"s\\u0071l\":\"3\\n\"}",
        ]
        try odd.joined(separator: "\n")
            .write(toFile: folder + "/d1-statements.jsonl", atomically: false, encoding: .utf8)
        #expect(
            await StatementFile(folder: folder).statements()
                == [KeptStatement(sql: "1"), KeptStatement(sql: "2"), KeptStatement(sql: "3\n")])
        let blocked = folder + "/file"
        try "x".write(toFile: blocked, atomically: false, encoding: .utf8)
        #expect(
            await StatementFile(folder: blocked + "/state").save("select 1", as: "a")
                == "\(blocked)/state cannot be created: part of the path is a file, not a folder")
    }

    private struct Rows: SQLDatabase {
        func overview() async throws(StorageError) -> DatabaseOverview { DatabaseOverview(exists: true) }
        func columns(of _: String) async throws(StorageError) -> [SQLColumn] {
            [SQLColumn(name: "id"), SQLColumn(name: "made", isGenerated: true), SQLColumn(name: "s\"t")]
        }
        func rows(of _: String, order _: SQLOrder?, offset _: Int, limit _: Int) async throws(StorageError) -> SQLRows {
            SQLRows(columns: [], rows: [])
        }
        func page(_: SQLPageRequest) async throws(StorageError) -> SQLPage {
            SQLPage(rows: SQLRows(columns: [], rows: []))
        }
        func relations(of _: String) async throws(StorageError) -> SQLRelations { SQLRelations() }
        func count(of _: String) async throws(StorageError) -> Int { 1 }
        func query(_ sql: String, limit _: Int) async throws(StorageError) -> SQLRows {
            sql.contains("*")
                ? SQLRows(columns: ["id", "made", "s\"t"], rows: [[.integer(1), .integer(2), .text("secret")]])
                : SQLRows(columns: ["id", "s\"t"], rows: [[.integer(1), .text("secret")]])
        }
    }

    @Test("a table becomes CSV, JSON or SQL by the name's ending, without what is hidden; nothing is overwritten")
    func export() async throws {
        let folder = try temporaryFolder()
        let saving = RowFile(folder: folder, home: folder + "/home")
        let hide: @Sendable (SQLValue, Int) -> SQLValue = { value, index in index == 2 ? .text("•••") : value }
        for (name, text) in [
            ("t.csv", "id,made,\"s\"\"t\"\r\n1,2,•••\r\n"),
            ("t.json", "{\"columns\":[\"id\",\"made\",\"s\\\"t\"],\"rows\":[[1,2,\"•••\"]]}\n"),
            ("t.sql", "INSERT INTO \"t\" (\"id\",\"s\"\"t\") VALUES(1,'•••');\n"),
        ] {
            let export = RowExport(source: .table("t"), target: "t", path: name, shown: hide)
            let saved = try await saving.save(export, from: Rows())
            #expect(saved == SavedFile(path: "\(folder)/\(name)", count: 1, hidden: 1))
            #expect(try String(contentsOfFile: saved.path, encoding: .utf8) == text)
            #expect(try FileManager.default.attributesOfItem(atPath: saved.path)[.posixPermissions] as? Int == 0o600)
            let error = await #expect(throws: StorageError.self) { try await saving.save(export, from: Rows()) }
            #expect(error?.reason == "it is there already; choose another name")
            #expect(try String(contentsOfFile: saved.path, encoding: .utf8) == text)
        }
        let other = RowExport(source: .rows(SQLRows(columns: [], rows: [])), target: "t", path: "t.txt", shown: hide)
        await #expect(throws: StorageError.self) { try await saving.save(other, from: Rows()) }
        #expect(!FileManager.default.fileExists(atPath: folder + "/t.txt"))
        await #expect(throws: StorageError.self) { try await saving.save([1], to: "no/such/folder") }
        let value = try await saving.save([0, 1, 255], to: "v.bin")
        #expect(FileManager.default.contents(atPath: value.path) == Data([0, 1, 255]))
    }

    @Test("with --read-only no binding of the project can be written to; without it a database can")
    func readOnly() throws {
        let folder = try temporaryFolder()
        try "name = \"a\"\n[[d1_databases]]\nbinding = \"DB\"\n".write(
            toFile: folder + "/wrangler.toml", atomically: false, encoding: .utf8)
        let settings = try ProjectSettings(folder: folder, environment: nil)
        for isReadOnly in [true, false] {
            var options = ServingOptions()
            options.isReadOnly = isReadOnly
            let resources = settings.session(with: options).resources
            #expect(resources.count == 1 && resources.allSatisfy { ($0.databaseWriter == nil) == isReadOnly })
            #expect(resources[0].migrations != nil)
        }
    }
}
