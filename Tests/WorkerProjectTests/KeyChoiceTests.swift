import Foundation
import TestSupport
import Testing

@testable import WorkerProject

@Suite("[keys] of worker-console.toml")
struct KeyChoiceTests {
    private func project(_ text: String) throws -> ProjectConfiguration {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try text.write(toFile: folder + "/worker-console.toml", atomically: true, encoding: .utf8)
        return ProjectConfiguration.load(startingAt: folder, process: [:])
    }

    @Test(arguments: [
        "[keys]\n\"traffic.copy\" = \"Y\"\n\"checks.run\" = [\"R\", \"f5\"]\n",
        "[keys]\ntraffic.copy = \"Y\"\nchecks.run = [\"R\", \"f5\"]\n",
        "[keys.traffic]\ncopy = \"Y\"\n[keys.checks]\nrun = [\"R\", \"f5\"]\n",
    ])
    func read(text: String) throws {
        let project = try self.project(text)
        #expect(
            project.console.keys == [
                ConsoleConfiguration.KeyChoice("traffic.copy", ["Y"]),
                ConsoleConfiguration.KeyChoice("checks.run", ["R", "f5"]),
            ])
        #expect(project.findings.filter { $0.severity != .note }.isEmpty)
        #expect(project.console.places["keys.traffic.copy"]?.line == 2)
        let lines = project.lines(reveal: false)
        #expect(lines.contains("settings.keys.traffic.copy: \"Y\""))
        #expect(lines.contains("settings.keys.checks.run: [\"R\", \"f5\"]"))
    }

    @Test(arguments: [
        ("keys = 1", "keys", 1), ("[keys]\na.b = 1", "keys.a.b", 2), ("[keys]\na.b = []", "keys.a.b", 2),
        ("[keys]\na.b = [\"x\", 1]", "keys.a.b", 2), ("[keys]\n\"a.b\" = \"\"", "keys.a.b", 2),
        ("[keys]\na.b.c = \"x\"", "keys.a.b", 2), ("[keys]\na.b = \"x\"\n\"a.b\" = \"y\"", "keys.a.b", 3),
    ])
    func mistakes(text: String, field: String, line: Int) throws {
        let project = try self.project(text)
        let findings = project.findings.filter { $0.severity != .note }
        #expect(findings.map(\.field) == [field] && findings.map(\.severity) == [.error])
        #expect(findings.first?.line == line)
    }

    @Test("a change waits for the next start, and names the action")
    func changes() throws {
        let before = try self.project("[keys]\n\"traffic.copy\" = \"Y\"\n").console
        let after = try self.project("[keys]\n\"traffic.copy\" = \"C\"\n").console
        let none = try self.project("").console
        let expected = Settings.Difference(key: "keys.traffic.copy", isTakenOver: false)
        #expect(Settings.differences(before, after) == [expected])
        #expect(Settings.differences(before, none) == [expected])
        #expect(Settings.differences(none, after) == [expected])
        #expect(Settings.differences(after, after).isEmpty)
    }
}
