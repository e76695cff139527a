import Synchronization
import WorkerDomain

/// Local D1 databases are whole.
struct DatabaseCheck: DeployCheck {
    static let id = "bindings.d1"
    static let title = "D1 databases"
    static let chineseTitle = "D1 数据库"
    static let about =
        "SQLite finds nothing wrong in the local D1 databases (`PRAGMA quick_check`, up to 256 MiB and 3 seconds each)."

    private static let sizeLimit: Int64 = 256 << 20
    private static let timeLimit = Duration.seconds(3)

    func run(_ context: CheckContext) async -> [CheckResult] {
        await BindingReads(context: context).result(
            of: self, nothing: "no D1 database is read on this machine",
            rule: "`PRAGMA quick_check` of SQLite; nothing is written"
        ) { resource in
            guard case .database(let database) = resource.reader else { return nil }
            return [await Self.line(of: database)]
        }
    }

    private static func line(of database: any SQLDatabase) async -> BindingReads.Line {
        do throws(StorageError) {
            let overview = try await database.overview()
            guard overview.exists else { return .init(words: "nothing stored yet", isKnown: false) }
            guard overview.bytes > 0 else { return StateFault.empty("the database") }
            guard overview.bytes <= self.sizeLimit else {
                return .init(words: "larger than 256 MiB, not checked", isKnown: false)
            }
            let rows = Rows()
            _ = try await database.stream("PRAGMA quick_check(5)", limit: 5, timeLimit: self.timeLimit, to: rows)
            let words = rows.texts
            guard words != ["ok"] else {
                return .init(words: "quick_check ok, \(Counted.text(overview.tables.count, "table"))")
            }
            let damage = StorageError(.malformed, operation: "", reason: Self.damage(words.first ?? "no result"))
            return StateFault(damage, reading: "the database").line
        } catch {
            if error.code == .limit { return .init(words: "not checked within 3 seconds", isKnown: false) }
            return StateFault(error, reading: "the database").line
        }
    }

    /// The first thing that SQLite found, without the line that names the database.
    private static func damage(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
        return String((lines.first { !$0.hasPrefix("***") } ?? lines.first ?? "no result").prefix(300))
    }

    /// The first value of each row.
    private final class Rows: SQLRowTaker {
        private let state = Mutex<[String]>([])

        var texts: [String] { self.state.withLock { $0 } }

        func take(columns _: [String]) {}

        func take(row: [SQLValue]) {
            guard case .text(let text)? = row.first else { return }
            self.state.withLock { $0.append(text) }
        }
    }
}
