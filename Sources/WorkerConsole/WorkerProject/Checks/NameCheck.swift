import WorkerDomain

/// The Worker has a name that Cloudflare accepts.
struct NameCheck: DeployCheck {
    static let id = "config.name"
    static let title = "Name"
    static let chineseTitle = "名称"
    static let about = "`name` is set and consists of lowercase letters, digits, `-` and `_`."
    private static let rule = "name matches [a-z0-9_][a-z0-9-_]* (workers-sdk, workers-utils config validation)"

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.hasError(in: "name") { return [Self.leftOut(because: "name is rejected")] }
        guard let name = context.name, !name.isEmpty else {
            if let key = context.misplaced("name") { return [self.result(of: key, in: context)] }
            return [
                self.result(
                    .fail, "name is not set", rule: Self.rule, place: context.configurationFile,
                    fix: "set name in \(context.configurationName)", example: "name = \"my-worker\"")
            ]
        }
        guard name.wholeMatch(of: /[a-z0-9_][a-z0-9\-_]*/) != nil else {
            return [
                self.result(
                    .fail, "\"\(name)\" is not a valid Worker name", rule: Self.rule, place: context.configurationFile,
                    fix: "use only lowercase letters, digits, - and _")
            ]
        }
        return [self.result(.pass, name)]
    }
}
