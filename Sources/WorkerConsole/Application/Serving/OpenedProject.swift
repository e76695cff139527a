import FileWatching
import WorkerDomain
import WorkerProject

/// A project as a session was started with it, and how it is read again.
struct OpenedProject: Sendable {
    /// Where the project is looked for; absolute.
    let folder: String
    /// As given with `--env`.
    var environment: String?
    let project: ProjectConfiguration
    /// What was read, as it was before it was read.
    let files: [ByteString: FileStamp]
    /// The address to listen on is of the command line.
    var hasGivenAddress = false
    /// The backends are of the command line.
    var hasGivenBackends = false
    /// Nothing that is stored can be changed.
    var isReadOnly = false
}

extension ProjectConfiguration {
    /// What of the files cannot be used, a line each.
    var errorLines: [String] { self.findings.filter { $0.severity == .error }.map(\.description) }
}
