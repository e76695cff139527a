import Foundation
import ProxyCore
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

@Suite("The audit file and the remembered backend")
struct SteeringFilesTests {
    private static let second = WallTime(nanosecondsSinceEpoch: 1_700_000_000_000_000_000)

    /// Gives a folder that is gone afterwards.
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wc-steering-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try body(folder)
    }

    private func files(
        _ folder: String, project: String = "/p", configured: String? = "blue",
        memory: ConsoleConfiguration.Memory = .state
    ) -> SteeringFiles {
        SteeringFiles(
            paths: ProgramPaths(environment: ["HOME": folder, "XDG_STATE_HOME": folder]), project: project,
            configuredActive: configured, memory: memory, configurationFile: folder + "/worker-console.toml")
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("a line an act, appended, the user's alone")
    func audit() throws {
        try self.inFolder { folder in
            let files = self.files(folder)
            let hostile = "green\"\n{\u{1B}"
            let first = SteeringRecord(
                action: .switched, from: "blue", to: hostile, at: Self.second, by: "alice", why: "undo")
            #expect(files.append(first) == nil)
            #expect(files.append(SteeringRecord(action: .cut, to: "blue", at: Self.second, by: "guard")) == nil)
            let path = files.paths.auditFile
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 2)
            let read = try #require(
                try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: String])
            #expect(read["from"] == "blue" && read["to"] == hostile && read["by"] == "alice" && read["why"] == "undo")
            #expect(read["action"] == "switch" && read["project"] == "/p")
            #expect(read["at"]?.hasPrefix("2023-11-14T22:13:20") == true)
            #expect(try self.mode(path) == 0o600)
            #expect(try self.mode(files.paths.stateFolder) == 0o700)
        }
    }

    @Test("a failure is told")
    func failure() throws {
        try self.inFolder { folder in
            let files = self.files(folder)
            try FileManager.default.createDirectory(atPath: files.paths.auditFile, withIntermediateDirectories: true)
            let reason = files.append(SteeringRecord(action: .switched, to: "a", at: Self.second, by: "alice"))
            #expect(reason?.contains("audit.jsonl cannot be written") == true)
        }
    }

    @Test("the backend survives a restart, per project, until the file names another one")
    func remembered() throws {
        try self.inFolder { folder in
            #expect(self.files(folder).rememberedActive() == nil)
            #expect(self.files(folder).remember(active: "green") == nil)
            #expect(self.files(folder).rememberedActive() == "green")
            #expect(self.files(folder, project: "/q").rememberedActive() == nil)
            #expect(self.files(folder, configured: "red").rememberedActive() == nil)
            #expect(self.files(folder, memory: .none).rememberedActive() == nil)
            let kept = try FileManager.default.contentsOfDirectory(atPath: folder + "/worker-console")
            #expect(kept.count == 1 && kept.first?.hasPrefix("active-") == true)
            #expect(try self.mode(folder + "/worker-console/\(kept[0])") == 0o600)
            try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/worker-console/\(kept[0])"))
            #expect(self.files(folder).rememberedActive() == nil)
        }
    }

    @Test("what earlier versions kept is read, what cannot be theirs is not")
    func kept() throws {
        try self.inFolder { folder in
            let files = self.files(folder, project: "/p/q")
            #expect(files.remember(active: "green") == nil)
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/worker-console").first)
            let path = folder + "/worker-console/" + name
            #expect(
                try String(contentsOfFile: path, encoding: .utf8)
                    == "{\"active\":\"green\",\"configured\":\"blue\",\"project\":\"/p/q\"}\n")
            for (text, active) in [
                ("{\"active\":\"red\",\"configured\":\"blue\",\"project\":\"\\/p\\/q\"}\n", "red"),
                ("{\"active\":\"red\",\"configured\":null,\"project\":\"/p/q\"}", nil),
                ("{\"active\":\"red\",\"configured\":5,\"project\":\"/p/q\"}", nil),
                ("{\"active\":\"red\",\"configured\":\"blue\"}", nil),
                ("{\"configured\":\"blue\",\"project\":\"/p/q\"}", nil),
                (String(repeating: "[", count: 60_000), nil),
            ] as [(String, String?)] {
                try text.write(toFile: path, atomically: false, encoding: .utf8)
                #expect(files.rememberedActive() == active)
            }
            try "{\"active\":\"red\",\"project\":\"/p/q\"}".write(toFile: path, atomically: false, encoding: .utf8)
            #expect(self.files(folder, project: "/p/q", configured: nil).rememberedActive() == "red")
        }
    }

    @Test("a remembered backend that is not the file's is said at the start")
    func said() throws {
        try self.inFolder { folder in
            try "active = \"blue\"\n[backends.blue]\nurl = \"9001\"\n[backends.green]\nurl = \"9002\"\n".write(
                toFile: folder + "/worker-console.toml", atomically: false, encoding: .utf8)
            let before = getenv("XDG_STATE_HOME").map { String(cString: $0) }
            setenv("XDG_STATE_HOME", folder, 1)
            defer { if let before { setenv("XDG_STATE_HOME", before, 1) } else { unsetenv("XDG_STATE_HOME") } }
            for (name, isSaid) in [("blue", false), ("green", true)] {
                #expect(self.files(folder, project: folder).remember(active: name) == nil)
                let session = try ProjectSettings(folder: folder, environment: nil).session(with: ServingOptions())
                #expect(session.active == name)
                let said = session.status.notices.contains { $0.contains("green") && $0.contains("names blue") }
                #expect(said == isSaid)
            }
        }
    }

    @Test("asked to, it is remembered in the user's own file")
    func inFile() throws {
        try self.inFolder { folder in
            let path = folder + "/worker-console.toml"
            try "[backends.blue]\nurl = \"http://a\"\n".write(toFile: path, atomically: false, encoding: .utf8)
            let files = self.files(folder, memory: .file)
            #expect(files.remember(active: "blue") == nil)
            #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("active = \"blue\"\n"))
            #expect(files.remember(active: "green")?.contains("no backend") == true)
        }
    }
}
