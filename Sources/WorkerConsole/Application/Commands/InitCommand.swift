import CommandLineArguments
import Glibc
import WorkerDomain
import WorkerProject

/// Writes a new project that deploys: a Worker that forwards to a backend, with CORS on every response.
struct InitCommand: Command {
    static let folder = Parameter.argument(
        "path", default: ".", help: "The project's folder (default: this one), made if it does not exist.",
        completion: .folders)
    static let name = Parameter.option(
        "name", valueName: "name", help: "The Worker's name (default: made of the folder's).",
        expects: "must consist of lowercase letters, digits, - and _"
    ) { ProjectTemplate.isName($0) ? $0 : nil }
    static let date = Parameter.option(
        "compatibility-date", valueName: "date", help: "The compatibility date (default: today in UTC).",
        expects: "must be a date like 2025-12-23, from 2024-03-01 on"
    ) { ProjectTemplate.isDate($0) ? $0 : nil }
    static let backend = Parameter.option(
        "backend-url", valueName: "url", help: "Where requests go (default: https://example.com).",
        expects: "must be an http or https URL"
    ) { text in (try? BackendURL(parsing: text)).map { _ in text } }
    static let declaration = CommandDeclaration(
        name: "init",
        abstract: "Write wrangler.toml, worker.py and worker-console.toml for a Worker that registers and forwards.",
        discussion: "Nothing that exists is overwritten. Exit codes: 0 done, 2 a file exists or cannot be written.",
        parameters: [
            Self.folder, Self.name, Self.date, Self.backend, LanguageOption.parameter,
        ])

    let path: String
    let name: String?
    let date: String?
    let backend: String?

    init(_ arguments: Arguments) throws(UsageError) {
        self.path = arguments[Self.folder]
        self.name = arguments[Self.name]
        self.date = arguments[Self.date]
        self.backend = arguments[Self.backend]
        let today = CheckDay.today()
        if let date = self.date, date > today {
            throw UsageError("--compatibility-date \(date) is in the future: today is \(today) in UTC")
        }
    }

    func run() async throws(CommandFailure) {
        guard mkdir(self.path, 0o777) == 0 || errno == EEXIST else {
            throw .cannotRun("cannot make the folder \(self.path): \(SystemReason.text(errno))")
        }
        guard let real = realpath(self.path, nil) else {
            throw .cannotRun("cannot read the folder \(self.path): \(SystemReason.text(errno))")
        }
        defer { free(real) }
        let folder = String(cString: real)
        let files = ProjectTemplate.files(
            name: self.name ?? ProjectTemplate.name(of: String(folder.split(separator: "/").last ?? "")),
            date: self.date ?? CheckDay.today(), backend: self.backend ?? "https://example.com")
        // A wrangler file of another kind would be read instead.
        let others = ["wrangler.json", "wrangler.jsonc"] + files.map(\.name)
        let existing = others.filter { BoundedFile.exists(folder + "/" + $0) }
        guard existing.isEmpty else {
            throw .cannotRun("\(existing.joined(separator: ", ")) exists already; nothing was written")
        }
        var written: [String] = []
        for file in files {
            let path = folder + "/" + file.name
            if let code = Self.create(path, file.text) {
                for path in written { unlink(path) }
                throw .cannotRun("cannot write \(file.name): \(SystemReason.text(code)); nothing was written")
            }
            written.append(path)
        }
        try StandardOutput.write(files.map { $0.name + "\n" }.joined())
        StandardError.say("run worker-console check before you deploy")
    }

    /// Makes a file that does not exist yet.
    /// - Returns: The system's code when that fails; what was made of it is gone then.
    private static func create(_ path: String, _ text: String) -> Int32? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return errno }
        let failure = DescriptorOutput.write(text, to: descriptor)
        close(descriptor)
        if failure != nil { unlink(path) }
        return failure
    }
}
