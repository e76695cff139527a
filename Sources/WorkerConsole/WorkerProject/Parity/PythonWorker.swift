import ChildProcesses
import Digests
import Glibc
import OperatingSystem
import WorkerDomain

/// Runs the project's Worker in a python3 process on the stand-ins of ``ParityScript``: with the sources it is given, no
/// environment, a folder of its own, and no network but one port of loopback.
struct PythonWorker {
    /// What the Worker made of one request.
    enum Answer: Sendable, Equatable {
        case response(CheckResponse)
        /// The stand-ins lack this.
        case lacking(String)
        /// An exception that the Worker lets escape.
        case failed(String)
    }

    /// What came of a run.
    enum Outcome: Sendable, Equatable {
        /// For each request.
        case answers([Answer])
        /// Nothing was asked; a sentence says why.
        case skipped(String)
    }

    /// How the Worker is started.
    struct Job {
        /// Name of the main module: `worker`.
        let main: String
        /// Handlers are global functions.
        let isLegacy: Bool
        /// Main and what it imports, by paths relative to the folder of main.
        let sources: [(file: String, bytes: [UInt8])]
        /// What `env` has, as JSON values.
        let variables: [(name: String, value: ConfigurationValue)]
        /// Names of D1, R2 and KV bindings.
        let bindings: [String]
        /// Where the backend listens on loopback.
        let port: Int
    }

    private static let timeLimit = Duration.seconds(20)
    private static let processorSeconds = 10
    private static let outputLimit = 16 << 20

    /// The value of `PATH`.
    let searchPath: String

    func answers(to requests: [CheckRequest], of job: Job) async -> Outcome {
        guard let python = SearchPath(self.searchPath).find("python3") else {
            return .skipped("neither wrangler nor python3 is installed")
        }
        guard let folder = TemporaryPlace() else { return .skipped("no temporary folder could be made") }
        defer { folder.remove() }
        // -I: nothing of the user's environment; -B: no __pycache__; -S: no site packages.
        let process = ChildProcess(
            executable: python, arguments: ["-I", "-B", "-S", "-c", ParityScript.text], environment: [:])
        do throws(ChildProcess.Failure) {
            let output = try await process.run(
                input: Array(Self.text(of: job, requests, folder: folder.path).utf8), outputLimit: Self.outputLimit,
                timeLimit: Self.timeLimit)
            return Self.read(output.bytes, count: requests.count)
        } catch {
            switch error {
            case .cannotStart: return .skipped("python3 could not be started")
            case .timedOut, .cancelled: return .skipped("the Worker did not end within 20 seconds")
            }
        }
    }

    // MARK: - What python3 is told

    private static func text(of job: Job, _ requests: [CheckRequest], folder: String) -> String {
        func value(_ content: ConfigurationValue.Content) -> ConfigurationValue { ConfigurationValue(content) }
        func table(_ members: [(String, ConfigurationValue)]) -> ConfigurationValue {
            value(.table(members.map { ConfigurationValue.Member(key: $0.0, value: $0.1) }))
        }
        func base64(_ bytes: [UInt8]) -> ConfigurationValue { value(.string(Base64.text(bytes))) }
        let items = requests.map { request in
            table([
                ("method", value(.string(request.method))), ("host", value(.string("127.0.0.1:\(job.port)"))),
                ("target", base64(Array(request.target.utf8))), ("body", value(.string(""))),
                (
                    "fields",
                    value(
                        .array(
                            request.fields.map { value(.array([value(.string($0.name)), value(.string($0.value))])) }))
                ),
            ])
        }
        return table([
            ("main", value(.string(job.main))), ("folder", value(.string(folder))),
            ("legacy", value(.bool(job.isLegacy))),
            ("port", value(.number("\(job.port)"))), ("seconds", value(.number("\(self.processorSeconds)"))),
            ("sources", table(job.sources.map { ($0.file, base64($0.bytes)) })),
            ("variables", table(job.variables.map { ($0.name, $0.value) })),
            ("bindings", value(.array(job.bindings.map { value(.string($0)) }))), ("requests", value(.array(items))),
        ]).json()
    }

    // MARK: - What it says

    static func read(_ output: [UInt8], count: Int) -> Outcome {
        var answers = [Answer](repeating: .failed("the Worker ended before it responded"), count: count)
        var isKnown = false
        for line in output.split(separator: 10) {
            guard let value = try? JSONCParser.parse(Array(line)) else { continue }
            let lacking = value["gap"]?.string
            let failed = value["failed"]?.string
            guard case .number(let text)? = value["request"]?.content, let index = Int(text),
                answers.indices.contains(index)
            else {
                if let lacking { return .skipped("the code uses what the stand-ins lack: \(lacking)") }
                if let failed { return .skipped("the Worker fails while it starts: \(failed)") }
                continue
            }
            isKnown = true
            if let lacking {
                answers[index] = .lacking(lacking)
            } else if let failed {
                answers[index] = .failed(failed)
            } else if let response = Self.response(value) {
                answers[index] = .response(response)
            }
        }
        return isKnown ? .answers(answers) : .skipped("the Worker ended before it responded")
    }

    private static func response(_ value: ConfigurationValue) -> CheckResponse? {
        guard case .number(let text)? = value["status"]?.content, let status = Int(text) else { return nil }
        var head = "HTTP/1.1 \(status) \r\n"
        for field in value["fields"]?.elements ?? [] {
            guard let parts = field.elements, parts.count == 2 else { continue }
            head += "\(parts[0].string ?? ""): \(parts[1].string ?? "")\r\n"
        }
        let body = Base64.bytes(value["body"]?.string ?? "") ?? []
        return CheckResponse(status: status, head: Array((head + "\r\n").utf8), body: body)
    }
}

/// A folder that is there for one run.
struct TemporaryPlace {
    let path: String

    /// `nil` when it cannot be made.
    init?() {
        var template = Array("\(Folders.temporary)/worker-console-check-XXXXXX".utf8CString)
        guard template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } }) != nil else {
            return nil
        }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? Folders.remove(self.path) }
}
