/// Selects the environment and reads the variables that the Worker sees in development, as `wrangler dev` does.
///
/// wrangler first takes the `.env` files of its folder into its own process, so that they may name `CLOUDFLARE_ENV` and
/// its other switches; what the process has already goes first. Which `.dev.vars` and `.env` files feed the Worker is
/// then asked of `--env` alone.
struct WorkerVariables {
    /// `--env`, which may be empty; `nil` when it was not given.
    private let option: String?
    /// Variables of wrangler's process.
    private let process: [String: String]

    /// - Parameters:
    ///   - folder: Where wrangler would be started.
    ///   - option: `--env`, which may be empty; `nil` when it was not given.
    ///   - process: Variables of the process.
    init(folder: String, option: String?, process: [String: String]) {
        self.option = option
        let (values, _) = Self.dotEnv(in: folder, option: option)
        var expansion = EnvironmentExpansion(process: process)
        self.process = process.merging(expansion.expand(values).map { ($0.name, $0.value) }) { $1 }
    }

    /// The environment that is asked for; `nil` for the top level.
    var environment: String? {
        let name = self.option ?? self.process["CLOUDFLARE_ENV"]
        return name == "" ? nil : name
    }

    /// `CLOUDFLARE_ENV` names the environment, and not `--env`.
    var isFromVariable: Bool { self.option == nil && self.environment != nil }

    /// - Returns: `vars` of the configuration with what the files say over them, and what is wrong with the files.
    func read(
        for wrangler: WranglerConfiguration, in folder: String
    ) -> ([ProjectConfiguration.Variable], [ConfigurationFinding]) {
        var variables = wrangler.vars.map {
            ProjectConfiguration.Variable(name: $0.key, value: $0.value, isSecret: false)
        }
        // Bytes: names that are canonically equal are two variables.
        var places: [ExactText: Int] = [:]
        for (index, variable) in variables.enumerated() { places[ExactText(variable.name)] = index }
        let secrets = wrangler.values["secrets"]
        let required = (secrets?["required"]?.elements ?? []).compactMap(\.string)
        let wanted = secrets.map { _ in Set(required.map { ExactText($0) }).union(places.keys) }
        let taken = Set(wrangler.bindingNames.map { ExactText($0) })
        let (loaded, findings) = self.secrets(in: folder, needsProcess: secrets != nil)
        for (name, value) in loaded {
            let key = ExactText(name)
            // A binding of another kind keeps its name.
            if wanted?.contains(key) == false || taken.contains(key) { continue }
            let variable = ProjectConfiguration.Variable(name: name, value: .string(value), isSecret: true)
            if let index = places[key] {
                variables[index] = variable
            } else {
                places[key] = variables.count
                variables.append(variable)
            }
        }
        return (variables, findings)
    }

    // MARK: - Files

    /// `.dev.vars.<env>`, or else `.dev.vars`, or else the `.env` files.
    private func secrets(
        in folder: String, needsProcess: Bool
    ) -> ([EnvironmentFile.Entry], [ConfigurationFinding]) {
        var findings: [ConfigurationFinding] = []
        for name in [self.option.map { ".dev.vars." + $0 }, ".dev.vars"].compactMap({ $0 }) {
            let path = PathText.join(folder, name)
            do throws(BoundedFile.Problem) {
                let (values, warning) = try Self.file(path)
                findings += warning
                if self.option == nil { findings += self.unread(folder) }
                return (values, findings)
            } catch {
                if case .missing = error { continue }
                findings.append(ConfigurationFinding(.error, file: path, message: "\(error)"))
                return ([], findings)
            }
        }
        if self.option == nil { findings += self.unread(folder) }
        guard self.flag("CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV", default: true, &findings) else {
            return ([], findings)
        }
        let takesProcess = needsProcess || self.flag("CLOUDFLARE_INCLUDE_PROCESS_ENV", default: false, &findings)
        let (values, warnings) = Self.dotEnv(in: folder, option: self.option)
        findings += warnings
        var expansion = EnvironmentExpansion(process: takesProcess ? self.process : [:])
        var result = expansion.expand(values)
        if expansion.isCut {
            findings.append(
                ConfigurationFinding(
                    .warning, file: PathText.join(folder, ".env"),
                    message: "its references expand without end, so some of them are left unexpanded"))
        }
        if takesProcess {
            let names = Set(result.map(\.name))
            result += self.process.sorted { $0.key < $1.key }.filter { !names.contains($0.key) }
                .map { (name: $0.key, value: $0.value) }
        }
        return (result, findings)
    }

