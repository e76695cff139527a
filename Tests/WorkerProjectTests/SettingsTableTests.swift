import Foundation
import Testing
import WorkerDomain

@testable import WorkerProject

/// Walks every row of ``Settings`` through the file, the findings, `config` and the user guide.
@Suite("The table of settings", .timeLimit(.minutes(2)))
struct SettingsTableTests {
    /// Names below `keys` are those of actions, which are not looked at here: ``KeyChoiceTests``.
    private static let keys = Settings.all.map(\.key).filter { $0 != "keys.*" }

    /// A project with this worker-console.toml, below two backends that it does not name itself.
    private func project(_ lines: [String]) throws -> ProjectConfiguration {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var text = lines
        for name in ["blue", "green"] where !lines.contains(where: { $0.hasPrefix("backends.\(name).url ") }) {
            text.append("backends.\(name).url = \"https://\(name)\"")
        }
        text.append("bindings.blue.store = \"local\"")
        if lines.contains(where: { $0.hasPrefix("bindings.blue.store ") }) { text.removeLast() }
        try text.joined(separator: "\n").write(
            toFile: folder + "/worker-console.toml", atomically: true, encoding: .utf8)
        return ProjectConfiguration.load(startingAt: folder)
    }

    private func findings(of project: ProjectConfiguration) -> [ConfigurationFinding] {
        project.findings.filter { $0.severity != .note }
    }

    /// What `config --json` says of every setting: its value as JSON, and whether the file sets it.
    private func shown(by project: ProjectConfiguration) throws -> [String: String] {
        let root = try JSONCParser.parse(Array(project.json(reveal: false).utf8))
        let members = try #require(root["settings"]?.members)
        #expect(Set(members.map(\.key)).count == members.count)
        return Dictionary(
            uniqueKeysWithValues: members.map {
                ($0.key, "\($0.value["value"]?.toml ?? "") \($0.value["set"]?.bool == true)")
            })
    }

    private func row(_ key: String) throws -> (setting: Setting, sample: SettingSample, key: String) {
        let setting = try #require(Settings.all.first { $0.key == key })
        let sample = try #require(SettingSample(of: setting), "there is no sample of \(key)")
        return (setting, sample, key.replacing("*", with: SettingSample.name))
    }

    @Test("no key stands there twice, none is another one's table, and each is explained")
    func rows() {
        #expect(Set(Self.keys).count == Self.keys.count)
        for setting in Settings.all {
            #expect(!Self.keys.contains { $0.hasPrefix(setting.key + ".") })
            #expect(!setting.range.isEmpty && setting.about.count > 5)
        }
    }

    @Test("what can be used is read without a finding, shown by config, and changes nothing else", arguments: keys)
    func good(key: String) throws {
        let row = try self.row(key)
        #expect(!row.sample.good.isEmpty)
        for value in row.sample.good {
            let project = try self.project(["\(row.key) = \(value)"] + row.sample.companions)
            #expect(self.findings(of: project).isEmpty, "\(value): \(self.findings(of: project))")
            var shown = try self.shown(by: project)
            var before = try self.shown(
                by: try self.project(row.sample.companions))
            #expect(shown[row.key] == "\(value) true")
            #expect(project.lines(reveal: false).contains("settings.\(row.key): \(value)"))
            // The other half of a pair is dropped without this one, and a path asks with GET.
            let related =
                [row.key] + row.sample.companions.map { String($0.prefix { $0 != " " }) } + [
                    "health.method", "health.path",
                ]
            for name in related { (shown[name], before[name]) = (nil, nil) }
            #expect(shown.filter { before[$0.key] != $0.value }.isEmpty && shown.count == before.count)
        }
    }

    @Test("what cannot be used is one error with its place and what it may be, and the default stays", arguments: keys)
    func bad(key: String) throws {
        let row = try self.row(key)
        let before = try self.shown(by: try self.project([]))[row.key]?.dropLast(" true".count)
        for value in row.sample.bad {
            let companions = row.setting.numbers == nil ? [] : row.sample.companions
            let project = try self.project(["\(row.key) = \(value)"] + companions)
            let findings = self.findings(of: project)
            #expect(findings.count == 1 && findings.first?.severity == .error, "\(value): \(findings)")
            #expect(findings.first?.line == 1 && (findings.first?.column ?? 0) > row.key.utf8.count)
            #expect(findings.first?.field == row.key)
            let message = findings.first?.message ?? ""
            #expect(message.hasPrefix("\"\(row.key)\" "))
            if let range = row.setting.numbers {
                #expect(message.hasSuffix("number from \(range.lowerBound) to \(range.upperBound)"))
            }
            for name in row.setting.names { #expect(message.contains("\"\(name)\"")) }
            // A backend without a URL is none.
            if key != "backends.*.url" {
                #expect(try self.shown(by: project)[row.key]?.hasPrefix(before ?? "-") == true, "\(value)")
            }
        }
    }

    @Test("a key with a slip is a warning that names the one that was meant, and is not read", arguments: keys)
    func slips(key: String) throws {
        let row = try self.row(key)
        let value = row.sample.good[0]
        let project = try self.project(["\(row.key)\(row.key.suffix(1)) = \(value)"])
        let findings = self.findings(of: project)
        let slip = row.key + row.key.suffix(1)
        #expect(findings.map(\.severity) == [.warning])
        #expect(findings.first?.message == "unknown key \"\(slip)\" is ignored; did you mean \"\(row.key)\"?")
        #expect(project.console.unknownKeys == [slip])
        #expect(try self.shown(by: project) == self.shown(by: try self.project([])))
    }

    @Test("the user guide says key, default, range and meaning", arguments: keys)
    func documented(key: String) throws {
        let row = try self.row(key)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let page = try String(
            contentsOf: root.appendingPathComponent("docs/user-guide/configuration.md"), encoding: .utf8)
        let setting = row.setting
        let mark = setting.isTakenOver ? " · *applies immediately*" : ""
        #expect(page.contains("\n| `\(key)` | \(setting.standard) | \(setting.range) | \(setting.about)\(mark) |\n"))
        // A default that is a value is the one that config shows.
        let shown = try self.shown(by: try self.project([]))
        if setting.standard.hasPrefix("`"), setting.standard.hasSuffix("`"), key != "bindings.*.path",
            key != "bindings.*.region", key != "health.path", key != "health.method"
        {
            #expect(shown[row.key]?.hasPrefix(setting.standard.replacing("`", with: "")) == true)
        }
        if let range = setting.numbers {
            #expect(setting.range.hasPrefix("\(range.lowerBound) to \(range.upperBound)"))
        }
    }

    @Test("a name from the wrong table is found in its own, and a table that is no table is an error")
    func tables() throws {
        func message(_ line: String) throws -> String? {
            self.findings(of: try self.project([line])).first?.message
        }
        #expect(try message("port = 1") == "unknown key \"port\" is ignored; did you mean \"listen.port\"?")
        #expect(try message("porxy.retries = 1") == "unknown key \"porxy\" is ignored; did you mean \"proxy\"?")
        #expect(try message("quite.other = 1") == "unknown key \"quite\" is ignored")
        #expect(try message("proxy = 1") == "\"proxy\" must be a table")
        #expect(try message("bindings.red = 1") == "\"bindings.red\" must be a table")
    }

    @Test("tens of thousands of unknown keys take no long time")
    func manyUnknown() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let project = try self.project((0..<40_000).map { "proxy.max\($0) = 1" })
        #expect(self.findings(of: project).count == 40_000)
        #expect(clock.now - start < .seconds(40))
    }
}
