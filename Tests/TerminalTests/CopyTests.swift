import Foundation
import TestSupport
import Testing

/// Copies of the built binary, and what it says of them.
@Suite("copies in a real terminal", .enabled(if: TmuxSession.isAvailable), .serialized, .timeLimit(.minutes(3)))
struct CopyTests {
    private func opened(
        clipboard: String, environment: [String: String] = [:], columns: Int = 80, rows: Int = 24
    ) async throws -> TmuxSession {
        let session = try await TmuxSession(
            "\(TmuxSession.program) demo --listen 127.0.0.1:0", columns: columns, rows: rows, environment: environment)
        try await session.set("set-clipboard", clipboard)
        _ = try await session.wait { $0.contains("x12523-site") }
        try await session.press("2")
        _ = try await session.wait { $0.contains("follow") && ($0.contains("GET") || $0.contains("POST")) }
        return session
    }

    @Test("in tmux the text is in its buffer, whatever it does with clipboards", arguments: ["external", "on", "off"])
    func tmux(clipboard: String) async throws {
        let session = try await self.opened(clipboard: clipboard)
        try await session.press("y")
        let screen = try await session.wait { $0.contains("tmux's buffer") }
        // Nobody has attached: there is no terminal that anything was sent to.
        #expect(screen.contains("in the tmux buffer: paste with prefix ]"), "\(screen)")
        #expect(try await session.buffer()?.contains("curl --disable") == true)
        await session.end()
    }

    @Test("a terminal is sent the text, and only that is said")
    func terminal() async throws {
        let session = try await self.opened(
            clipboard: "on", environment: ["TMUX": "", "STY": "", "TERM": "xterm-256color"])
        try await session.press("y")
        let screen = try await session.wait { $0.contains("OSC 52") }
        #expect(screen.contains("sent to the terminal's clipboard (OSC 52)"), "\(screen)")
        #expect(!screen.contains("copied"))
        #expect(try await session.buffer()?.contains("curl --disable") == true)
        await session.end()
    }

    @Test("a terminal without a clipboard gets a file, in a window of any size", arguments: [(80, 24), (40, 10)])
    func file(columns: Int, rows: Int) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let session = try await self.opened(
            clipboard: "on", environment: ["TMUX": "", "STY": "", "TERM": "linux", "XDG_RUNTIME_DIR": folder],
            columns: columns, rows: rows)
        try await session.press("y")
        let screen = try await session.wait { $0.contains("no clipboard") }
        #expect(screen.contains("no clipboard"), "\(screen)")
        let path = folder + "/worker-console/copy-1.txt"
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("curl --disable"))
        #expect(try await session.buffer() == nil)
        await session.end()
    }
}
