import ChildProcesses
import Glibc
import WorkerDomain

/// Runs the project's Worker under `wrangler dev` on a free port of loopback: in the real runtime, with local state in a
/// temporary folder.
struct WranglerWorker {
    typealias Ask = @Sendable (Backend, CheckRequest) async -> Result<CheckResponse, CheckRequestFailure>

    /// How long it may take to start, and all in all.
    private static let startLimit = Duration.seconds(30)
    private static let timeLimit = Duration.seconds(55)

    /// Starts a program in a folder.
    private static let script = "cd \"$1\" && shift && exec \"$@\""

    /// The program.
    let path: String
    /// The folder of the wrangler file.
    let folder: String
    let environment: String?
    let searchPath: String
    let ask: Ask

    /// The project's own wrangler, or else that of `PATH`; `nil` when there is none.
    static func find(in context: CheckContext) -> String? {
        var folder = Substring(context.folder)
        for _ in 0..<8 where !folder.isEmpty {
            let path = "\(folder)/node_modules/.bin/wrangler"
            if BoundedFile.exists(path), access(path, X_OK) == 0 { return path }
            guard let slash = folder.lastIndex(of: "/") else { break }
            folder = folder[..<slash]
        }
        return SearchPath(context.searchPath).find("wrangler")
    }

    /// - Parameters:
    ///   - requests: What is asked, one after the other.
    ///   - port: A port that nobody listens on.
    ///   - variables: Texts that go before those of the configuration.
    /// - Returns: What it responded, or why it could not be asked.
    func answers(
        to requests: [CheckRequest], port: Int, variables: [(name: String, value: String)]
    ) async -> PythonWorker.Outcome {
        guard let place = TemporaryPlace() else { return .skipped("no temporary folder could be made") }
        defer { place.remove() }
        var arguments = [
            "dev", "--ip", "127.0.0.1", "--port", "\(port)", "--local-protocol", "http",
            "--show-interactive-dev-session=false", "--persist-to", place.path,
        ]
        if let environment = self.environment { arguments += ["--env", environment] }
        for variable in variables { arguments += ["--var", "\(variable.name):\(variable.value)"] }
        let process = ChildProcess(
            executable: "/bin/sh", arguments: ["-c", Self.script, "sh", self.folder, self.path] + arguments,
            environment: [
                "PATH": SearchPath(self.searchPath).text, "HOME": place.path, "CI": "1", "NO_COLOR": "1",
                "WRANGLER_SEND_METRICS": "false", "WRANGLER_LOG_PATH": place.path + "/wrangler.log",
            ])
        let ask = self.ask
        let worker = Backend(name: "wrangler", url: BackendURL(scheme: .http, host: "127.0.0.1", port: port))
        return await withTaskGroup(of: PythonWorker.Outcome?.self) { group in
            group.addTask {
                // It runs until it is cancelled; when it ends before, it could not start.
                let output = try? await process.run(outputLimit: 65_536, timeLimit: Self.timeLimit)
                guard let output else { return nil }
                return .skipped("wrangler dev ended: \(Self.reason(output.bytes))")
            }
            group.addTask {
                guard await Self.isReady(worker, ask) else {
                    return .skipped("wrangler dev did not start within 30 seconds")
                }
                var answers: [PythonWorker.Answer] = []
                for request in requests where !Task.isCancelled {
                    switch await ask(worker, request) {
                    case .success(let response): answers.append(.response(response))
                    case .failure(let failure): answers.append(.failed(failure.reason))
                    }
                }
                return .answers(answers)
            }
            defer { group.cancelAll() }
            for await outcome in group { if let outcome { return outcome } }
            return .skipped("wrangler dev did not start within 30 seconds")
        }
    }

    private static func isReady(_ worker: Backend, _ ask: Ask) async -> Bool {
        let end = ContinuousClock.now + self.startLimit
        while ContinuousClock.now < end, !Task.isCancelled {
            switch await ask(worker, CheckRequest("OPTIONS", "/")) {
            case .success: return true
            case .failure(let failure) where failure.code == "L4CON":
                guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return false }
            case .failure: return true
            }
        }
        return false
    }

    /// The last line that says something.
    private static func reason(_ output: [UInt8]) -> String {
        let lines = output.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
        let last = lines.last { line in line.contains { $0.isLetter } }
        return String((last ?? "without a word").prefix(200))
    }
}
