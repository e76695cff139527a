package import PythonSource
package import WorkerDomain

/// Something that reading the configuration found.
package struct CheckFinding: Sendable, Equatable {
    /// True when wrangler would refuse the configuration.
    package let isError: Bool
    /// What is wrong, in one sentence.
    package let message: String
    /// `wrangler.toml:3:1`; `nil` without a place.
    package let place: String?
    /// What to write instead; `nil` when there is nothing to say.
    package let fix: String?
    /// The key that is meant, without its environment: `compatibility_date`; `nil` for none.
    package let field: String?

    package init(
        isError: Bool, message: String, place: String? = nil, fix: String? = nil, field: String? = nil
    ) {
        self.isError = isError
        self.message = message
        self.place = place
        self.fix = fix
        self.field = field
    }
}

/// What the checks look at: the project as it was read for one run, and ways to ask the outside.
package struct CheckContext: Sendable {
    /// The folder of the configuration file, or the project's when there is none; absolute.
    package var folder: String
    /// `wrangler.toml`; `nil` without a configuration file.
    package var configurationFile: String?
    package var findings: [CheckFinding]
    /// Why nothing is known of the configuration, in a few words: checks that depend on it are left out.
    package var unknown: String?
    /// Keys that stand in a table and were meant for the top level.
    package var misplaced: [MisplacedKey] = []
    /// `worker-console.toml` could not be read, so that the project's backends are not known.
    package var isConsoleFileUnread = false
    package var name: String?
    /// As configured: relative to ``folder``.
    package var main: String?
    package var compatibilityDate: String?
    package var compatibilityFlags: [String]
    package var bindings: [Binding]
    /// Names of everything else that the Worker finds in `env`: vars, secrets, bindings of other kinds.
    package var variables: Set<String>
    /// The `vars` of the environment as they are deployed, `.dev.vars` aside.
    package var vars: [ConfigurationValue.Member] = []
    /// The wrangler file as it was read; `nil` when there is none, or nothing is known of it.
    package var wrangler: WranglerConfiguration?
    /// The exchanges that are kept, the oldest first; `nil` where none is recorded.
    package var exchanges: (@Sendable () -> [Exchange])?
    /// Where the configuration file was looked for first; absolute.
    package var start: String?
    /// Names that `.dev.vars` or `.env` sets on this machine.
    package var localVariables: [String] = []
    /// The day in UTC: no compatibility date may lie after it.
    package var today = CheckDay.today()
    package var backends: [Backend]
    /// The folders where `python3` is looked for, as in `PATH`.
    package var searchPath: String
    /// Reads a binding's local state; `nil` when nothing can.
    package var bindingHealth: (@Sendable (Binding) async -> BindingHealth)?
    /// What reads a binding, as soon as it can be read; `nil` when nothing can.
    package var resource: (@Sendable (Binding) async -> BoundResource?)?
    /// Asks a backend; `nil` when nothing can.
    package var probe: (@Sendable (Backend) async -> HealthProbeResult)?
    /// Sends a request to a backend; `nil` when nothing can.
    package var ask: (@Sendable (Backend, CheckRequest) async -> Result<CheckResponse, CheckRequestFailure>)?
    /// Starts the embedded proxy for a backend, on a loopback port of its own; `nil` when nothing can.
    package var startCore: (@Sendable (Backend) async -> EmbeddedCore?)?
    /// Starts the scripted backend of the parity check on loopback; `nil` when nothing can.
    package var startParityBackend: (@Sendable () async -> EmbeddedCore?)?
    /// A port of loopback at which nobody listens; `nil` when there is none.
    package var freePort: (@Sendable () -> Int?)?
    /// How backends are probed.
    package var health = HealthConfiguration()
    /// The origins that the proxy allows.
    package var cors = CORSConfiguration()
    /// Members of JSON that may differ between two backends.
    package var ignoredKeys: [String] = []
    /// What the checks of one run have read of sources.
    package var memo = SourceMemo()

    package init(
        folder: String, configurationFile: String? = nil, findings: [CheckFinding] = [], name: String? = nil,
        main: String? = nil, compatibilityDate: String? = nil, compatibilityFlags: [String] = [],
        bindings: [Binding] = [], variables: Set<String> = [], backends: [Backend] = [], searchPath: String = "",
        bindingHealth: (@Sendable (Binding) async -> BindingHealth)? = nil,
        probe: (@Sendable (Backend) async -> HealthProbeResult)? = nil
    ) {
        self.folder = folder
        self.configurationFile = configurationFile
        self.findings = findings
        self.name = name
        self.main = main
        self.compatibilityDate = compatibilityDate
        self.compatibilityFlags = compatibilityFlags
        self.bindings = bindings
        self.variables = variables
        self.backends = backends
        self.searchPath = searchPath
        self.bindingHealth = bindingHealth
        self.probe = probe
    }

    /// An error that the configuration check reports of this key, which its own check then need not repeat.
    func hasError(in key: String) -> Bool { self.findings.contains { $0.isError && $0.field == key } }

    /// The rules that a date selects can be told; without one nothing is deployed.
    var isDateKnown: Bool { self.compatibilityDate != nil && !self.hasError(in: "compatibility_date") }

    /// The key where it was found instead of at the top level.
    func misplaced(_ key: String) -> MisplacedKey? { self.misplaced.first { $0.key == key } }

    /// `wrangler.toml:7`; the file alone when the line is not known.
    func place(of key: MisplacedKey) -> String? {
        self.configurationFile.map { file in key.position.map { "\(file):\($0.line):\($0.column)" } ?? file }
    }

    var flags: EffectiveFlags {
        EffectiveFlags(date: self.compatibilityDate, flags: self.compatibilityFlags, today: self.today)
    }

    /// Where a key's value is in the configuration file; the file alone when the line is not known.
    func place(ofKey key: String) -> String? {
        self.configurationFile.map { file in
            self.wrangler?.position(of: key).map { "\(file):\($0.line):\($0.column)" } ?? file
        }
    }

    /// The configuration file's name for sentences.
    var configurationName: String { self.configurationFile ?? "wrangler.toml" }

    /// True when main is a Python source, or not set.
    var isPython: Bool { self.main?.hasSuffix(".py") ?? true }

    /// Main's file name and the files around it; `nil` when main is not set.
    var source: (main: String, files: ProjectFiles)? {
        guard let main = self.main else { return nil }
        let path = main.hasPrefix("/") ? main : self.folder + "/" + main
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return (
            String(path[path.index(after: slash)...]),
            ProjectFiles(project: self.folder, folder: String(path[..<slash]), memo: self.memo)
        )
    }

    func verdict() -> EntrypointVerdict? {
        guard let source = self.source else { return nil }
        return self.verdict(of: source.main, files: source.files)
    }

    /// What deploying does, judged by the flags that are given, or else by those of the configuration.
    func verdict(
        of main: String, files: any EntrypointFiles, flags: EffectiveFlags? = nil
    ) -> EntrypointVerdict {
        let flags = flags ?? self.flags
        return self.memo.verdict(
            main: main, files: files, flags: flags, environment: self.environment(flags: flags))
    }

    /// What can go wrong at requests.
    func traps() -> [HandlerTrap] {
        guard let source = self.source else { return [] }
        return EntrypointAnalysis.traps(
            main: source.main, files: source.files, flags: self.flags, environment: self.environment(flags: self.flags))
    }

    func environment(flags: EffectiveFlags) -> EntrypointEnvironment {
        let project = self.source?.files
        return EntrypointEnvironment(
            names: self.variables.union(self.bindings.map(\.name)), isComplete: false,
            vendored: project?.vendoredPackages(readsVendorFolder: flags.readsVendorFolder) ?? [],
            declaresPackages: project?.declaresPackages ?? false)
    }
}

/// The embedded proxy, or a backend of its own, while a check asks it.
package struct EmbeddedCore: Sendable {
    package let backend: Backend
    package let stop: @Sendable () async -> Void

    package init(backend: Backend, stop: @escaping @Sendable () async -> Void) {
        self.backend = backend
        self.stop = stop
    }
}
