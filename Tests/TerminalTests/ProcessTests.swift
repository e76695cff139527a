import Foundation
import TestSupport
import Testing

/// The built binary without a screen: exit codes, what goes where, and signals.
@Suite(
    "the program's process", .enabled(if: FileManager.default.isExecutableFile(atPath: TmuxSession.program)),
    .timeLimit(.minutes(2)))
struct ProcessTests {
    private func run(
        _ arguments: [String], environment: [String: String]? = nil
    ) async throws -> SpawnedProgram.Outcome {
        try await SpawnedProgram.run([TmuxSession.program] + arguments, environment: environment)
    }

    /// Runs `serve` with both outputs in one and says where it listens.
    private func serve(_ arguments: String) async throws -> (program: SpawnedProgram, port: Int) {
        let program = try SpawnedProgram([
            "/bin/sh", "-c", "exec \(TmuxSession.program) serve --listen 127.0.0.1:0 \(arguments) 2>&1",
        ])
        let line = try await program.line(beginning: "worker-console: serving http://127.0.0.1:")
        let digits = line.dropFirst("worker-console: serving http://127.0.0.1:".count).prefix { $0.isNumber }
        return (program, try #require(Int(digits)))
    }

    @Test(
        "what the system refuses is said in words: what failed, on what, why, what to do",
        arguments: [
            (
                "TMPDIR=/proc/none exec %p demo", "cannot create the sample's folder /proc/none/",
                "no such file or folder; TMPDIR"
            ),
            ("exec %p config . >&-", "cannot write to standard output: it is closed", ""),
            (
                "exec %p --help >/dev/full", "cannot write to standard output: no space left on the disk; free some",
                ""
            ),
        ])
    func refusals(_ line: String, _ what: String, _ why: String) async throws {
        let command = line.replacing("%p", with: TmuxSession.program)
        let outcome = try await SpawnedProgram.run(["/bin/sh", "-c", command], environment: nil)
        #expect(outcome.status == 2)
        #expect(
            outcome.errorText.contains(what) && (why.isEmpty || outcome.errorText.contains(why)), "\(outcome.errorText)"
        )
        #expect(!outcome.errorText.contains("Error(") && !outcome.errorText.contains("Foundation"))
    }

    @Test("an output that is closed at the start is not given to another file: nothing is printed into it")
    func closedOutputs() async throws {
        let outcome = try await SpawnedProgram.run(
            ["/bin/sh", "-c", "exec \(TmuxSession.program) check --json . <&- 2>&-"], environment: nil)
        #expect(outcome.status <= 1 && outcome.text.hasPrefix("{"))
    }

