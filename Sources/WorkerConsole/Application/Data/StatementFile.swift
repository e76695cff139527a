import Glibc
import OperatingSystem
import Synchronization
import TextOutput
import TextSafety
import WorkerDomain
import WorkerProject

/// Statements of SQL in the program's state folder, a JSON object a line, the user's alone (mode 0600).
final class StatementFile: StatementKeeper {
    /// Statements that were run; saved ones are kept beside them, as many again.
    static let limit = 500
    /// A longer statement is not kept.
    static let longest = 64 << 10
    /// A larger file is none of ours.
    private static let largestFile = 64 << 20

    private let path: String
    private let folder: String
    /// One change at a time.
    private let lock = Mutex(())

    init(folder: String) {
        self.folder = folder
        self.path = folder + "/d1-statements.jsonl"
    }

    func statements() async -> [KeptStatement] { self.lock.withLock { _ in self.read() } }

    func note(_ sql: String) async {
        guard sql.utf8.count <= Self.longest else { return }
        self.lock.withLock { _ in
            var statements = self.read()
            guard statements.last(where: { $0.name == nil })?.sql.hasSameBytes(as: sql) != true else { return }
            statements.append(KeptStatement(sql: sql))
            // What is not kept this time was run all the same.
            _ = self.write(statements)
        }
    }

    func save(_ sql: String, as name: String) async -> String? {
        guard sql.utf8.count <= Self.longest else { return "the statement is longer than 64 KiB" }
        return self.lock.withLock { _ in
            var statements = self.read().filter { $0.name?.hasSameBytes(as: name) != true }
            if !sql.isEmpty { statements.append(KeptStatement(sql: sql, name: name)) }
            return self.write(statements)
        }
    }

    private func read() -> [KeptStatement] {
        guard let bytes = try? BoundedFile.read(self.path, limit: Self.largestFile) else { return [] }
        // A line that somebody else has broken costs itself alone.
        return bytes.split(separator: 0x0A).compactMap { line in
            guard let line = JSONObject(line), case .text(let sql) = line["sql"], !sql.isEmpty else { return nil }
            switch line["name"] {
            case .text(let name): return KeptStatement(sql: sql, name: name)
            case .absent: return KeptStatement(sql: sql)
            case .other: return nil
            }
        }
    }

    /// - Returns: Why it could not be written.
    private func write(_ statements: [KeptStatement]) -> String? {
        let saved = statements.filter { $0.name != nil }.suffix(Self.limit)
        let run = statements.filter { $0.name == nil }.suffix(Self.limit)
        var lines = JSONLine()
        for statement in saved + run {
            lines.begin()
            if let name = statement.name { lines.member("name", name) }
            lines.member("sql", statement.sql)
            lines.end(isLine: true)
        }
        do throws(SystemError) {
            try Folders.make(self.folder, mode: 0o700)
        } catch {
            return "\(error.path) cannot be created: \(error.reason)"
        }
        // Of two programs at work the last one wins; the file is never half of each.
        let draft = "\(self.path).\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return self.reason }
        var failure = fchmod(descriptor, 0o600) == 0 ? DescriptorOutput.write(lines.bytes[...], to: descriptor) : errno
        if close(descriptor) != 0, failure == nil { failure = errno }
        if failure == nil, rename(draft, self.path) != 0 { failure = errno }
        guard let failure else { return nil }
        unlink(draft)
        return "\(self.path) cannot be written: \(SystemReason.text(failure))"
    }

    private var reason: String { "\(self.path) cannot be written: \(SystemReason.text(errno))" }
}
