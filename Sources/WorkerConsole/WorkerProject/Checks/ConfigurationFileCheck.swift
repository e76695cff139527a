import WorkerDomain

/// The configuration file that wrangler reads is the one that is meant.
struct ConfigurationFileCheck: DeployCheck {
    static let id = "config.file"
    static let title = "File in use"
    static let chineseTitle = "生效的文件"
    static let about =
        "No other wrangler file is closer or beside it: a `wrangler.json` in a parent folder wins over a `wrangler.toml` here."

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard let file = context.configurationFile else { return [self.result(.skip, "no configuration file")] }
        let own = context.folder + "/" + file
        var others: [String] = []
        // From the folder that was asked for up to that of the file.
        var folder = context.start ?? context.folder
        for _ in 0..<64 {
            for name in ["wrangler.json", "wrangler.jsonc", "wrangler.toml"] {
                let path = (folder == "/" ? "" : folder) + "/" + name
                if path != own, BoundedFile.exists(path) { others.append(path) }
            }
            guard folder != context.folder, folder != "/" else { break }
            folder = PathText.folder(of: folder)
        }
        guard let first = others.first else { return [self.result(.pass, own)] }
        return [
            self.result(
                .warn, "wrangler reads \(own) and not \(first)", evidence: others.map { "not read: \($0)" },
                rule:
                    "wrangler.json is looked for in every folder up to the top, then wrangler.jsonc, then wrangler.toml "
                    + "(workers-sdk findWranglerConfig)",
                place: file, fix: "keep one of the files, or name the one that is meant with `wrangler --config`")
        ]
    }
}
