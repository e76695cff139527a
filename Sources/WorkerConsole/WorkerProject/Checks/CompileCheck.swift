import FoundationEssentials
import Glibc
import WorkerDomain

/// The source compiles with the python3 of this machine; it is never run.
struct CompileCheck: DeployCheck {
    static let id = "main.compiles"
    static let title = "Compiles"
    static let chineseTitle = "语法编译"
    static let about = "python3 compiles the source, without running it and without writing anything."

    /// Reads the source from its input, compiles it, and says what is wrong in one line of fields.
    private static let script = """
        import sys, warnings
        warnings.simplefilter("ignore")
        print(sys.version_info[1])
        try:
            compile(sys.stdin.buffer.read(), sys.argv[1], "exec", dont_inherit=True)
            print("ok")
        except SyntaxError as e:
            print("bad", e.lineno or 0, e.offset or 0)
            print(ascii(e.msg or ""))
            print(ascii((e.text or "").rstrip()[:200]))
        except (ValueError, RecursionError, MemoryError, OverflowError) as e:
            print("bad", 0, 0)
            print(ascii(str(e)))
            print(ascii(""))
        """

    func run(_ context: CheckContext) async -> [CheckResult] {
        guard context.isPython else { return [self.result(.skip, "main is no Python file")] }
        guard let source = context.source, let bytes = source.files.bytes(source.main) else {
            return [self.result(.skip, "there is no source to compile")]
        }
        guard let python = SearchPath(context.searchPath).find("python3") else {
            return [
                self.result(
                    .skip, "there is no python3 on this machine: the source was not compiled",
                    fix: "install python3 to have the syntax checked before a deploy")
            ]
        }
        do throws(ChildProcess.Failure) {
            let output = try await Self.compile(bytes, name: source.main, python: python, context.searchPath)
            return [self.read(output, main: source.main, minor: context.flags.pythonMinor, python: python)]
        } catch {
            switch error {
            case .cannotStart(let code):
                let reason = String(cString: strerror(code))
                return [self.result(.warn, "python3 could not be started: \(reason)", evidence: [python])]
            case .timedOut, .cancelled:
                return [self.result(.warn, "python3 did not answer within 5 seconds", evidence: [python])]
            }
        }
    }

    private func read(_ output: String, main: String, minor: Int, python: String) -> CheckResult {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 2, let version = Int(lines[0]) else {
            return self.result(.warn, "python3 ended without an answer", evidence: [python])
        }
        var evidence = ["\(python), Python 3.\(version)"]
        if version != minor {
            evidence.append("the Worker runs Python 3.\(minor), so newer or older syntax may be judged differently")
        }
        if lines[1] == "ok" {
            return self.result(.pass, "\(main) compiles with Python 3.\(version)", evidence: evidence)
        }
        let fields = lines[1].split(separator: " ")
        guard fields.first == "bad", fields.count == 3, lines.count >= 4 else {
            return self.result(.warn, "python3 ended without an answer", evidence: evidence)
        }
        func plain(_ text: String) -> String { String(text.dropFirst().dropLast().prefix(200)) }
        let place = fields[1] == "0" ? main : "\(main):\(fields[1]):\(fields[2])"
        if !lines[3].isEmpty, plain(lines[3]) != "" { evidence.append(plain(lines[3])) }
        return self.result(
            .fail, "SyntaxError: \(plain(lines[2]))", evidence: evidence,
            rule: "a source that does not compile is refused at validation (error 10021)", place: place,
            fix: "correct the line")
    }

    /// What the script printed.
    private static func compile(
        _ source: [UInt8], name: String, python: String, _ searchPath: String
    ) async throws(ChildProcess.Failure) -> String {
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = SearchPath(searchPath).text
        // -I: nothing of the user's environment; -B: no __pycache__; -S: no site packages.
        let process = ChildProcess(
            executable: python, arguments: ["-I", "-B", "-S", "-c", Self.script, name], environment: environment)
        let output = try await process.run(input: source, outputLimit: 16_384, timeLimit: .seconds(5))
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