    @Test("the exit codes are those of the reference, and messages go to standard error")
    func exitCodes() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("codes-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for arguments in [["--version"], ["--help"], ["help", "serve"], ["paths", folder]] {
            let outcome = try await self.run(arguments)
            #expect(outcome.status == 0 && !outcome.output.isEmpty && outcome.errors.isEmpty, "\(arguments)")
        }
        let failing = try await self.run(["check", "--json", folder])
        #expect(failing.status == 1 && failing.text.hasPrefix("{"))
        let file = folder + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let unreadable = ["open", "serve", "check", "config", "paths"].flatMap {
            [[$0, folder + "/none"], [$0, file]]
        }
        for arguments in unreadable + [["serv"], [folder + "/none"], [file]] {
            let outcome = try await self.run(arguments)
            #expect(outcome.status == 2 && outcome.output.isEmpty, "\(arguments)")
            #expect(outcome.errorText.hasPrefix("worker-console: "), "\(arguments)")
        }
        for arguments in [["--bakend"], ["serve", "--loops", "x"], ["open", "a", "b"], ["help", "x"]] {
            let outcome = try await self.run(arguments)
            #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments)")
            #expect(outcome.errorText.contains("--help shows more"), "\(arguments)")
        }
    }

    @Test(
        "serve ends with 2 when worker-console.toml cannot be used",
        arguments: [
            ("[backends.blue\n", "worker-console.toml:1:15: invalid TOML: "),
            ("a = \"\0\"", "worker-console.toml:1:6: a NUL byte"),
            (
                "[backends.blue]\nurl = \"ftp://x\"\n",
                "no backend of worker-console.toml can be used: worker-console.toml:2:7: "
            ),
        ])
    func unusable(text: String, message: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("unusable-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appendingPathComponent("worker-console.toml"))
        for more in [[], ["--backend", "http://127.0.0.1:9"]] where more.isEmpty || !message.hasPrefix("no ") {
            let outcome = try await self.run(["serve", "--listen", "127.0.0.1:0", folder.path] + more)
            #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome.errorText)")
            #expect(outcome.errorText.hasPrefix("worker-console: " + message), "\(outcome.errorText)")
        }
    }

    @Test("an argument that is no UTF-8 is named, and steers nothing")
    func bytes() async throws {
        let script = "exec \(TmuxSession.program) serve \"$(printf 'caf\\351\\033[31m')\""
        let outcome = try await SpawnedProgram.run(["/bin/sh", "-c", script])
        #expect(outcome.status == 64 && !outcome.errorText.contains("\u{1B}"))
        #expect(outcome.errorText.contains("argument 2 is not valid UTF-8"))
    }

    @Test("a full disk is told; a reader that goes away ends the program silently, as in every pipe")
    func output() async throws {
        let program = TmuxSession.program
        let full = try await SpawnedProgram.run(["/bin/sh", "-c", "exec \(program) --help >/dev/full"])
        #expect(full.status == 2 && full.errorText.contains("no space left on the disk; free some"))
        let gone = try await SpawnedProgram.run([
            "/bin/bash", "-c", "{ sleep 0.2; exec \(program) --help; } | true; echo ${PIPESTATUS[0]}",
        ])
        #expect(gone.text == "\(128 + SIGPIPE)\n" && gone.errors.isEmpty, "\(gone.text) \(gone.errorText)")
    }

    @Test("the completion script is one for each shell", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/\(shell)") else { return }
        let script = try await self.run(["--generate-completion-script", shell])
        #expect(script.status == 0 && script.text.contains("worker-console"))
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("completion-\(UUID().uuidString)")
        try Data(script.output).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let check = try await SpawnedProgram.run([shell, "-n", file.path])
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.errorText)")
    }

    @Test("under nohup the end of the terminal does not end serve")
    func nohup() async throws {
        let program = try SpawnedProgram([
            "/bin/sh", "-c", "trap '' HUP; exec \(TmuxSession.program) serve --listen 127.0.0.1:0 2>&1",
        ])
        let line = try await program.line(beginning: "worker-console: serving http://127.0.0.1:")
        let digits = line.dropFirst("worker-console: serving http://127.0.0.1:".count).prefix { $0.isNumber }
        kill(program.identifier, SIGHUP)
        let client = try LoopbackSocket.connected(to: try #require(Int(digits)))
        try client.send("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 204"))
        kill(program.identifier, SIGTERM)
        let last = try await program.line(beginning: "worker-console: stopped; exchanges served: ")
        #expect(last == "worker-console: stopped; exchanges served: 1")
    }

    @Test("a signal to end lets serve finish", arguments: [SIGTERM, SIGINT, SIGHUP])
    func end(number: Int32) async throws {
        let (program, _) = try await self.serve("")
        kill(program.identifier, number)
        let last = try await program.line(beginning: "worker-console: stopped; exchanges served: ")
        #expect(last == "worker-console: stopped; exchanges served: 0")
    }

    @Test("a second signal ends what still runs, and it is reported")
    func hurry() async throws {
        let origin = try LoopbackSocket.listening()
        let (program, port) = try await self.serve("--backend http://127.0.0.1:\(origin.port)")
        let client = try LoopbackSocket.connected(to: port)
        try client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        let start = ContinuousClock.now
        // Until the request has arrived and both have been taken; the drain alone would last ten seconds.
        let ending = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(300))
                kill(program.identifier, SIGTERM)
            }
        }
        let row = try await program.line(beginning: "{")
        ending.cancel()
        #expect(row.contains(#""target":"/slow""#) && row.contains(#""ended":"shutdown""#), "\(row)")
        #expect(start.duration(to: .now) < .seconds(8))
        withExtendedLifetime(client) {}
    }

    @Test("when nothing is to be finished, Ctrl-C ends the program as it ends any other")
    func interrupt() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("int-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A python3 that says that it runs and takes its time.
        try "#!/bin/sh\ntouch \(folder)/asked\nexec sleep 3\n".write(
            toFile: folder + "/python3", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/python3")
        try
            "main = \"w.py\"\nname = \"w\"\ncompatibility_flags = [\"python_workers\"]\ncompatibility_date = \"2025-12-23\"\n"
            .write(toFile: folder + "/wrangler.toml", atomically: true, encoding: .utf8)
        try "x = 1\n".write(toFile: folder + "/w.py", atomically: true, encoding: .utf8)
        let script = """
            \(TmuxSession.program) check \(folder) & while [ ! -e \(folder)/asked ]; do sleep 0.05; done
            kill -INT $!; wait $!; echo ended:$?
            """
        let program = try SpawnedProgram(
            ["/bin/sh", "-c", script], environment: ["PATH": folder + ":/usr/bin:/bin"])
        let line = try await program.line(beginning: "ended:")
        #expect(line == "ended:\(128 + SIGINT)")
        program.kill()
    }
}
