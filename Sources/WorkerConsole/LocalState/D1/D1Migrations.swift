import Glibc
import SQLite
package import WorkerDomain

/// Compares a D1 database that `wrangler dev` keeps with the migrations of its project; never writes.
///
/// `wrangler d1 migrations list` creates its table where there is none; this does not.
package struct D1Migrations: MigrationReader {
    /// The folder of the files, absolute.
    package let folder: String
    /// The table that notes the applied ones.
    package let table: String
    private let database: MiniflareD1

    /// A file that is larger is not read.
    static let largestFile = 16 << 20
    /// Files of one folder.
    static let mostFiles = 10_000
    private static let timeLimit = Duration.seconds(10)

    package init(database: MiniflareD1, folder: String, table: String) {
        self.database = database
        self.folder = folder
        self.table = table
    }

    package func report() async throws(StorageError) -> MigrationReport {
        let operation = "read the migrations of d1:\(self.database.location?.name ?? "")"
        let (folder, table) = (self.folder, self.table)
        let file = StateFile(
            path: self.database.location?.database ?? folder + "/none.sqlite", timeLimit: Self.timeLimit)
        let stored = try await file.read(operation) { connection throws(SQLiteError) in
            try StoredSchema(connection, table: table)
        }
        let result = await BlockingWork.run { () throws(StorageError) -> MigrationReport in
            let files = try MigrationFiles(folder: folder, operation: operation)
            return Self.compare(stored ?? StoredSchema(), files, folder: folder, table: table)
        }
        return try result.get()
    }

    private static func compare(
        _ stored: StoredSchema, _ files: MigrationFiles, folder: String, table: String
    ) -> MigrationReport {
        let names = Set(files.names.map { ByteString($0) })
        let applied = Set(stored.applied.map { ByteString($0.name) })
        var migrations = stored.applied.map { applied in
            MigrationReport.Migration(
                name: applied.name, state: names.contains(ByteString(applied.name)) ? .applied : .missing,
                appliedAt: applied.time)
        }
        let pending = files.names.filter { !applied.contains(ByteString($0)) }
        migrations += pending.map { MigrationReport.Migration(name: $0, state: .pending) }
        var report = MigrationReport(
            folder: folder, table: table, hasFolder: files.isThere, migrations: migrations)
        guard files.isThere || !stored.applied.isEmpty else {
            report.undecided = "the migrations folder does not exist"
            return report
        }
        do throws(MigrationProblem) {
            let made = try MadeSchema(files, applied: stored.applied.map(\.name), pending: pending, table: table)
            report.drift = made.drift(of: stored.entries)
        } catch {
            report.undecided = error.reason
        }
        return report
    }
}

/// Why the schema of migrations cannot be made.
struct MigrationProblem: Error {
    let reason: String
}

/// What a database has: its schema without bookkeeping, and the migrations that it has noted.
private struct StoredSchema: Sendable {
    var entries: [SchemaEntry] = []
    var applied: [(name: String, time: String?)] = []

    init() {}

    init(_ connection: borrowing SQLiteConnection, table: String) throws(SQLiteError) {
        let catalog = try Catalog(connection)
        self.entries = catalog.entries.filter { !$0.table.hasSameBytes(as: table) }
        guard let columns = try Catalog.columns(of: table, connection) else { return }
        let names = Set(columns.map { $0.name.lowercased() })
        guard names.contains("name") else { return }
        let time = names.contains("applied_at") ? "applied_at" : "NULL"
        let order = names.contains("id") ? "id" : "1"
        let statement = try connection.prepare(
            "SELECT name, \(time) FROM \(Catalog.quoted(table)) ORDER BY \(order) LIMIT \(D1Migrations.mostFiles)")
        while try statement.step() {
            self.applied.append((statement.text(0), statement.isNull(1) ? nil : statement.text(1)))
        }
    }
}

/// The files of a folder of migrations, as wrangler takes them: names that end in `.sql`, by their number.
private struct MigrationFiles: Sendable {
    let folder: String
    var isThere = true
    var names: [String] = []

    init(folder: String, operation: String) throws(StorageError) {
        self.folder = folder
        guard let listing = opendir(folder) else {
            guard errno == ENOENT || errno == ENOTDIR else { throw StorageError(system: errno, operation: operation) }
            self.isThere = false
            return
        }
        defer { closedir(listing) }
        while let entry = readdir(listing), self.names.count < D1Migrations.mostFiles {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".sql") { self.names.append(name) }
        }
        self.names.sort { left, right in
            let (first, second) = (Self.number(left), Self.number(right))
            if first != second { return first < second }
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }

    /// The number that a name begins with; those without one come last.
    private static func number(_ name: String) -> Int {
        Int(name.prefix { $0.isASCII && $0.isNumber }.prefix(18)) ?? .max
    }

