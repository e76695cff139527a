import WorkerDomain
import WorkerProject

/// What a change of `worker-console.toml` asks of a program that runs. Pure: it decides, and changes nothing.
struct SettingsChange: Sendable {
    /// What the program runs with now.
    let running: ConsoleConfiguration
    /// What the file says.
    let wanted: ConsoleConfiguration
    /// Keys that the running parts take over, by the part.
    private(set) var proxy: [String] = []
    private(set) var health: [String] = []
    private(set) var steering: [String] = []
    private(set) var bindings: [String] = []
    /// Backends that are new in the file.
    private(set) var backends: [Backend] = []
    /// Keys that wait for the next start.
    private(set) var needRestart: [String] = []
    /// Keys that were changed and are not taken over while another one of their table is wrong.
    private(set) var heldBack: [String] = []

    /// - Parameters:
    ///   - merge: What is in use of the files.
    ///   - opened: What goes before the files.
    init(_ merge: ProjectMerge, opened: OpenedProject) {
        self.running = merge.running
        self.wanted = merge.accepted.console
        for difference in Settings.differences(self.running, self.wanted) {
            let key = difference.key
            let table = key.split(separator: ".").first.map(String.init) ?? key
            guard !merge.wrongKeys.contains(where: { $0.hasSameBytes(as: key) }) else { continue }
            // What the command line says goes before the file.
            if opened.hasGivenAddress, key == "listen.address" || key == "listen.port" { continue }
            let isOfBackends = ["backends", "active", "canary"].contains(table)
            if opened.hasGivenBackends, isOfBackends, !difference.isTakenOver { continue }
            switch table {
            case "backends": self.take(backendKey: key, wrong: merge.wrongKeys)
            case _ where !difference.isTakenOver: self.needRestart.append(key)
            case _ where merge.wrongKeys.contains { $0.hasPrefix(table + ".") } && table != "bindings":
                self.heldBack.append(key)
            case "cors", "proxy": self.proxy.append(key)
            case "health": self.health.append(key)
            case "bindings": self.bindings.append(key)
            default: self.steering.append(key)
            }
        }
    }

    /// A backend is added as a whole; everything else of one waits, because its connections are there already.
    private mutating func take(backendKey key: String, wrong: [String]) {
        let name = key.split(separator: ".", omittingEmptySubsequences: false).dropFirst().dropLast()
            .joined(separator: ".")
        let whole = "backends." + name
        guard !wrong.contains(where: { $0.hasPrefix(whole) }) else { return }
        let isRunning = self.running.backends.contains { $0.name.hasSameBytes(as: name) }
        guard let new = self.wanted.backends.first(where: { $0.name.hasSameBytes(as: name) }), !isRunning else {
            let isGone = !self.wanted.backends.contains { $0.name.hasSameBytes(as: name) }
            self.wait(isGone ? whole : key)
            return
        }
        // Certificates are read at the start, and a backend must not be asked without those that were named for it.
        guard self.wanted.proxy.upstream.tls[name] == nil else { return self.wait(whole) }
        if !self.backends.contains(new) { self.backends.append(new) }
    }

    private mutating func wait(_ key: String) {
        if !self.needRestart.contains(key) { self.needRestart.append(key) }
    }
}
