import ProxyCore
import TrafficJournal
import WorkerDomain
import WorkerProject

/// Everything that a session is started with, wherever it came from.
struct SessionSettings: Sendable {
    /// The project's folder, absolute.
    var rootFolder: String
    /// Whose files are followed; `nil` for none.
    var opened: OpenedProject?
    var proxy = ProxyConfiguration()
    var backends: [Backend] = []
    /// The name of the backend that gets new requests; `nil` for the first.
    var active: String?
    var journal = JournalLimits()
    var resources: [BoundResource] = []
    /// What the status lines show before anything is listened on.
    var status: WorkerStatus
    /// How long running exchanges have at the end.
    var drainTimeout = ConsoleConfiguration().drainTimeout
    /// How the screen looks, as configured.
    var interface = ConsoleConfiguration.Interface()
    /// The keys that the person has chosen.
    var keys: [ConsoleConfiguration.KeyChoice] = []
    /// Names that are hidden beyond the usual ones.
    var redaction = ConsoleConfiguration.Redaction()
    /// The wrangler environment; empty for the top level, `nil` for what `CLOUDFLARE_ENV` names.
    var environment: String?
    /// Backends of the command line, which the checks ask instead of the project's own.
    var givenBackends: [Backend] = []
    /// Waited for before the checks read local state, which may be written while the screen is there already.
    var stateIsReady: @Sendable () async -> Void = {}
    /// Event loops; `nil` for one a core.
    var eventLoops: Int?
    /// How backends are probed.
    var health = HealthConfiguration()
    /// How requests find their backend.
    var steering = SteeringSettings()
    /// Where acts of steering are written down; `nil` for nowhere.
    var ledger: SteeringFiles?
    /// Remembers a backend that was added while running.
    var remember: BackendRegistry.Persist = { _ in }
}
