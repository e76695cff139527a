import FoundationEssentials
import Glibc
import Synchronization
import WorkerDomain
import WorkerProject

/// Statements of SQL in the program's state folder, a JSON object a line, the user's alone (mode 0600).
final class StatementFile: StatementKeeper {
    private struct Line: Codable {
        var sql: String
        var name: String?
    }

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
        let decoder = JSONDecoder()
        return bytes.split(separator: 0x0A).compactMap { line in
            // A line that somebody else has broken costs itself alone.
            guard let line = try? decoder.decode(Line.self, from: Data(line)), !line.sql.isEmpty else { return nil }
            return KeptStatement(sql: line.sql, name: line.name)
        }
    }

    /// - Returns: Why it could not be written.
    private func write(_ statements: [KeptStatement]) -> String? {
        let saved = statements.filter { $0.name != nil }.suffix(Self.limit)
        let run = statements.filter { $0.name == nil }.suffix(Self.limit)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8] = []
        for statement in saved + run {
            guard let line = try? encoder.encode(Line(sql: statement.sql, name: statement.name)) else { continue }
            bytes += line
            bytes.append(0x0A)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            return "\(self.folder) cannot be created"
        }
        // Of two programs at work the last one wins; the file is never half of each.
        let draft = "\(self.path).\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return self.reason }
        var failure = fchmod(descriptor, 0o600) == 0 ? DescriptorOutput.write(bytes[...], to: descriptor) : errno
        if close(descriptor) != 0, failure == nil { failure = errno }
        if failure == nil, rename(draft, self.path) != 0 { failure = errno }
        guard let failure else { return nil }
        unlink(draft)
        return "\(self.path) cannot be written: \(SystemReason.text(failure))"
    }

    private var reason: String { "\(self.path) cannot be written: \(SystemReason.text(errno))" }
}
