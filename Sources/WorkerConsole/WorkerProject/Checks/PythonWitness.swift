import ChildProcesses
import Glibc
import OperatingSystem
import WorkerDomain

/// The python3 of this machine, which compiles a source without running it; of whatever version it is.
struct PythonWitness {
    enum Statement: Sendable, Equatable {
        case takes
        /// `line` is 0 when it names none.
        case refuses(message: String, line: Int)
    }

    /// What came of asking.
    enum Answer: Sendable, Equatable {
        /// There is no python3 in the search path.
        case absent
        /// It could not be asked; the sentence says why.
        case silent(String, path: String)
        case heard(Statement, minor: Int, path: String)
    }

    /// The value of `PATH`.
    let searchPath: String

    /// Bytes of a source that it is asked about: compiling more takes longer than all the other checks together.
    private static let sourceLimit = 1 << 20
    private static let timeLimit = Duration.seconds(3)

    /// Reads the source from its input, compiles it, and says what is wrong in one line of fields.
    private static let script = """
        import sys, warnings
        warnings.simplefilter("ignore")
        print(sys.version_info[1])
        try:
            compile(sys.stdin.buffer.read(), sys.argv[1], "exec", dont_inherit=True)
            print("ok")
        except SyntaxError as e:
            print("bad", e.lineno or 0)
            print(ascii(e.msg or ""))
        except (ValueError, RecursionError, MemoryError, OverflowError) as e:
            print("bad", 0)
            print(ascii(str(e)))
        """

    func ask(_ source: [UInt8], name: String) async -> Answer {
        guard let path = SearchPath(self.searchPath).find("python3") else { return .absent }
        guard source.count <= Self.sourceLimit else {
            return .silent("python3 is not asked about sources of more than 1 MiB", path: path)
        }
        do throws(ChildProcess.Failure) {
            return Self.read(try await self.compile(source, name: name, python: path), path: path)
        } catch {
            switch error {
            case .cannotStart(let code):
                return .silent("python3 could not be started: \(Self.refusal(code))", path: path)
            case .timedOut, .cancelled: return .silent("python3 did not respond within 3 seconds", path: path)
            }
        }
    }

    /// Why python3 could not be started.
    private static func refusal(_ code: Int32) -> String {
        switch code {
        case ENOEXEC: "it is not a program for this machine"
        case EACCES: "permission denied; check the owner and mode with ls -ld"
        default: SystemReason.text(code)
        }
    }

    private static func read(_ output: String, path: String) -> Answer {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let noAnswer = Answer.silent("python3 exited without a result", path: path)
        guard lines.count >= 2, let minor = Int(lines[0]) else { return noAnswer }
        if lines[1] == "ok" { return .heard(.takes, minor: minor, path: path) }
        let fields = lines[1].split(separator: " ")
        guard fields.count == 2, fields[0] == "bad", let line = Int(fields[1]), lines.count >= 3 else {
            return noAnswer
        }
        let message = String(lines[2].dropFirst().dropLast().prefix(200))
        return .heard(.refuses(message: message, line: line), minor: minor, path: path)
    }

    /// What the script printed.
    private func compile(
        _ source: [UInt8], name: String, python: String
    ) async throws(ChildProcess.Failure) -> String {
        var environment = ProcessEnvironment.current()
        environment["PATH"] = SearchPath(self.searchPath).text
        // -I: nothing of the user's environment; -B: no __pycache__; -S: no site packages.
        let process = ChildProcess(
            executable: python, arguments: ["-I", "-B", "-S", "-c", Self.script, name], environment: environment)
        let output = try await process.run(input: source, outputLimit: 16_384, timeLimit: Self.timeLimit)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
