import Foundation
import Subprocess
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
        guard let python = Self.find(in: context.searchPath) else {
            return [
                self.result(
                    .skip, "there is no python3 on this machine: the source was not compiled",
                    fix: "install python3 to have the syntax checked before a deploy")
            ]
        }
        guard let output = await Self.compile(bytes, name: source.main, searchPath: context.searchPath) else {
            return [self.result(.warn, "python3 did not answer within 5 seconds", evidence: [python])]
        }
        return [self.read(output, main: source.main, minor: context.flags.pythonMinor, python: python)]
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

    /// The first `python3` in the folders of a search path; relative folders are left out.
    static func find(in searchPath: String) -> String? {
        for folder in Self.absolute(searchPath).split(separator: ":") {
            let path = String(folder) + "/python3"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return nil
    }

    /// The search path without its relative folders: the project's own files must not be run.
    private static func absolute(_ searchPath: String) -> String {
        let folders = searchPath.split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init)
        return folders.prefix(200).joined(separator: ":")
    }

    /// What the script printed; `nil` when it took longer than 5 seconds or could not be started.
    private static func compile(_ source: [UInt8], name: String, searchPath: String) async -> String? {
        await withTaskGroup(of: String?.self) { group in
            group.addTask {
                let result = try? await Subprocess.run(
                    .name("python3"),
                    // -I: nothing of the user's environment; -B: no __pycache__; -S: no site packages.
                    arguments: ["-I", "-B", "-S", "-c", Self.script, name],
                    environment: .inherit.updating(["PATH": Self.absolute(searchPath)]),
                    input: .array(source), output: .string(limit: 16_384), error: .discarded)
                return result?.standardOutput
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(5))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
