import WorkerDomain

/// `main` is set.
struct MainCheck: DeployCheck {
    static let id = "config.main"
    static let title = "Main"
    static let chineseTitle = "入口设置"
    static let about = "`main` is set and names a Python file."

    func run(_ context: CheckContext) async -> [CheckResult] {
        if context.hasError(in: "main") { return [Self.leftOut(because: "main is rejected")] }
        guard let main = context.main, !main.isEmpty else {
            if let key = context.misplaced("main") { return [self.result(of: key, in: context)] }
            return [
                self.result(
                    .fail, "main is not set", place: context.configurationFile,
                    fix: "set main in \(context.configurationName)", example: "main = \"worker.py\"")
            ]
        }
        guard main.hasSuffix(".py") else {
            return [self.result(.warn, "\(main) is not a Python file: the source checks are skipped")]
        }
        return [self.result(.pass, main)]
    }
}
