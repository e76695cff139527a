import Foundation
import Testing
import WorkerDomain
import WorkerProject

/// Files that no editor has written, and the file that the console writes itself.
@Suite("Hostile and written configuration")
struct ConfigurationHostileTests {
    private static func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("configuration-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    static let contents: [(String, [UInt8])] = [
        ("wrangler.json", Array(String(repeating: "[", count: 100_000).utf8)),
        ("wrangler.json", Array(String(repeating: "{\"a\":", count: 100_000).utf8)),
        ("wrangler.jsonc", Array("{\"name\": \"a\0b\"}".utf8)),
        ("wrangler.json", [0xFF, 0xFE, 0x7B]),
        ("wrangler.json", []),
        ("wrangler.toml", Array(("a = " + String(repeating: "[", count: 100_000)).utf8)),
        ("wrangler.toml", Array(("a" + String(repeating: ".a", count: 100_000) + " = 1").utf8)),
        ("wrangler.toml", Array(("[a" + String(repeating: ".a", count: 100_000) + "]").utf8)),
        ("wrangler.toml", [UInt8](repeating: 65, count: 10_000_000)),
        ("wrangler.toml", Array("name = \"a".utf8)),
    ]

    @Test("is refused with a reason, and never ends the process", arguments: Self.contents)
    func hostile(_ name: String, _ bytes: [UInt8]) throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
        let project = ProjectConfiguration.load(startingAt: folder)
        #expect(project.wouldWranglerRefuse)
        #expect(project.findings.first?.message.isEmpty == false)
    }

    @Test("a FIFO, a device and a loop of links are no configuration")
    func special() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(mkfifo(folder + "/wrangler.toml", 0o600) == 0)
        #expect(ProjectConfiguration.load(startingAt: folder).wouldWranglerRefuse)
        try FileManager.default.removeItem(atPath: folder + "/wrangler.toml")
        #expect(symlink("/dev/zero", folder + "/wrangler.toml") == 0)
        #expect(ProjectConfiguration.load(startingAt: folder).wouldWranglerRefuse)
        #expect(symlink("wrangler.json", folder + "/wrangler.json") == 0)
        #expect(ProjectConfiguration.load(startingAt: folder).wouldWranglerRefuse)
    }

    @Test("a backend is added and made active, and the rest stays byte for byte")
    func writes() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/worker-console.toml"
        let writer = ConsoleConfigurationWriter(path: path)
        try writer.add(Backend(name: "blue", url: BackendURL(parsing: "http://127.0.0.1:9000")))
        let old = "# mine\n[listen]\nport = 9999 # here\n\n[backends.blue]\nurl = 'http://127.0.0.1:9000'"
        try Data(old.utf8).write(to: URL(fileURLWithPath: path))
        try writer.add(Backend(name: "green.1", url: BackendURL(parsing: "http://127.0.0.1:9001")))
        let added = try String(contentsOfFile: path, encoding: .utf8)
        #expect(added == old + "\n\n[backends.\"green.1\"]\nurl = \"http://127.0.0.1:9001\"\n")
        try writer.setActive("green.1")
        try writer.setActive("blue")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "active = \"blue\"\n" + added)
        let console = ProjectConfiguration.load(startingAt: folder).console
        #expect(console.active == "blue")
        #expect(console.backends.map(\.name) == ["blue", "green.1"])
        #expect(console.proxy.listen[0].port == 9999)
        #expect(throws: ConsoleConfigurationWriter.WriteError.self) {
            try writer.add(Backend(name: "blue", url: BackendURL(parsing: "http://x")))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["worker-console.toml"])
    }

    @Test("bad and unknown keys have a place and keep the default")
    func consoleFindings() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = "active = \"x\"\nstrange = 1\n[listen]\nport = 70000\n[proxy]\nerrors = \"other\"\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/worker-console.toml"))
        let project = ProjectConfiguration.load(startingAt: folder)
        let places = project.findings.filter { $0.file != nil }.map { "\($0.field ?? "") \($0.line ?? 0)" }
        #expect(Set(places) == ["active 1", "strange 2", "listen.port 4", "proxy.errors 6"])
        #expect(project.console.proxy.listen[0].port == 8787)
        #expect(project.console.unknownKeys == ["strange"])
    }

    @Test(
        "a value that cannot be used is told with its place, and the default stands",
        arguments: [
            "listen.address = 1", "listen.port = -1", "listen.port = \"x\"", "proxy.errors = \"none\"",
            "proxy.routes = [\"api\"]", "proxy.connect_timeout_ms = 0", "proxy.response_timeout_ms = 1.5",
            "proxy.idle_timeout_ms = \"1s\"", "proxy.drain_timeout_ms = -1", "proxy.max_connections = 0",
            "proxy.max_head_bytes = 10", "proxy.max_body_bytes = -5", "cors.origins = \"*\"",
            "cors.origins = [\"*\", \"https://a.example\"]", "cors.methods = [\"G T\"]", "cors.headers = [\"a:b\"]",
            "cors.expose = [1]", "cors.max_age = -1", "cors.credentials = 1", "cors.credentials = true",
            "capture.bytes = -1", "journal.exchanges = 0", "journal.bytes = 1", "redaction.headers = [\"\"]",
            "redaction.query = [\"\"]", "bindings.X.store = \"disk\"", "bindings.X.path = 3",
            "ui.language = \"fr\"", "ui.glyphs = \"emoji\"", "ui.theme = \"pink\"", "ui.timezone = \"../etc\"",
            "backends.blue.url = \"ftp://x\"", "backends.blue.url = 4",
        ])
    func badValues(_ line: String) throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("# one\n\(line)\n".utf8).write(to: URL(fileURLWithPath: folder + "/worker-console.toml"))
        let project = ProjectConfiguration.load(startingAt: folder)
        let found = project.findings.filter { $0.file?.hasSuffix("worker-console.toml") == true }
        #expect(found.count == 1 && found.first?.line == 2 && found.first?.severity == .error, "\(found)")
        var console = project.console
        (console.path, console.stores, console.backends) = (nil, [:], [])
        #expect(console == ConsoleConfiguration())
    }

    @Test("a write that fails leaves the old file and nothing beside it")
    func failedWrite() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let backend = Backend(name: "blue", url: try BackendURL(parsing: "http://127.0.0.1:9000"))
        #expect(throws: ConsoleConfigurationWriter.WriteError.self) {
            try ConsoleConfigurationWriter(path: folder + "/none/worker-console.toml").add(backend)
        }
        try FileManager.default.createDirectory(
            atPath: folder + "/worker-console.toml", withIntermediateDirectories: false)
        #expect(throws: ConsoleConfigurationWriter.WriteError.self) {
            try ConsoleConfigurationWriter(path: folder + "/worker-console.toml").add(backend)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["worker-console.toml"])
    }

    @Test("every key stands in the user guide", arguments: Settings.all.map(\.key))
    func documented(_ key: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let page = try String(
            contentsOf: root.appendingPathComponent("docs/user-guide/configuration.md"), encoding: .utf8)
        #expect(page.contains("`\(key)`"))
    }
}
