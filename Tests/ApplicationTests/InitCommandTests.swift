import Foundation
import TestSupport
import Testing
import WorkerDomain
import WorkerProject

@testable import Application
@testable import CommandLineArguments

@Suite("A new project")
struct InitCommandTests {
    private func run(_ words: [String]) async throws -> CommandFailure? {
        guard case .run(let command) = Commands.program.request(["init"] + words) else { throw CocoaError(.formatting) }
        do throws(CommandFailure) {
            try await command.run()
            return nil
        } catch { return error }
    }

    @Test(
        "check passes on what init writes, whatever its date is",
        arguments: ["2024-03-01", "2025-08-13", "2025-08-14", "2025-12-23", "2026-04-20", "2026-04-21", "2026-10-01"])
    func passes(date: String) async throws {
        let folder = try temporaryFolder()
        let path = folder + "/new project"
        #expect(try await self.run(["--compatibility-date", date, path]) == nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [
                "worker-console.toml", "worker.py", "wrangler.toml",
            ])
        let report = await ProjectChecks.runner(folder: path, environment: nil) { [] }.run()
        #expect(
            report.exitCode(failOn: .undecided) == 0,
            "\(report.results.filter { $0.outcome != .pass && $0.outcome != .skip })")
        #expect(report.results.first { $0.id == "handler" }?.outcome == .pass)
        #expect(report.results.first { $0.id == "config.name" }?.summary == "new-project")
        let project = ProjectConfiguration.load(startingAt: path, environment: nil, process: [:])
        #expect(project.findings.isEmpty, "\(project.findings)")
    }

    @Test(
        "nothing that exists is overwritten",
        arguments: ["worker.py", "wrangler.toml", "wrangler.json", "worker-console.toml"])
    func keeps(name: String) async throws {
        let folder = try temporaryFolder()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        let failure = try #require(try await self.run([folder]))
        #expect(failure.exitCode == 2 && failure.message?.contains(name) == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
        #expect(try String(contentsOfFile: folder + "/" + name, encoding: .utf8) == "mine")
    }

    @Test("the line is told to editors in their own ways")
    func editors() {
        func words(_ editor: String?) -> [String] {
            ExternalEditor(environment: editor.map { ["EDITOR": $0] } ?? [:]).arguments("/p/a b.py", line: 12)
        }
        #expect(words(nil) == ["+12", "/p/a b.py"] && words("nano -w") == ["+12", "/p/a b.py"])
        #expect(words("/usr/bin/code --wait") == ["-g", "/p/a b.py:12"] && words("hx") == ["/p/a b.py:12"])
        #expect(ExternalEditor(environment: ["VISUAL": "a", "EDITOR": "b"]).command == "a")
        #expect(ExternalEditor(environment: ["VISUAL": " ", "EDITOR": "b"]).command == "b")
    }

    @Test("an editor gets the file, and one that is missing is said")
    func opens() throws {
        let folder = try temporaryFolder()
        let file = folder + "/a b.py"
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        let script = folder + "/editor"
        try Data("#!/bin/sh\nprintf '%s|' \"$@\" > \"$2\"\n".utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        #expect(ExternalEditor(environment: ["EDITOR": script]).open(file, line: 3) == nil)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "+3|\(file)|")
        let missing = ExternalEditor(environment: ["EDITOR": "no-such-editor-here"]).open(file, line: 1)
        #expect(missing == "the editor no-such-editor-here was not found; set EDITOR")
    }
}
