import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@Suite("D1 state of wrangler dev")
struct MiniflareD1Tests {
    struct Entry: Decodable, Equatable {
        let type: String
        let name: String
        let table: String
        let sql: String?

        enum CodingKeys: String, CodingKey {
            case type
            case name
            case table = "tbl_name"
            case sql
        }
    }

    struct Table: Decodable {
        struct Column: Decodable {
            let name: String
            let type: String
            let notnull: Int
            let pk: Int
            let hidden: Int
        }
        let type: String
        let count: Int
        let columns: [Column]
        let rows: [[String]]
    }

    static func database(_ version: String) throws -> MiniflareD1 {
        let state = MiniflareState(projectFolder: try WranglerState.project(version))
        return MiniflareD1(state: state, candidates: ["0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1", "DB"])
    }

    @Test("the schema is the database's own, without workerd's and SQLite's tables", arguments: WranglerState.versions)
    func schema(version: String) async throws {
        let expected = try JSONDecoder().decode(
            [Entry].self, from: Data(Fixtures.bytes("expected-\(version)/d1-schema.json"))
        ).filter { !$0.name.hasPrefix("_cf_") && !$0.name.hasPrefix("sqlite_") }
        let schema = try await Self.database(version).overview().schema
        let found = schema.map { Entry(type: $0.type, name: $0.name, table: $0.table, sql: $0.sql) }
        let order = { (left: Entry, right: Entry) in (left.type, left.name) < (right.type, right.name) }
        #expect(found.sorted(by: order) == expected.sorted(by: order))
    }

    @Test("every column and every cell is what D1 gives", arguments: WranglerState.versions)
    func tables(version: String) async throws {
        let database = try Self.database(version)
        let expected = try JSONDecoder().decode(
            [String: Table].self, from: Data(Fixtures.bytes("expected-\(version)/d1-tables.json")))
        for (name, table) in expected {
            let columns = try await database.columns(of: name)
            let wanted = table.columns.filter { $0.hidden != 1 }
            #expect(columns.map(\.name) == wanted.map(\.name))
            #expect(columns.map(\.declaredType) == wanted.map(\.type))
            #expect(columns.map(\.isNotNull) == wanted.map { $0.notnull != 0 })
            #expect(columns.map { $0.primaryKeyPosition ?? 0 } == wanted.map(\.pk))
            #expect(columns.map(\.isGenerated) == wanted.map { $0.hidden > 1 })
            #expect(try await database.count(of: name) == table.count)
            let rows = try await database.rows(of: name, order: nil, offset: 0, limit: 1_000)
            #expect(!rows.hasMore)
            #expect(rows.rows.map { $0.map(Self.quoted) } == table.rows.map { $0.map(Self.normalised) }, "\(name)")
        }
        let overview = try await database.overview()
        #expect(Set(overview.tables.map(\.name)) == Set(expected.keys).subtracting(["sqlite_sequence"]))
        for table in overview.tables { #expect(table.rows == expected[table.name]?.count) }
        let kinds = Dictionary(uniqueKeysWithValues: overview.tables.map { ($0.name, $0.kind) })
        #expect(kinds["notes_fts"] == .virtual)
        #expect(kinds["notes_fts_data"] == .shadow)
        #expect(kinds["top_resumes"] == .view)
        #expect(overview.exists && overview.bytes > 0)
    }

    @Test("a database that does not exist yet is empty")
    func missing() async throws {
        let state = MiniflareState(projectFolder: try temporaryFolder())
        for candidates in [[], ["DB"]] {
            let database = MiniflareD1(state: state, candidates: candidates)
            #expect(try await database.overview() == DatabaseOverview(exists: false))
            #expect(try await database.overview().schema.isEmpty)
            let error = await #expect(throws: StorageError.self) { try await database.count(of: "x") }
            #expect(error?.code == .notFound)
        }
    }

    /// As SQLite's `typeof` and `quote` write a value; reals by their bits.
    static func quoted(_ value: SQLValue) -> String {
        switch value {
        case .null: "null:NULL"
        case .integer(let number): "integer:\(number)"
        case .real(let number): "real:\(number.bitPattern)"
        case .text(let text): "text:'\(text.replacing("'", with: "''"))'"
        case .blob(let bytes): "blob:X'\(bytes.map { String(format: "%02X", $0) }.joined())'"
        }
    }

    static func normalised(_ text: String) -> String {
        guard text.hasPrefix("real:") else { return text }
        return "real:\(Double(text.dropFirst(5))?.bitPattern ?? 0)"
    }
}
