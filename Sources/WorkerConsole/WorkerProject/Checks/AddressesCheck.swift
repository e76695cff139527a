import WorkerDomain

/// The source and `vars` name no host that Cloudflare cannot reach.
struct AddressesCheck: DeployCheck {
    static let id = "addresses"
    static let title = "Addresses"
    static let chineseTitle = "地址"
    static let about =
        "Neither the source nor `vars` contains an address of this machine or of a private network, which Cloudflare cannot "
        + "reach."

    private struct Found {
        let host: String
        let kind: LocalHost
        let place: String
        let isVariable: Bool
    }

    func run(_ context: CheckContext) async -> [CheckResult] {
        var found = context.vars.flatMap { self.look(at: $0.value, named: $0.key, in: context, depth: 0) }
        if context.isPython, let source = context.source {
            for (file, finding) in ImportedSources(
                main: source.main, files: source.files, minor: context.flags.pythonMinor
            )
            .addresses() {
                found.append(
                    Found(
                        host: finding.host, kind: finding.kind, place: "\(file):\(finding.place)", isVariable: false))
            }
        } else if context.vars.isEmpty {
            return [self.result(.skip, "no source to analyse")]
        }
        guard let first = found.first(where: { !$0.isVariable }) ?? found.first else {
            return [self.result(.pass, "no address that Cloudflare cannot reach")]
        }
        return [
            self.result(
                .warn, "Cloudflare cannot reach \(first.host): \(first.kind.rawValue)",
                evidence: found.prefix(20).map { "\($0.place): \($0.host) is \($0.kind.rawValue)" },
                rule: "a deployed Worker runs in Cloudflare's network, which only reaches public addresses",
                place: first.place,
                fix: first.isVariable
                    ? "write the public address in vars, and the local one in .dev.vars"
                    : "write the public address there, or read it from a variable: self.env.BACKEND_URL")
        ]
    }

    /// A variable's text, or the texts of a JSON value.
    private func look(
        at value: ConfigurationValue, named name: String, in context: CheckContext, depth: Int
    ) -> [Found] {
        guard depth < 8, !HostsInText.isAllowList(name) else { return [] }
        switch value.content {
        case .string(let text):
            let file = context.configurationName
            let place = value.position.map { "\(file):\($0.line):\($0.column)" } ?? file
            return HostsInText.find(in: text, isWhole: true, mayBeBare: HostsInText.meansHost(name)).map {
                Found(host: $0.host, kind: $0.kind, place: place, isVariable: true)
            }
        case .array(let items):
            return items.flatMap { self.look(at: $0, named: name, in: context, depth: depth + 1) }
        case .table(let members):
            return members.flatMap { self.look(at: $0.value, named: $0.key, in: context, depth: depth + 1) }
        default: return []
        }
    }
}

/// Main and the modules of the project that it imports.
struct ImportedSources {
    let main: String
    let files: any EntrypointFiles
    let minor: Int

    /// Sources that are read at most, and paths where one may be.
    private static let readLimit = 64
    private static let pathLimit = 2_048

    /// The addresses in them, each with its file; a source that cannot be read has none.
    func addresses() -> [(file: String, finding: SourceAddresses.Finding)] {
        var found: [(file: String, finding: SourceAddresses.Finding)] = []
        self.visit { file, _, statements in
            found += SourceAddresses.findings(in: statements).map { (file, $0) }
        }
        return found
    }

    /// The sources as they are, main first.
    func sources() -> [(file: String, bytes: [UInt8])] {
        var found: [(file: String, bytes: [UInt8])] = []
        self.visit { file, bytes, _ in found.append((file, bytes)) }
        return found
    }

    /// The sources as they are understood, main first.
    func statements() -> [(file: String, statements: [PythonStatement])] {
        var found: [(file: String, statements: [PythonStatement])] = []
        self.visit { file, _, statements in found.append((file, statements)) }
        return found
    }

    private func visit(_ body: (_ file: String, _ bytes: [UInt8], _ statements: [PythonStatement]) -> Void) {
        var waiting = [self.main]
        var seen: Set<String> = [self.main]
        var count = 0
        while count < Self.readLimit, let file = waiting.popLast() {
            guard let bytes = self.files.bytes(file) else { continue }
            count += 1
            guard let statements = try? self.files.statements(of: bytes, minor: self.minor) else { continue }
            body(file, bytes, statements)
            for name in Self.modules(in: statements, of: file) {
                for path in ["\(name).py", "\(name)/__init__.py"] where seen.count < Self.pathLimit {
                    if seen.insert(path).inserted { waiting.append(path) }
                }
            }
        }
    }

    /// The modules that a source may import, as paths without their ending.
    private static func modules(in statements: [PythonStatement], of file: String) -> [String] {
        var names: [String] = []
        func visit(_ statements: [PythonStatement], depth: Int) {
            guard depth < 20 else { return }
            for statement in statements where names.count < Self.pathLimit {
                switch statement.kind {
                case .imports(let items):
                    names += items.prefix(Self.pathLimit).map { $0.name.replacing(".", with: "/") }
                case .fromImport(let module, let level, let items):
                    // No path is longer.
                    guard module.utf8.count < 4_096 else { continue }
                    var base = level > 0 ? file.split(separator: "/").dropLast(level).map(String.init) : []
                    base += module.split(separator: ".").map(String.init)
                    names.append(base.joined(separator: "/"))
                    names += items.prefix(Self.pathLimit).map { (base + [$0.name]).joined(separator: "/") }
                case .conditional(let branches): for branch in branches { visit(branch.body, depth: depth + 1) }
                case .attempt(let body, let handlers, _, _):
                    visit(body, depth: depth + 1)
                    for handler in handlers { visit(handler.body, depth: depth + 1) }
                case .function(let function): visit(function.body, depth: depth + 1)
                case .classDefinition(let definition): visit(definition.body, depth: depth + 1)
                default: break
                }
            }
        }
        visit(statements, depth: 0)
        return names.filter { !$0.isEmpty }
    }
}
