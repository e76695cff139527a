import FileWatching
import NetworkIO
import OperatingSystem
import ProxyCore
import TrafficJournal
import WorkerDomain
import WorkerProject

/// Reads a project into what a session is started with.
struct ProjectSettings {
    let project: ProjectConfiguration
    /// Where the project was looked for; absolute.
    let folder: String
    /// What was read, each as it was before it was read.
    let files: [ByteString: FileStamp]

    /// - Parameters:
    ///   - folder: Where to start looking for the project, as the user typed it.
    ///   - environment: The wrangler environment; empty for the top level, `nil` for what `CLOUDFLARE_ENV` names.
    /// - Throws: `ProjectFolderError` when there is no such folder.
    init(folder: String, environment: String?) throws(ProjectFolderError) {
        let path = TypedPath.absolute(folder)
        guard Folders.exists(path) else { throw ProjectFolderError(path: folder, exists: BoundedFile.exists(path)) }
        let trace = FileTrace.current ?? FileTrace()
        var project = FileTrace.$current.withValue(trace) {
            ProjectConfiguration.load(startingAt: path, environment: environment)
        }
        ChosenKeys.check(&project)
        self.project = project
        self.folder = path
        self.files = trace.files
    }

    /// A project that was read before.
    init(_ project: ProjectConfiguration) {
        self.project = project
        self.folder = project.root
        self.files = [:]
    }

    /// Everything that a session needs; what the command line says goes before the files.
    func session(with options: ServingOptions) -> SessionSettings {
        let console = self.project.console
        var settings = SessionSettings(rootFolder: self.project.root, status: self.status)
        settings.proxy = console.proxy
        if let listen = options.listen { settings.proxy.listen = [listen] }
        if options.backends.isEmpty {
            settings.backends = console.backends
            settings.active = console.active
        } else {
            settings.backends = options.backends
            settings.givenBackends = options.backends
        }
        settings.environment = options.env
        settings.opened = OpenedProject(
            folder: self.folder, environment: options.env, project: self.project, files: self.files,
            hasGivenAddress: options.listen != nil, hasGivenBackends: !options.backends.isEmpty,
            isReadOnly: options.isReadOnly)
        settings.drainTimeout = console.drainTimeout
        settings.interface = console.interface
        settings.keys = console.keys
        settings.redaction = console.redaction
        settings.journal = console.journal
        settings.resources = self.storeRequests(isReadOnly: options.isReadOnly).compactMap(\.resource)
        settings.status.corsSummary = Self.summary(of: settings.proxy.cors)
        settings.status.routesSummary = settings.proxy.routes.joined(separator: " ")
        settings.eventLoops = options.loops
        let file = console.path ?? self.project.root + "/worker-console.toml"
        self.steer(&settings, file: file)
        settings.remember = { backend throws(BackendControlError) in
            do {
                try ConsoleConfigurationWriter(path: file).add(backend)
            } catch {
                throw BackendControlError(.notSaved, operation: "add backend \(backend.name)", reason: "\(error)")
            }
        }
        return settings
    }

    /// What is stored for each binding, but for those whose store is `none`; nothing of it can write.
    var resources: [BoundResource] { self.storeRequests().compactMap(\.resource) }

    /// How each binding is opened.
    func storeRequests(isReadOnly: Bool = true) -> [StoreRequest] {
        let identities = self.project.wrangler.localIdentities
        return identities.map { identity in
            StoreRequest(
                identity: identity,
                settings: self.project.console.stores[identity.binding.name] ?? ConsoleConfiguration.Store(),
                known: identities.filter { $0.binding.kind == identity.binding.kind }.flatMap(\.candidates),
                project: self.project.root, account: self.project.wrangler.values["account_id"]?.string,
                migrations: identity.binding.kind == .d1 ? self.migrations(of: identity.binding.name) : nil,
                mode: isReadOnly ? .read : .write)
        }
    }

    /// Where a database's migrations are, with an absolute folder: as written it is relative to the wrangler file.
    private func migrations(of binding: String) -> MigrationsPlace? {
        let wrangler = self.project.wrangler
        guard let place = wrangler.migrations.first(where: { $0.binding.hasSameBytes(as: binding) }) else { return nil }
        let folder = wrangler.path.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } }
        let isAbsolute = place.directory.utf8.first == UInt8(ascii: "/")
        let directory = isAbsolute ? place.directory : (folder ?? self.project.root) + "/" + place.directory
        return MigrationsPlace(binding: place.binding, directory: directory, table: place.table)
    }

    var status: WorkerStatus {
        let wrangler = self.project.wrangler
        var status = WorkerStatus(
            state: .starting,
            name: wrangler.name ?? self.project.root.split(separator: "/").last.map(String.init) ?? "/",
            main: wrangler.main, compatibilityDate: wrangler.compatibilityDate,
            compatibilityFlags: wrangler.compatibilityFlags, environment: wrangler.environment,
            configurationPath: wrangler.path, startedAt: .now())
        status.notices = self.project.errorLines
        status.suggestedBackends = self.project.suggestedBackends
        return status
    }

    /// Looks at a backend as the proxy itself reaches it.
    var probe: NetworkProbe {
        NetworkProbe(self.project.console.health, tls: self.project.console.proxy.upstream.tls)
    }

    /// Origins, methods and age in one line.
    static func summary(of cors: CORSConfiguration) -> String {
        let origins =
            switch cors.origins {
            case .any: "*"
            case .list(let origins): origins.joined(separator: " ")
            }
        let age = cors.maxAge.map { " · \($0) s" } ?? ""
        return "\(origins) · \(cors.methods.joined(separator: " "))\(age)"
    }
}

/// Says that a folder that was named cannot be opened.
struct ProjectFolderError: Error, CustomStringConvertible {
    let path: String
    let exists: Bool

    var description: String {
        self.exists
            ? "\(self.path) is a file; give the project's folder"
            : "no such folder: \(self.path); give the project's folder"
    }
}
