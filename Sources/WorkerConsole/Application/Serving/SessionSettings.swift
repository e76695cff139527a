import ProxyCore
import TrafficJournal
import WorkerDomain

/// Everything that a session is started with, wherever it came from.
struct SessionSettings: Sendable {
    /// The project's folder, absolute.
    var rootFolder: String
    var proxy = ProxyConfiguration()
    var backends: [Backend] = []
    /// The name of the backend that gets new requests; `nil` for the first.
    var active: String?
    var journal = JournalLimits()
    var resources: [BoundResource] = []
    /// What the status lines show before anything is listened on.
    var status: WorkerStatus
    /// The interface's language as configured; `nil` for the locale's.
    var language: String?
    /// The wrangler environment; `nil` for the top level.
    var environment: String?
    /// Backends of the command line, which the checks ask instead of the project's own.
    var givenBackends: [Backend] = []
    /// Event loops; `nil` for one a core.
    var eventLoops: Int?
    /// Remembers a backend that was added while running.
    var remember: BackendRegistry.Persist = { _ in }
}
