import Foundation
import SQLite
import Testing

@Suite("Databases of ours")
struct WritableDatabaseTests {
    /// Runs `body` with a path in a folder of its own.
    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appendingPathComponent("a.sqlite").path)
    }

    private func read(_ path: String, _ sql: String) async throws -> [[SQLiteValue]]? {
        try await GuestDatabase(path: path).read("read") { connection throws(SQLiteError) in
            let rows = try connection.prepare(sql)
            var values: [[SQLiteValue]] = []
            while try rows.step() { values.append((0..<rows.columnCount).map { rows.value(Int32($0)) }) }
            return values
        }
    }

    @Test("every kind of value comes back as it was given, NULs and extremes included")
    func values() async throws {
        try await self.inFolder { path in
            let values: [SQLiteValue] = [
                .null, .integer(.min), .integer(.max), .real(1.5), .text(""), .text("a\0b"), .text("简历"), .blob([]),
                .blob([0, 255, 0]),
            ]
            do {
                let database = try WritableDatabase(path: path, operation: "write")
                try database.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v)")
                for value in values { try database.run("INSERT INTO t (v) VALUES (?)", [value]) }
            }
            #expect(try await self.read(path, "SELECT v FROM t ORDER BY id") == values.map { [$0] })
        }
    }

    @Test("what was begun and not committed is gone with the connection")
    func rollback() async throws {
        try await self.inFolder { path in
            do {
                let database = try WritableDatabase(path: path, operation: "write")
                try database.run("CREATE TABLE t (v); BEGIN; INSERT INTO t VALUES (1)")
            }
            #expect(try await self.read(path, "SELECT count(*) FROM t") == [[.integer(0)]])
        }
    }

    @Test("a statement that SQLite refuses says what was being done and why")
    func refused() async throws {
        try await self.inFolder { path in
            let database = try WritableDatabase(path: path, operation: "fill the sample")
            let error = #expect(throws: SQLiteError.self) { try database.run("INSERT INTO missing VALUES (1)") }
            #expect(error?.description == "fill the sample: no such table: missing")
            #expect(throws: SQLiteError.self) { try database.run("selec ?", [.null]) }
            #expect(throws: SQLiteError.self) { try database.run("SELECT ?", [.null, .null]) }
        }
    }

    @Test("a folder that is not there is told, and makes nothing")
    func missingFolder() throws {
        let error = #expect(throws: SQLiteError.self) {
            _ = try WritableDatabase(path: "/nonexistent/a.sqlite", operation: "open")
        }
        #expect(error?.code == .unreachable)
    }

    @Test(
        "only a statement that reads is compiled for a person", arguments: ["DELETE FROM t", "PRAGMA user_version = 2"])
    func reading(sql: String) async throws {
        try await self.inFolder { path in
            do {
                let database = try WritableDatabase(path: path, operation: "write")
                try database.run("CREATE TABLE t (v)")
            }
            let error = await #expect(throws: SQLiteError.self) {
                _ = try await GuestDatabase(path: path).read("query") { connection throws(SQLiteError) in
                    _ = try connection.prepareReading(sql)
                    return true
                }
            }
            #expect(error?.code == .invalid)
        }
    }
}
