import WorkerDomain

/// The file that `main` names is there.
struct MainFileCheck: DeployCheck {
    static let id = "main.exists"
    static let title = "Main file"
    static let chineseTitle = "入口文件"
    static let about = "The file that `main` names exists, is a regular file and lies inside the project."

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard let main = context.main, let source = context.source else {
            return [self.result(.skip, "main is not set")]
        }
        switch source.files.read(source.main) {
        case .success(let bytes): return [self.result(.pass, "\(main), \(Counted.text(bytes.count, "byte"))")]
        case .failure(let error):
            return [
                self.result(
                    .fail, "\(main): \(error.problem.rawValue)", rule: "main is relative to the configuration file",
                    place: context.configurationFile,
                    fix: "write the path of the Worker's source, relative to \(context.configurationName)")
            ]
        }
    }
}
