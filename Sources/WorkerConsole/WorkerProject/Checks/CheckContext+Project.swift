package import WorkerDomain

extension CheckContext {
    /// What the checks need of a project's configuration.
    ///
    /// - Parameters:
    ///   - project: The configuration as it was read for this run.
    ///   - backends: The backends to ask; those of `worker-console.toml` when `nil`.
    ///   - searchPath: The value of `PATH`, where `python3` is looked for.
    ///   - bindingHealth: Reads a binding's local state; `nil` when nothing can.
    ///   - probe: Asks a backend; `nil` when nothing can.
    package init(
        project: ProjectConfiguration, backends: [Backend]? = nil, searchPath: String,
        bindingHealth: (@Sendable (Binding) async -> BindingHealth)? = nil,
        probe: (@Sendable (Backend) async -> HealthProbeResult)? = nil
    ) {
        let wrangler = project.wrangler
        let findings = project.findings.filter { $0.severity != .note || $0.refusedByWrangler }
        var names = Set(wrangler.vars.map(\.key)).union(project.variables.map(\.name))
        for member in wrangler.values.members ?? [] { names.formUnion(Self.bindingNames(in: member.value)) }
        for object in wrangler.values["durable_objects"]?["bindings"]?.elements ?? [] {
            if let name = object["name"]?.string { names.insert(name) }
        }
        for secret in wrangler.values["secrets"]?["required"]?.elements ?? [] {
            if let name = secret.string { names.insert(name) }
        }
        // Shown as the file has it, wherever it lies below the folder.
        var main = wrangler.mainPath ?? wrangler.main
        if let path = main, path.hasPrefix(project.root + "/") { main = String(path.dropFirst(project.root.count + 1)) }
        self.init(
            folder: project.root,
            configurationFile: wrangler.path.map { String($0.split(separator: "/").last ?? "") },
            findings: findings.map { finding in
                CheckFinding(
                    isError: finding.refusedByWrangler, message: finding.message, place: finding.place,
                    field: finding.field.map { field in
                        let prefix = wrangler.environment.map { "env.\($0)." } ?? ""
                        return field.hasPrefix(prefix) ? String(field.dropFirst(prefix.count)) : field
                    })
            },
            name: wrangler.name, main: main,
            compatibilityDate: wrangler.compatibilityDate, compatibilityFlags: wrangler.compatibilityFlags,
            bindings: wrangler.bindings, variables: names, backends: backends ?? project.console.backends,
            searchPath: searchPath, bindingHealth: bindingHealth, probe: probe)
        self.misplaced = wrangler.misplaced
        if wrangler.path != nil, project.wranglerFault == nil { self.wrangler = wrangler }
        self.vars = wrangler.vars
        self.health = project.console.health
        self.cors = project.console.proxy.cors
        self.ignoredKeys = project.console.ignoredKeys
        self.start = project.start
        self.localVariables = project.variables.filter(\.isSecret).map(\.name)
        self.isConsoleFileUnread = backends?.isEmpty ?? true && project.consoleFault != nil
        if wrangler.path == nil {
            self.unknown = "no configuration file"
        } else if project.wranglerFault != nil {
            self.unknown = "\(self.configurationName) could not be read"
        }
    }

    /// The values of `binding` in a key of the configuration: `ai.binding`, `services[].binding`, `queues.producers[].binding`.
    private static func bindingNames(in value: ConfigurationValue, depth: Int = 0) -> Set<String> {
        guard depth < 4 else { return [] }
        var names: Set<String> = []
        if let name = value["binding"]?.string { names.insert(name) }
        for element in value.elements ?? [] { names.formUnion(Self.bindingNames(in: element, depth: depth + 1)) }
        for member in value.members ?? [] { names.formUnion(Self.bindingNames(in: member.value, depth: depth + 1)) }
        return names
    }
}
