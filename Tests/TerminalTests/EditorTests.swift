import Foundation
import TestSupport
import Testing

/// `E` on the Checks screen, in a real terminal: the editor gets it, and the console takes it back.
@Suite("the editor in a real terminal", .enabled(if: TmuxSession.isAvailable), .serialized, .timeLimit(.minutes(2)))
struct EditorTests {
    private static let toml =
        "name = \"edited\"\nmain = \"worker.py\"\ncompatibility_date = \"2025-12-23\"\ncompatibility_flags = [\"python_workers\"]\n"
    private static let source = "# one\n# two\nasync def fetch(request, env):\n    return 1\n"

    /// An editor that says what it was given, waits for a key, and writes what registers.
    private static let editor = """
        #!/bin/sh
        echo "editing $1 $2"
        stty -a | grep -o -- '-\\?icanon' | sed 's/^/editor has /'
        read answer
        printf '%s\\n' 'from workers import WorkerEntrypoint, Response' 'class Default(WorkerEntrypoint):' \\
            '    async def fetch(self, request):' '        return Response("ok")' > "$2"
        """

    @Test("it is opened at the line with a terminal of its own, and afterwards the checks run again")
    func edited() async throws {
        let folder = try temporaryFolder()
        let files = [
            "wrangler.toml": Self.toml, "worker.py": Self.source, "editor": Self.editor,
            "worker-console.toml": "[backends.blue]\nurl = \"http://127.0.0.1:9\"\n",
        ]
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/editor")
        let session = try await TmuxSession(
            "\(TmuxSession.program) open \(folder) --listen 127.0.0.1:0 --screen checks",
            environment: ["VISUAL": "", "EDITOR": folder + "/editor", "XDG_STATE_HOME": folder + "/state"])
        // The first start shows what the screens are.
        try await session.wait { $0.contains("Welcome") }
        try await session.press("Escape")
        let screen = try await session.wait { $0.contains("10068") && !$0.contains("Welcome") }
        #expect(screen.contains("10068"), "the check did not fail:\n\(screen)")
        try await session.press("E")
        let editing = try await session.wait { $0.contains("editor has") }
        #expect(editing.contains("editing +3 "), "\(editing)")
        #expect(editing.replacing("\n", with: "").contains("/worker.py"), "\(editing)")
        #expect(editing.contains("editor has icanon"), "the editor has a raw terminal:\n\(editing)")
        #expect(try await !session.isAlternate())
        try await session.press("Enter")
        let after = try await session.wait {
            $0.contains(" Checks›") && !$0.contains("10068") && $0.contains("✓ ready")
        }
        #expect(try await session.isAlternate())
        #expect(after.contains(" Checks›") && !after.contains("10068"), "the checks did not run again:\n\(after)")
        try await session.press("q")
        let end = try await session.wait { $0.contains("ended:") && $0.contains("icanon") }
        #expect(end.contains("ended:0") && !end.contains("-icanon"), "\(end)")
        await session.end()
    }
}