    /// Says that a file of the selected environment is not read when `CLOUDFLARE_ENV` alone selects it.
    private func unread(_ folder: String) -> [ConfigurationFinding] {
        guard let environment = self.environment else { return [] }
        let path = PathText.join(folder, ".dev.vars." + environment)
        guard BoundedFile.exists(path) else { return [] }
        return [
            ConfigurationFinding(
                .note, file: path,
                message:
                    "wrangler does not read this file when CLOUDFLARE_ENV selects the environment; use --env \(environment)"
            )
        ]
    }

    /// The `.env` files of a folder, later ones over earlier ones; what cannot be read is left out, as wrangler does.
    private static func dotEnv(
        in folder: String, option: String?
    ) -> ([EnvironmentFile.Entry], [ConfigurationFinding]) {
        let own = option.map { [".env.\($0)", ".env.\($0).local"] } ?? []
        var findings: [ConfigurationFinding] = []
        var merged: [EnvironmentFile.Entry] = []
        var places: [String: Int] = [:]
        for path in ([".env", ".env.local"] + own).map({ PathText.join(folder, $0) }) {
            do throws(BoundedFile.Problem) {
                let (entries, warning) = try Self.file(path)
                findings += warning
                for entry in entries {
                    if let index = places[entry.name] {
                        merged[index] = entry
                    } else {
                        places[entry.name] = merged.count
                        merged.append(entry)
                    }
                }
            } catch {
                if case .missing = error { continue }
                findings.append(
                    ConfigurationFinding(.warning, file: path, message: "\(error); wrangler reads nothing of it"))
            }
        }
        return (merged, findings)
    }

    private static func file(
        _ path: String
    ) throws(BoundedFile.Problem) -> ([EnvironmentFile.Entry], [ConfigurationFinding]) {
        let bytes = try BoundedFile.read(path)
        let text = String(decoding: bytes, as: UTF8.self)
        let isExact = text.utf8.elementsEqual(bytes)
        let warning = ConfigurationFinding(
            .warning, file: path, message: "invalid UTF-8, which the Worker sees as U+FFFD; save the file as UTF-8")
        return (EnvironmentFile.parse(text), isExact ? [] : [warning])
    }

    /// A switch of wrangler's, which stops at anything but true and false.
    private func flag(_ name: String, default standard: Bool, _ findings: inout [ConfigurationFinding]) -> Bool {
        guard let text = self.process[name] else { return standard }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default:
            findings.append(
                ConfigurationFinding(
                    .error,
                    message:
                        "the variable \(name) is \(ConfigurationValue.quoted(text)), and wrangler dev accepts only true or false"
                ))
            return standard
        }
    }
}

extension WranglerConfiguration {
    /// The names that bindings have in `env`, `vars` and secrets aside.
    fileprivate var bindingNames: [String] {
        var names = (self.values["durable_objects"]?["bindings"]?.elements ?? []).compactMap { $0["name"]?.string }
        for list in WranglerKeys.lists {
            let key = list.required.first ?? "binding"
            names += (self.values[list.field]?.elements ?? []).compactMap { $0[key]?.string }
        }
        names += (self.values["queues"]?["producers"]?.elements ?? []).compactMap { $0["binding"]?.string }
        return names + WranglerKeys.singles.compactMap { self.values[$0.field]?["binding"]?.string }
    }
}
