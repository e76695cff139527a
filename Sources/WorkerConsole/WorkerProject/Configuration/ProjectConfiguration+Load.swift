import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ProjectConfiguration {
    /// Finds and reads a project's files as wrangler does.
    ///
    /// It never fails: what could be read is used, and the rest is in ``findings``.
    /// - Parameters:
    ///   - folder: Absolute path where the search for the wrangler file begins; it goes upwards from there.
    ///   - environment: `nil` or empty for the top level.
    /// - Returns: The configuration, also when nothing was found.
    package static func load(startingAt folder: String, environment: String? = nil) -> ProjectConfiguration {
        let environment = environment == "" ? nil : environment
        let start = PathText.join(folder, ".")
        guard let path = Self.findWranglerFile(from: start) else {
            var result = ProjectConfiguration(root: start, wrangler: WranglerConfiguration(environment: environment))
            result.findings.append(
                ConfigurationFinding(
                    .note, message: "no wrangler.json, wrangler.jsonc or wrangler.toml in \(start) or above"))
            result.readVariables(environment)
            result.readConsole()
            return result
        }
        let format: WranglerConfiguration.Format =
            path.hasSuffix(".toml") ? .toml : path.hasSuffix(".jsonc") ? .jsonc : .json
        var result = ProjectConfiguration(
            root: PathText.folder(of: path),
            wrangler: WranglerConfiguration(path: path, format: format, environment: environment))
        if let root = result.tree(of: path, isTOML: format == .toml, refusedByWrangler: true) {
            let resolver = WranglerResolver(path: path, format: format, environment: environment)
            let (wrangler, findings) = resolver.resolve(root)
            result.wrangler = wrangler
            result.findings += findings
        }
        result.noteRedirect(from: start)
        result.readVariables(environment)
        result.readConsole()
        return result
    }

    /// Each name is searched all the way up before the next one is tried.
    static func findWranglerFile(from folder: String) -> String? {
        for name in ["wrangler.json", "wrangler.jsonc", "wrangler.toml"] {
            if let path = Self.search(name, from: folder) { return path }
        }
        return nil
    }

    private static func search(_ name: String, from folder: String) -> String? {
        var folder = folder
        while true {
            let path = folder == "/" ? "/" + name : folder + "/" + name
            if BoundedFile.exists(path) { return path }
            if folder == "/" { return nil }
            folder = PathText.folder(of: folder)
        }
    }

    private mutating func tree(of path: String, isTOML: Bool, refusedByWrangler: Bool) -> ConfigurationValue? {
        do {
            let bytes = try BoundedFile.read(path)
            return isTOML ? try TOMLReader.parse(bytes) : try JSONCParser.parse(bytes)
        } catch let error as ConfigurationSyntaxError {
            self.findings.append(
                ConfigurationFinding(
                    .error, file: path, at: error.position, message: error.message, refusedByWrangler: refusedByWrangler
                ))
        } catch {
            self.findings.append(
                ConfigurationFinding(.error, file: path, message: "\(error)", refusedByWrangler: refusedByWrangler))
        }
        return nil
    }

    /// `wrangler deploy` may be redirected to a generated file; development isn't.
    private mutating func noteRedirect(from start: String) {
        guard let path = Self.search(".wrangler/deploy/config.json", from: start),
            let tree = self.tree(of: path, isTOML: false, refusedByWrangler: false)
        else { return }
        guard let target = tree["configPath"]?.string, !target.isEmpty else {
            self.findings.append(
                ConfigurationFinding(
                    .warning, file: path, at: tree.position, field: "configPath",
                    message: "there is no text \"configPath\", so wrangler deploy fails"))
            return
        }
        let full = PathText.join(PathText.folder(of: path), target)
        self.findings.append(
            ConfigurationFinding(
                BoundedFile.exists(full) ? .note : .warning, file: path, at: tree["configPath"]?.position,
                field: "configPath",
                message:
                    "wrangler deploy reads \(full) instead\(BoundedFile.exists(full) ? "" : ", which doesn't exist"); development reads the file above"
            ))
    }

    private mutating func readVariables(_ environment: String?) {
        var variables = self.wrangler.vars.map { Variable(name: $0.key, value: $0.value, isSecret: false) }
        let required = self.wrangler.values["secrets"]?["required"]?.strings.map { Set($0) }
        let plain = Set(variables.map(\.name))
        var places = Dictionary(variables.enumerated().map { ($1.name, $0) }) { first, _ in first }
        for (name, value) in self.secrets(environment) {
            if let required, !required.contains(name), !plain.contains(name) { continue }
            let variable = Variable(name: name, value: .string(value), isSecret: true)
            if let index = places[name] {
                variables[index] = variable
            } else {
                places[name] = variables.count
                variables.append(variable)
            }
        }
        self.variables = variables
    }

    private mutating func secrets(_ environment: String?) -> [(name: String, value: String)] {
        let own = environment.map { self.root + "/.dev.vars." + $0 }
        for path in [own, self.root + "/.dev.vars"].compactMap({ $0 }) where BoundedFile.exists(path) {
            return self.environmentFile(path) ?? []
        }
        if let flag = getenv("CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV"), String(cString: flag).lowercased() == "false" {
            return []
        }
        var names = [".env", ".env.local"]
        if let environment { names += [".env.\(environment)", ".env.\(environment).local"] }
        var merged: [(name: String, value: String)] = []
        var places: [String: Int] = [:]
        for path in names.map({ self.root + "/" + $0 }) where BoundedFile.exists(path) {
            for entry in self.environmentFile(path) ?? [] {
                if let index = places[entry.name] {
                    merged[index] = entry
                } else {
                    places[entry.name] = merged.count
                    merged.append(entry)
                }
            }
        }
        return EnvironmentFile.expand(merged)
    }

    private mutating func environmentFile(_ path: String) -> [(name: String, value: String)]? {
        do {
            return EnvironmentFile.parse(try ConfigurationText(try BoundedFile.read(path)).string)
        } catch let error as ConfigurationSyntaxError {
            self.findings.append(ConfigurationFinding(.error, file: path, at: error.position, message: error.message))
        } catch {
            self.findings.append(ConfigurationFinding(.error, file: path, message: "\(error)"))
        }
        return nil
    }

    private mutating func readConsole() {
        let path = self.root == "/" ? "/worker-console.toml" : self.root + "/worker-console.toml"
        self.console.path = path
        guard BoundedFile.exists(path), let tree = self.tree(of: path, isTOML: true, refusedByWrangler: false) else {
            return
        }
        let (console, findings) = ConsoleConfigurationReader.read(tree, file: path)
        self.console = console
        self.findings += findings
    }

    /// Variables that look like the URL of a backend, name to URL; offered, never used unasked.
    package var suggestedBackends: [String: String] {
        let words = ["BACKEND", "API", "ORIGIN", "UPSTREAM", "TARGET", "SERVER", "HOST", "URL", "BASE", "ENDPOINT"]
        var result: [String: String] = [:]
        for variable in self.variables where !variable.isSecret {
            let parts = variable.name.uppercased().split { !$0.isLetter }.map(String.init)
            guard parts.contains(where: words.contains), let text = variable.value.string,
                text.lowercased().hasPrefix("http://") || text.lowercased().hasPrefix("https://"),
                let url = try? BackendURL(parsing: text)
            else { continue }
            result[variable.name] = url.description
        }
        return result
    }
}
