import WorkerDomain

/// Python packages are declared where a deploy looks for them.
struct PackagesCheck: DeployCheck {
    static let id = "packages"
    static let title = "Packages"
    static let chineseTitle = "Python 包"
    static let about =
        "Python packages are declared in `pyproject.toml`; no tool reads a `requirements.txt` for a Worker."

    private static let unread = ["requirements.txt", "cf-requirements.txt"]

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard context.isPython else { return [self.result(.skip, "main is not a Python file")] }
        guard let source = context.source else { return [self.result(.skip, "main is not set")] }
        let folders = [source.files.project, source.files.folder]
        for name in Self.unread {
            guard let path = folders.map({ $0 + "/" + name }).first(where: { BoundedFile.exists($0) }) else { continue }
            let packages = Self.packages(in: path)
            let isDeclared = folders.contains { BoundedFile.exists($0 + "/pyproject.toml") }
            return [
                self.result(
                    .warn,
                    packages.isEmpty
                        ? "\(name) is not read" : "\(name) is not read, so its packages are not deployed",
                    evidence: packages.isEmpty ? [] : ["it lists \(packages.joined(separator: ", "))"],
                    rule: "wrangler ignores it, and pywrangler stops at a requirements.txt (workers-py)",
                    place: name,
                    fix: isDeclared
                        ? "move its packages to dependencies in pyproject.toml, remove \(name), and deploy with "
                            + "`uv run pywrangler deploy`"
                        : "list its packages in a pyproject.toml, remove \(name), and deploy with "
                            + "`uv run pywrangler deploy`",
                    example: """
                        [project]
                        name = "my-worker"
                        version = "0.1.0"
                        requires-python = ">=3.13"
                        dependencies = [\(packages.map { ConfigurationValue.quoted($0) }.joined(separator: ", "))]

                        [dependency-groups]
                        dev = ["workers-py", "workers-runtime-sdk"]
                        """)
            ]
        }
        return [self.result(.pass, "no package is declared in a file that is not read")]
    }

    /// The first lines of a file that name packages.
    private static func packages(in path: String) -> [String] {
        guard let bytes = try? BoundedFile.read(path) else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let names = lines.lazy.map { line in
            String(line.prefix { $0 != "#" && $0 != ";" }).trimmed
        }
        return Array(
            names.filter { $0.first.map { $0.isLetter || $0.isNumber } ?? false }.map { String($0.prefix(60)) }.prefix(
                20))
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text.drop(while: \.isWhitespace))
    }
}
