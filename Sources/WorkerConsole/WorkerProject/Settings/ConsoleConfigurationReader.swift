import WorkerDomain

/// Reads `worker-console.toml`: what is valid is used, the rest is a finding and keeps its default.
package struct ConsoleConfigurationReader {
    /// Comparing names takes its time, and a file may hold tens of thousands of unknown ones.
    private static let suggestionLimit = 50

    let file: String
    var draft = ConsoleDraft()
    private(set) var findings: [ConfigurationFinding] = []

    package static func read(
        _ root: ConfigurationValue, file: String
    ) -> (ConsoleConfiguration, [ConfigurationFinding]) {
        var reader = ConsoleConfigurationReader(file: file)
        reader.draft.console.path = file
        reader.read(root, at: [], among: Settings.all)
        reader.join(root)
        return (reader.draft.console, reader.findings.sorted { $0.isBefore($1) })
    }

    private init(file: String) { self.file = file }

    /// A value that was read before, and is now seen not to go with others, is no longer one that the file sets.
    mutating func fail(_ key: String, _ position: SourcePosition?, _ message: String) {
        self.draft.console.places[key] = nil
        self.findings.append(
            ConfigurationFinding(.error, file: self.file, at: position, field: key, message: "\"\(key)\" \(message)"))
    }

    /// Reads what stands in one table of the file; `settings` are those that may stand there or below.
    private mutating func read(_ table: ConfigurationValue, at path: [String], among settings: [Setting]) {
        for member in table.members ?? [] {
            let here = path + [member.key]
            let rows = settings.filter { $0.takes(member.key, at: path.count) }
            if rows.isEmpty {
                self.noteUnknown(here, at: member.keyPosition)
            } else if path == ["keys"] {
                for setting in rows { self.readKeys(member, of: setting) }
            } else if let setting = rows.first(where: { $0.parts.count == here.count }) {
                self.read(member.value, of: setting, key: here.joined(separator: "."))
            } else if path == ["backends"] {
                self.readBackend(member, among: rows)
            } else if member.value.members == nil {
                self.fail(here.joined(separator: "."), member.value.position, "must be a table")
            } else if path == ["bindings"] {
                self.draft.store = ConsoleConfiguration.Store()
                self.read(member.value, at: here, among: rows)
                self.draft.console.stores[member.key] = self.draft.store
            } else {
                self.read(member.value, at: here, among: rows)
            }
        }
    }

    private mutating func read(_ value: ConfigurationValue, of setting: Setting, key: String) {
        do throws(SettingMistake) {
            try setting.read(value, PathText.folder(of: self.file), &self.draft)
            self.draft.console.places[key] = value.position
        } catch {
            self.fail(key, value.position, error.message)
        }
    }

    /// A backend is a table, or the text of its URL.
    private mutating func readBackend(_ member: ConfigurationValue.Member, among settings: [Setting]) {
        let key = "backends.\(member.key)"
        let isNamed = ConsoleConfigurationWriter.isName(member.key)
        if !isNamed {
            self.fail(
                key, member.keyPosition,
                "is not a valid name for a backend: \(ConsoleConfigurationWriter.nameRule)")
        }
        let table = member.value.members == nil ? .table([("url", member.value)]) : member.value
        self.draft.backend = ConsoleDraft.BackendTable()
        self.read(table, at: ["backends", member.key], among: settings)
        guard isNamed else { return }
        if table["url"] == nil {
            self.fail(
                key + ".url", member.value.position ?? member.keyPosition,
                "is missing; write url = \"http://127.0.0.1:9000\"")
        }
        guard let url = self.draft.backend.url else { return }
        var backend = Backend(name: member.key, url: url, weight: self.draft.backend.weight)
        if let tls = self.tls(of: backend, in: table) {
            backend.isInsecure = tls.isInsecure
            self.draft.console.proxy.upstream.tls[backend.name] = tls
        }
        self.draft.console.backends.append(backend)
    }

    /// What the file says of TLS to a backend; `nil` for nothing.
    private mutating func tls(of backend: Backend, in table: ConfigurationValue) -> BackendTLS? {
        guard let first = Settings.backendTLS.compactMap({ table.member($0.parts[2]) }).first else { return nil }
        let key = "backends.\(backend.name)"
        guard backend.url.scheme == .https else {
            self.fail(
                "\(key).\(first.key)", first.value.position, "only has an effect when the url begins with https://")
            return nil
        }
        self.joinPair(key, in: table, \.backend.tls.certificateFile, \.backend.tls.keyFile)
        return self.draft.backend.tls
    }

    /// Keys of an action: `"traffic.copy" = "Y"`, or `copy = "Y"` in a table of its screen.
    private mutating func readKeys(_ member: ConfigurationValue.Member, of setting: Setting, in screen: String? = nil) {
        let action = screen.map { "\($0).\(member.key)" } ?? member.key
        if screen == nil, let actions = member.value.members {
            for member in actions { self.readKeys(member, of: setting, in: action) }
            return
        }
        let key = "keys.\(action)"
        guard !self.draft.console.keys.contains(where: { $0.action.hasSameBytes(as: action) }) else {
            return self.fail(key, member.keyPosition, "is there already")
        }
        self.draft.keys = []
        self.read(member.value, of: setting, key: key)
        guard !self.draft.keys.isEmpty else { return }
        self.draft.console.keys.append(ConsoleConfiguration.KeyChoice(action, self.draft.keys))
    }

    private mutating func noteUnknown(_ path: [String], at position: SourcePosition?) {
        let key = path.joined(separator: ".")
        let isNearSought = self.draft.console.unknownKeys.count < Self.suggestionLimit
        let nearest = (isNearSought ? self.near(path) : nil).map { "; did you mean \"\($0)\"?" } ?? ""
        self.draft.console.unknownKeys.append(key)
        self.findings.append(
            ConfigurationFinding(
                .warning, file: self.file, at: position, field: key,
                message: "unknown key \"\(key)\" is ignored\(nearest)"))
    }

    /// The key that was meant: one of the same table with a name like it, else one of another table with its name.
    private func near(_ path: [String]) -> String? {
        let (table, name) = (Array(path.dropLast()), path.last ?? "")
        let siblings = Settings.all.filter { $0.begins(with: table) }.map { $0.parts[table.count] }
        if let sibling = Nearest.name(to: name, among: siblings.filter { $0 != "*" }) {
            return (table + [sibling]).joined(separator: ".")
        }
        return Settings.all.first { $0.parts.last == name && !$0.parts.contains("*") }?.key
    }
}

extension ConfigurationFinding {
    /// In the order of the file; what has no place comes last.
    fileprivate func isBefore(_ other: ConfigurationFinding) -> Bool {
        (self.line ?? .max, self.column ?? .max) < (other.line ?? .max, other.column ?? .max)
    }
}
