import OperatingSystem
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
    ///   - environment: Empty for the top level; `nil` for what `CLOUDFLARE_ENV` names, as without `--env`.
    ///   - process: Variables of the process; those of `.env` files in the folder join them, as in wrangler.
    /// - Returns: The configuration, also when nothing was found.
    package static func load(
        startingAt folder: String, environment: String? = nil,
        process: [String: String] = ProcessEnvironment.current()
    ) -> ProjectConfiguration {
        let start = PathText.join(folder, ".")
        let variables = WorkerVariables(folder: start, option: environment, process: process)
        let environment = variables.environment
        guard let path = Self.findWranglerFile(from: start) else {
            var result = ProjectConfiguration(root: start, wrangler: WranglerConfiguration(environment: environment))
            result.start = start
            result.findings.append(
                ConfigurationFinding(
                    .note, message: "no wrangler.json, wrangler.jsonc or wrangler.toml in \(start) or above"))
            result.read(variables)
            result.readConsole()
            return result
        }
        let format: WranglerConfiguration.Format =
            path.hasSuffix(".toml") ? .toml : path.hasSuffix(".jsonc") ? .jsonc : .json
        var result = ProjectConfiguration(
            root: PathText.folder(of: path),
            wrangler: WranglerConfiguration(path: path, format: format, environment: environment))
        result.start = start
        if let root = result.tree(of: path, isTOML: format == .toml, refusedByWrangler: true) {
            let resolver = WranglerResolver(
                path: path, format: format, environment: environment, isFromVariable: variables.isFromVariable)
            let (wrangler, findings) = resolver.resolve(root)
            result.wrangler = wrangler
            result.findings += findings
        } else {
            result.wranglerFault = result.findings.last
        }
        result.noteRedirect(from: start)
        result.read(variables)
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
                    message: "\"configPath\" is not a string, so wrangler deploy fails"))
            return
        }
        let full = PathText.join(PathText.folder(of: path), target)
        self.findings.append(
            ConfigurationFinding(
                BoundedFile.exists(full) ? .note : .warning, file: path, at: tree["configPath"]?.position,
                field: "configPath",
                message:
                    "wrangler deploy reads \(full) instead\(BoundedFile.exists(full) ? "" : ", which does not exist"); wrangler dev uses the file above"
            ))
    }

    private mutating func read(_ variables: WorkerVariables) {
        let (read, findings) = variables.read(for: self.wrangler, in: self.root)
        self.variables = read
        self.findings += findings
    }

    private mutating func readConsole() {
        let path = self.root == "/" ? "/worker-console.toml" : self.root + "/worker-console.toml"
        self.console.path = path
        guard BoundedFile.exists(path) else { return }
        guard let tree = self.tree(of: path, isTOML: true, refusedByWrangler: false) else {
            self.consoleFault = self.findings.last
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
