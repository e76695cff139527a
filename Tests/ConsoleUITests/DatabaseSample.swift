import WorkerDomain

/// The résumé site's database.
enum DatabaseSample {
    static let users = MemoryDatabase.Table(
        name: "users",
        columns: [
            SQLColumn(name: "id", declaredType: "INTEGER", primaryKeyPosition: 1),
            SQLColumn(name: "name", declaredType: "TEXT", isNotNull: true),
            SQLColumn(name: "score", declaredType: "REAL", defaultValue: "0.0"),
            SQLColumn(name: "note", declaredType: "TEXT"),
            SQLColumn(name: "photo", declaredType: "BLOB"),
            SQLColumn(name: "slug", declaredType: "TEXT", isGenerated: true),
        ],
        rows: [
            [.integer(1), .text("张三"), .real(9.5), .null, .blob([0x89, 0x50, 0x4E, 0x47]), .text("zhang-san")],
            [.integer(Int64.max), .text("李四"), .real(-0.25), .text(""), .blob([]), .text("li-si")],
            [
                .integer(-3), .text("NULL"), .null, .text(#"{"tags":["a","b"],"n":9007199254740993}"#), .null,
                .text("x"),
            ],
            [.integer(4), .text(CanvasReading.hostileText), .real(1e300), .text("line 1\nline 2"), .null, .null],
        ], sql: "CREATE TABLE users (\n  id INTEGER PRIMARY KEY,\n  name TEXT NOT NULL\n)")

    static func large(_ rows: Int, isCounted: Bool = true) -> MemoryDatabase.Table {
        MemoryDatabase.Table(
            name: "uploads",
            columns: [SQLColumn(name: "id", declaredType: "INTEGER"), SQLColumn(name: "key", declaredType: "TEXT")],
            rows: (0..<rows).map { [.integer(Int64($0)), .text("avatars/\($0).png")] },
            sql: "CREATE TABLE uploads (id INTEGER, key TEXT)", isCounted: isCounted)
    }

    static func resources(_ database: MemoryDatabase) -> [BoundResource] {
        [
            BoundResource(
                binding: Binding(name: "DB", kind: .d1, resource: "jianliku", identifier: "66bd8675"),
                reader: .database(database), place: ".wrangler/state/v3/d1"),
            BoundResource(
                binding: Binding(name: "LOGS", kind: .d1), reader: .database(MemoryDatabase([], exists: false)),
                place: ".wrangler/state/v3/d1"),
        ]
    }

    static var database: MemoryDatabase { MemoryDatabase([self.users, self.large(250), self.large(0)]) }
}
