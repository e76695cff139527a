import WorkerDomain

/// What is stored locally was stored under the names that the configuration has.
struct StateNamesCheck: DeployCheck {
    static let id = "bindings.names"
    static let title = "Names of state"
    static let chineseTitle = "状态名称"
    static let about = "The local state of every binding is found under the name that the configuration gives it."

    func run(_ context: CheckContext) async -> [CheckResult] {
        await BindingReads(context: context).result(
            of: self, nothing: "no binding is read on this machine",
            rule: "`wrangler dev` names the files of a binding by its id or name (miniflare): another one begins empty"
        ) { resource in
            let findings = await resource.findings()
            guard !findings.isEmpty else { return [.init(words: "no other name")] }
            return findings.map { Self.line(of: $0) }
        }
    }

    private static func line(of finding: StoreFinding) -> BindingReads.Line {
        switch finding {
        case .remote: .init(words: "remote, not read here", isKnown: false)
        case .oldName(let stored, let current):
            .init(
                words: "its data was stored under the name \(stored), and wrangler uses \(current) now",
                fix: "use the old name again, or copy the data")
        case .otherName(let name):
            .init(
                words: "nothing is stored under its name, and there is data of \(name)",
                fix: "compare the names in the configuration")
        case .otherFile(let path):
            .init(
                words: "nothing is stored under its name, and there is data in \(path)",
                fix: "compare the names in the configuration")
        case .otherLayout(let path):
            .init(
                words: "nothing is stored under its name, and \(path) is of another version of wrangler",
                fix: "compare the names in the configuration")
        case .elsewhere(let path):
            .init(
                words: "its data is in \(path), made with --persist-to",
                fix: "set path of the binding in worker-console.toml to \(path)")
        }
    }
}
