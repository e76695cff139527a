import ArgumentParser
import ConsoleUI
import Foundation
import ProxyCore
import ServiceLifecycle
import TerminalCanvas
import TerminalDriver
import TestOrigin
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

@Suite("A session and its settings", .timeLimit(.minutes(1)))
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

    @Test("what runs beside the proxy probes the backends by itself")
    func probes() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let folder = try self.project("listen.port = 0\n[backends.blue]\nurl = \"http://127.0.0.1:\(origin.port)\"\n")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let settings = try ProjectSettings(folder: folder, environment: nil).session(with: try ServingOptions.parse([]))
        let session = try await Session.start(settings)
        let services = session.services
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try? await service.run() } }
            while session.backends.snapshot().active?.health != .up, !Task.isCancelled { await Task.yield() }
            group.cancelAll()
        }
        #expect(session.backends.snapshot().active?.health == .up)
        await session.server.stop()
        await origin.stop()
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
        let settings = try ProjectSettings(folder: folder, environment: nil).session(with: try ServingOptions.parse([]))
        #expect(settings.status.notices.isEmpty)
        #expect(settings.drainTimeout == .milliseconds(1234))
        #expect(settings.proxy.timeouts.connect == .milliseconds(11))
        #expect(settings.redaction.headers == ["x-ticket"] && settings.redaction.queryParameters == ["ticket"])
        #expect(settings.resources.map(\.binding.name) == ["UPLOADS_BUCKET"])
        #expect(settings.resources.first?.place.hasPrefix("elsewhere") == true)
        let interface = try InterfaceOptions.parse([])
        let options = interface.consoleOptions(for: settings, environment: [:])
        #expect(options.timeZone?.secondsFromGMT() == 8 * 3600 && options.language == .simplifiedChinese)
        #expect(options.extraRedactedHeaders == ["x-ticket"] && options.extraRedactedQuery == ["ticket"])
        let look = interface.terminalSettings(configured: settings.interface, environment: [:])
        #expect(look.colors == .mono && look.glyphs == .ascii)
        let over = try InterfaceOptions.parse(["--theme", "light", "--glyphs", "unicode", "--language", "en"])
        let lit = over.terminalSettings(configured: settings.interface, environment: [:])
        #expect(lit.colors == nil && lit.glyphs == .unicode && lit.theme == .light)
        #expect(over.consoleOptions(for: settings, environment: [:]).language == .english)
    }
}
