import ConsoleUI
import Foundation
import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

@Suite("keys that a person has chosen, from the file to the console")
struct ChosenKeysTests {
    private func settings(_ text: String) throws -> ProjectSettings {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try text.write(toFile: folder + "/worker-console.toml", atomically: true, encoding: .utf8)
        return try ProjectSettings(folder: folder, environment: "")
    }

    @Test("what is wrong is an error with its place, and the usual keys stay")
    func faults() throws {
        let settings = try self.settings(
            """
            [keys]
            "checks.cpoy" = "Y"
            "checks.run" = "R"
            "checks.copy" = "q"
            "backends.save" = "s"
            "backends.probe" = "ctrl-i"
            """)
        let findings = settings.project.findings.filter { $0.severity == .error }
        #expect(findings.map(\.line) == [2, 4, 5, 6])
        #expect(
            findings.map(\.field) == [
                "keys.checks.cpoy", "keys.checks.copy", "keys.backends.save", "keys.backends.probe",
            ])
        #expect(findings[0].message == "\"keys.checks.cpoy\" names no action; did you mean \"checks.copy\"?")
        #expect(findings[1].message.contains("frame.back") && findings[1].message.contains("choose another key"))
        #expect(findings[2].message.contains("text field"))
        #expect(findings[3].message.contains("ctrl-i"))
        #expect(settings.project.console.keys == [ConsoleConfiguration.KeyChoice("checks.run", ["R"])])
        #expect(settings.status.notices.count == 4)
        let session = settings.session(with: ServingOptions())
        let keymap = ChosenKeys.keymap(of: session.keys)
        #expect(keymap.actions == ["checks.run"])
    }

    @Test("a program that runs says that other keys need a restart")
    func live() throws {
        let before = try self.settings("[keys]\n\"checks.run\" = \"R\"\n").project
        let after = try self.settings("[keys]\n\"checks.run\" = \"A\"\n").project
        var merge = ProjectMerge(before)
        merge.take(after)
        let opened = OpenedProject(folder: before.root, project: before, files: [:])
        let change = SettingsChange(merge, opened: opened)
        #expect(change.needRestart == ["keys.checks.run"])
    }

    @Test("the tour comes once, and never where nobody can remember it")
    func firstStart() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = FirstStart(environment: ["XDG_STATE_HOME": folder + "/state"])
        #expect(first.take())
        #expect(!first.take())
        #expect(!FirstStart(environment: ["XDG_STATE_HOME": "/proc/none"]).take())
    }
}