    func text(of name: String) throws(MigrationProblem) -> String {
        guard !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
            throw MigrationProblem(reason: "\(name): not the name of a file")
        }
        // A pipe would wait for its other end.
        let descriptor = open(self.folder + "/" + name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw MigrationProblem(reason: "\(name): \(SystemReason.text(errno))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= D1Migrations.largestFile {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw MigrationProblem(reason: "\(name): \(SystemReason.text(errno))") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard bytes.count <= D1Migrations.largestFile else {
            throw MigrationProblem(reason: "\(name): larger than 16 MiB")
        }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw MigrationProblem(reason: "\(name): not UTF-8 text")
        }
        return text
    }
}

/// The schema that migrations make, in a database in memory.
private struct MadeSchema {
    private var applied: [SchemaEntry] = []
    /// With those that have not been applied: what they make is no drift, wherever it came from.
    private var all: [SchemaEntry] = []

    /// How long all of them may run.
    private static let timeLimit = Duration.seconds(10)

    init(
        _ files: MigrationFiles, applied: [String], pending: [String], table: String
    ) throws(MigrationProblem) {
        let place = Place()
        do throws(SQLiteError) {
            let connection = try SQLiteConnection(scratch: SQLiteDeadline(after: Self.timeLimit))
            for file in applied {
                place.file = file
                let text: String
                do throws(MigrationProblem) {
                    text = try files.text(of: file)
                } catch {
                    throw SQLiteError(.invalid, message: error.reason.replacing("\(file): ", with: ""))
                }
                try connection.run(text)
            }
            self.applied = try Self.entries(connection, table)
            self.all = self.applied
            for file in pending {
                guard let text = try? files.text(of: file), (try? connection.run(text)) != nil else { break }
                self.all = try Self.entries(connection, table)
            }
        } catch {
            throw MigrationProblem(reason: "\(place.file): \(error.message)")
        }
    }

    /// The file that is being run.
    private final class Place { var file = "" }

    private static func entries(
        _ connection: borrowing SQLiteConnection, _ table: String
    ) throws(SQLiteError) -> [SchemaEntry] {
        try Catalog(connection).entries.filter { !$0.table.hasSameBytes(as: table) }
    }

    func drift(of stored: [SchemaEntry]) -> [MigrationReport.Drift] {
        let key: (SchemaEntry) -> [UInt8] = { Array($0.type.utf8) + [0] + Array($0.name.lowercased().utf8) }
        let made = Dictionary(self.applied.map { (key($0), $0) }, uniquingKeysWith: { $1 })
        let known = Set(self.all.map(key))
        var drift: [MigrationReport.Drift] = []
        for entry in stored {
            if let expected = made[key(entry)] {
                guard Self.words(of: expected.sql) != Self.words(of: entry.sql) else { continue }
                drift.append(MigrationReport.Drift(kind: .different, type: entry.type, name: entry.name))
            } else if !known.contains(key(entry)) {
                drift.append(MigrationReport.Drift(kind: .extra, type: entry.type, name: entry.name))
            }
        }
        let present = Set(stored.map(key))
        for entry in self.applied where !present.contains(key(entry)) {
            drift.append(MigrationReport.Drift(kind: .absent, type: entry.type, name: entry.name))
        }
        return drift
    }

    /// A definition without comments, and with one blank where there are several: what a tool may change on the way.
    static func words(of sql: String?) -> [UInt8] {
        let bytes = Array((sql ?? "").utf8)
        var words: [UInt8] = []
        var index = 0
        func at(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "-") where at(index + 1) == UInt8(ascii: "-"):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            case UInt8(ascii: "/") where at(index + 1) == UInt8(ascii: "*"):
                index += 2
                while index < bytes.count, !(bytes[index] == UInt8(ascii: "*") && at(index + 1) == UInt8(ascii: "/")) {
                    index += 1
                }
                index += 2
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["):
                let end = byte == UInt8(ascii: "[") ? UInt8(ascii: "]") : byte
                repeat {
                    words.append(bytes[index])
                    index += 1
                } while index < bytes.count && bytes[index] != end
                if index < bytes.count { words.append(bytes[index]) }
                index += 1
            case 0x20, 0x09...0x0D:
                if let last = words.last, last != 0x20 { words.append(0x20) }
                index += 1
            default:
                // A blank beside punctuation means nothing.
                if [UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: ")")].contains(byte), words.last == 0x20 {
                    words.removeLast()
                }
                words.append(byte)
                index += 1
                if [UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: ")")].contains(byte) {
                    while [0x20, 0x09, 0x0A, 0x0D].contains(at(index)), index < bytes.count { index += 1 }
                }
            }
        }
        while words.last == 0x20 { words.removeLast() }
        return words
    }
}
