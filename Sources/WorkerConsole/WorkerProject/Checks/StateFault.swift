import Glibc
import WorkerDomain

/// What it means for a person that something of a binding's local state cannot be read.
struct StateFault {
    let error: StorageError
    /// What could not be read: `the database`.
    let what: String

    init(_ error: StorageError, reading what: String) {
        self.error = error
        self.what = what
    }

    /// What to do where the system refuses to read.
    static let permission = "give your user the right to read it: look at its owner and mode with ls -l"

    /// What is said of a database whose file, log included, has no bytes.
    static func empty(_ what: String) -> BindingReads.Line {
        BindingReads.Line(
            words: "the file of \(what) is empty (0 bytes)",
            fix: "stop wrangler dev, and put a copy of the database there, or delete the file", isFile: true)
    }

    /// True for a file of no bytes that has no write-ahead log either; false for what is not there, or is no file.
    static func isEmptyFile(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 else { return false }
        return stat(path + "-wal", &status) != 0 || status.st_size == 0
    }

    var line: BindingReads.Line {
        switch self.error.code {
        case .remote: .init(words: "remote, not read here", isKnown: false)
        case .locked: .init(words: "another program has locked the file", isKnown: false)
        case .limit: .init(words: "not known: \(self.error.reason)", isKnown: false)
        case .denied:
            .init(words: "no permission to read \(self.what): \(self.error.reason)", fix: Self.permission, isFile: true)
        case .unreachable, .notFound:
            .init(
                words: "\(self.what) cannot be read: \(self.error.reason)",
                fix: "look at the file and at the disk that it is on", isFile: true)
        // A setting that is wrong, a layout that is not known, or a library that is missing: no damage.
        case .invalid, .unsupported: .init(words: "not read: \(self.error.reason)", isKnown: false)
        case .malformed:
            .init(
                words: "\(self.what) is damaged: \(self.error.reason)",
                fix: "stop wrangler dev, keep a copy of the state, and restore or delete the database", isFile: true)
        }
    }
}
