import FileWatching
import Synchronization
import WorkerDomain

/// What the checks found when they last ran, and the files that they looked at.
final class CheckMemory: Sendable {
    /// One check.
    struct Finding: Sendable {
        let results: [CheckResult]
        let files: [ByteString: FileStamp]
    }

    /// The project as it was read.
    struct Reading: Sendable {
        let context: CheckContext
        let files: [ByteString: FileStamp]
    }

    private struct State {
        var reading: Reading?
        var findings: [String: Finding] = [:]
    }

    private let state = Mutex(State())

    var reading: Reading? { self.state.withLock { $0.reading } }

    /// What a check found, if none of its files has changed since.
    func finding(of id: String) -> Finding? {
        guard let finding = self.state.withLock({ $0.findings[id] }), finding.files.isUnchanged else { return nil }
        return finding
    }

    func keep(_ reading: Reading) { self.state.withLock { $0.reading = reading } }

    func keep(_ finding: Finding?, of id: String) { self.state.withLock { $0.findings[id] = finding } }

    /// Every file that what is known depends on.
    var files: [ByteString: FileStamp] {
        self.state.withLock { state in
            // The earliest look at a file counts: what has changed since concerns somebody.
            state.findings.values.reduce(into: state.reading?.files ?? [:]) { files, finding in
                files.merge(finding.files, uniquingKeysWith: FileStamp.earlier)
            }
        }
    }
}

extension [ByteString: FileStamp] {
    /// None of the files has changed, as far as the system tells.
    var isUnchanged: Bool {
        self.allSatisfy { path, stamp in !stamp.isRecent && stamp.again(at: path.text).isSame(as: stamp) }
    }
}
