/// What the console knows of the Worker and of itself at one moment.
package struct WorkerStatus: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case starting
        case serving
        case draining
        case failed(String)
    }
    package var state: State
    /// The Worker's name, or the project folder's when the configuration has none.
    package var name: String
    /// `main` as configured; `nil` when it is not set.
    package var main: String?
    package var compatibilityDate: String?
    package var compatibilityFlags: [String]
    /// The `--env` that is shown; `nil` for the top level.
    package var environment: String?
    /// The configuration file that was read, for a person; `nil` without one.
    package var configurationPath: String?
    /// `127.0.0.1:8787`; several when several are listened on.
    package var listening: [String]
    /// True when an address other than loopback is listened on.
    package var isExposed: Bool
    /// How the proxy's event loops wait: `epoll` or `io_uring`; `nil` while nothing is served.
    package var engine: String?
    /// Why that is not `io_uring`, in a few words; `nil` when it is, or when nobody asked for it.
    package var engineObstacle: String?
    package var startedAt: WallTime
    /// CORS in one line: origin, methods, age.
    package var corsSummary: String
    /// Routes in one line.
    package var routesSummary: String
    /// Resident memory of this process; `nil` where it cannot be read.
    package var residentBytes: Int64?
    /// Problems of the start and of the project's files, each one line.
    package var notices: [String]
    /// What became of the project's files since the start.
    package var project = ProjectNews()
    /// The process's limit of file descriptors while none is left; `nil` while there are some.
    package var exhaustedDescriptors: Int?
    /// Backend URLs that the project's `vars` suggest, name to URL, offered and never used unasked.
    package var suggestedBackends: [String: String]

    package init(
        state: State, name: String, main: String? = nil, compatibilityDate: String? = nil,
        compatibilityFlags: [String] = [], environment: String? = nil, configurationPath: String? = nil,
        listening: [String] = [], isExposed: Bool = false, engine: String? = nil, engineObstacle: String? = nil,
        startedAt: WallTime, corsSummary: String = "", routesSummary: String = "", residentBytes: Int64? = nil,
        notices: [String] = [],
        suggestedBackends: [String: String] = [:]
    ) {
        self.state = state
        self.name = name
        self.main = main
        self.compatibilityDate = compatibilityDate
        self.compatibilityFlags = compatibilityFlags
        self.environment = environment
        self.configurationPath = configurationPath
        self.listening = listening
        self.isExposed = isExposed
        self.engine = engine
        self.engineObstacle = engineObstacle
        self.startedAt = startedAt
        self.corsSummary = corsSummary
        self.routesSummary = routesSummary
        self.residentBytes = residentBytes
        self.notices = notices
        self.suggestedBackends = suggestedBackends
    }
}

/// Gives the status and the newest health of every binding.
package protocol WorkerStatusSource: Sendable {
    func status() -> WorkerStatus
    /// Health by ``Binding/id``.
    func bindingHealth() -> [String: BindingHealth]
    /// Probes every binding now.
    func probeBindings() async
}
