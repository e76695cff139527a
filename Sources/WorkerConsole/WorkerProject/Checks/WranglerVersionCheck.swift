import WorkerDomain

/// The wrangler that is installed can deploy such a Worker.
struct WranglerVersionCheck: DeployCheck {
    static let id = "wrangler.version"
    static let title = "wrangler"
    static let chineseTitle = "wrangler 版本"
    static let about = "The wrangler in `node_modules` is recent enough; it is not started, its `package.json` is read."

    /// Packages are put in place by pywrangler, which needs this one (workers-py).
    private static let needed = [4, 109, 0]

    func run(_ context: CheckContext) async -> [CheckResult] {
        var folder = context.folder
        for _ in 0..<64 {
            let path = (folder == "/" ? "" : folder) + "/node_modules/wrangler/package.json"
            if BoundedFile.exists(path) { return [self.judged(path, in: context)] }
            if folder == "/" { break }
            folder = PathText.folder(of: folder)
        }
        return [self.result(.skip, "wrangler is not installed in node_modules")]
    }

    private func judged(_ path: String, in context: CheckContext) -> CheckResult {
        guard let bytes = try? BoundedFile.read(path), let package = try? JSONCParser.parse(bytes),
            let version = package["version"]?.string
        else { return self.result(.skip, "the version of wrangler cannot be read from node_modules") }
        let numbers = version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 3 else {
            return self.result(.skip, "the version of wrangler cannot be read from node_modules")
        }
        if numbers[0] < 4 {
            return self.result(
                .warn, "wrangler \(version) is older than 4", evidence: ["node_modules/wrangler/package.json"],
                rule: "wrangler 4 is what these checks agree with; older ones read some keys differently",
                fix: "npm install --save-dev wrangler@4")
        }
        let needsPackages = context.source?.files.declaresPackages ?? false
        if needsPackages, numbers.lexicographicallyPrecedes(Self.needed) {
            return self.result(
                .warn, "wrangler \(version) is older than 4.109.0, which pywrangler needs",
                evidence: ["node_modules/wrangler/package.json"],
                rule:
                    "a project with pyproject.toml is deployed with pywrangler, which refuses an older wrangler (workers-py)",
                fix: "npm install --save-dev wrangler@latest")
        }
        return self.result(.pass, "wrangler \(version)")
    }
}
