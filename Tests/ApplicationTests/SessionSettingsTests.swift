import CommandLineArguments
import ConsoleUI
import Foundation
import ProxyCore
import TerminalCanvas
import TerminalDriver
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

@Suite("Settings of a session", .timeLimit(.minutes(1)))
struct SessionTests {
    /// A project folder with this worker-console.toml.
    private func project(_ console: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("session-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let wrangler = """
            name = "sample"
            main = "worker.py"
            compatibility_date = "2025-12-23"
            compatibility_flags = ["python_workers"]
            [[r2_buckets]]
            binding = "UPLOADS_BUCKET"
            bucket_name = "uploads"
            [[r2_buckets]]
            binding = "EXPORTS_BUCKET"
            bucket_name = "exports"
            """
        try wrangler.write(toFile: folder + "/wrangler.toml", atomically: true, encoding: .utf8)
        try console.write(toFile: folder + "/worker-console.toml", atomically: true, encoding: .utf8)
        return folder
    }

    private func interface(_ words: [String]) throws -> InterfaceOptions {
        guard case .run(let command) = Commands.program.request(["open"] + words) else {
            throw CocoaError(.formatting)
        }
        return try #require(command as? OpenCommand).interface
    }

    @Test("every kind of store that worker-console.toml can name is opened")
    func stores() {
        #expect(Set(Stores.all.keys) == Set(ConsoleConfiguration.StoreKind.allCases))
    }

    @Test("every setting of worker-console.toml reaches the part that it is for")
    func settings() throws {
        let folder = try self.project(
            """
            [proxy]
            drain_timeout_ms = 1234
            connect_timeout_ms = 11
            [redaction]
            headers = ["X-Ticket"]
            query = ["ticket"]
            [ui]
            theme = "mono"
            glyphs = "ascii"
            timezone = "Asia/Shanghai"
            language = "zh-CN"
            [bindings.UPLOADS_BUCKET]
            path = "elsewhere"
            [bindings.EXPORTS_BUCKET]
            store = "none"
            """)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let settings = try ProjectSettings(folder: folder, environment: nil).session(with: ServingOptions())
        #expect(settings.status.notices.isEmpty)
        #expect(settings.drainTimeout == .milliseconds(1234))
        #expect(settings.proxy.timeouts.connect == .milliseconds(11))
        #expect(settings.redaction.headers == ["x-ticket"] && settings.redaction.queryParameters == ["ticket"])
        #expect(settings.resources.map(\.binding.name) == ["UPLOADS_BUCKET"])
        #expect(settings.resources.first?.place.hasPrefix("elsewhere") == true)
        let interface = try self.interface([])
        let options = interface.consoleOptions(for: settings, environment: [:])
        #expect(settings.interface.timezone == "Asia/Shanghai" && options.language == .simplifiedChinese)
        #expect(options.extraRedactedHeaders == ["x-ticket"] && options.extraRedactedQuery == ["ticket"])
        let look = interface.terminalSettings(configured: settings.interface, environment: [:])
        #expect(look.colors == .mono && look.glyphs == .ascii)
        let over = try self.interface(["--theme", "light", "--glyphs", "unicode", "--language", "en"])
        let lit = over.terminalSettings(configured: settings.interface, environment: [:])
        #expect(lit.colors == nil && lit.glyphs == .unicode && lit.theme == .light)
        #expect(over.consoleOptions(for: settings, environment: [:]).language == .english)
    }

    @Test("the console is told where pdftotext is, and nothing where it is not")
    func pdfToText() throws {
        let folder = try self.project("")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let settings = try ProjectSettings(folder: folder, environment: nil).session(with: ServingOptions())
        let interface = try self.interface([])
        #expect(interface.consoleOptions(for: settings, environment: ["PATH": folder]).pdfToText == nil)
        let program = "\(folder)/pdftotext"
        #expect(
            FileManager.default.createFile(
                atPath: program, contents: Data("#!/bin/sh\n".utf8), attributes: [.posixPermissions: 0o755]))
        #expect(interface.consoleOptions(for: settings, environment: ["PATH": folder]).pdfToText == program)
        #expect(interface.consoleOptions(for: settings, environment: [:]).pdfToText == nil)
    }
}
