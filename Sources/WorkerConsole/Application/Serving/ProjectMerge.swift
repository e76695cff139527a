import WorkerDomain
import WorkerProject

/// What is in use of a project's files: what was read last, and for a file that cannot be used, what was read before.
struct ProjectMerge: Sendable {
    private(set) var accepted: ProjectConfiguration
    /// What the program runs with: what it was started with and what was taken over since.
    var running: ConsoleConfiguration
    private(set) var unusable: [ProjectNews.Unusable] = []
    /// Keys of `worker-console.toml` whose values are wrong now.
    private(set) var wrongKeys: [String] = []
    private var errors: [ConfigurationFinding] = []
    private var hadSettings: Bool

    init() { self.init(ProjectConfiguration(root: "/")) }

    init(_ project: ProjectConfiguration) {
        self.accepted = project
        self.running = project.console
        self.hadSettings = project.console.path.map { BoundedFile.exists($0) } ?? false
    }

    /// What is wrong in the files beside what makes them unusable, a line each.
    var errorLines: [String] { self.errors.map(\.description) }

    /// - Parameter read: The project as its files are now; `nil` when its folder is gone.
    mutating func take(_ read: ProjectConfiguration?) {
        guard var next = read else {
            self.unusable = [ProjectNews.Unusable(file: self.accepted.root, problem: .gone)]
            return
        }
        self.unusable = []
        var faults: [ConfigurationFinding] = []
        if let problem = self.wranglerProblem(of: next) {
            self.unusable.append(
                ProjectNews.Unusable(
                    file: Self.name(of: self.accepted.wrangler.path ?? "wrangler.toml"), problem: problem))
            if let fault = next.wranglerFault { faults.append(fault) }
            next.root = self.accepted.root
            next.wrangler = self.accepted.wrangler
            next.variables = self.accepted.variables
            next.wranglerFault = nil
        }
        let isHere = next.console.path.map { BoundedFile.exists($0) } ?? false
        if let problem = self.settingsProblem(of: next, isHere: isHere) {
            self.unusable.append(ProjectNews.Unusable(file: "worker-console.toml", problem: problem))
            if let fault = next.consoleFault { faults.append(fault) }
            next.console = self.accepted.console
            next.consoleFault = nil
        } else {
            self.hadSettings = isHere && next.consoleFault == nil
        }
        self.errors = next.findings.filter { $0.severity == .error && !faults.contains($0) }
        let settingsFile = next.console.path
        self.wrongKeys = self.errors.filter { $0.file == settingsFile }.compactMap(\.field)
        // A wrong value would leave the binding with the default place, and other data.
        let before = self.accepted.console.stores
        for name in Set(next.console.stores.keys).union(before.keys) where self.isWrong("bindings.\(name).") {
            next.console.stores[name] = before[name]
        }
        self.accepted = next
    }

    private func isWrong(_ table: String) -> Bool {
        self.wrongKeys.contains { $0.utf8.starts(with: table.utf8) }
    }

    /// Why the wrangler file cannot be used as it is now; `nil` also where nothing stood before.
    private func wranglerProblem(of next: ProjectConfiguration) -> ProjectNews.Unusable.Problem? {
        guard let path = self.accepted.wrangler.path, self.accepted.wranglerFault == nil else { return nil }
        if let fault = next.wranglerFault { return .fault(place: fault.place ?? "", reason: fault.message) }
        guard let now = next.wrangler.path else { return .gone }
        let hadText = self.accepted.wrangler.name != nil || self.accepted.wrangler.main != nil
        return now.hasSameBytes(as: path) && hadText && Self.isEmpty(now) ? .emptied : nil
    }

    private func settingsProblem(of next: ProjectConfiguration, isHere: Bool) -> ProjectNews.Unusable.Problem? {
        if let fault = next.consoleFault {
            return .fault(place: fault.place ?? "worker-console.toml", reason: fault.message)
        }
        guard self.hadSettings else { return nil }
        guard isHere else { return .gone }
        let hadText = !self.accepted.console.places.isEmpty
        return hadText && next.console.path.map { Self.isEmpty($0) } ?? false ? .emptied : nil
    }

    private static func isEmpty(_ path: String) -> Bool {
        (try? BoundedFile.read(path))?.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } ?? false
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
