import ConsoleUI
import Foundation
import TerminalCanvas
import TestSupport
import Testing

@testable import Application

/// Two servers of tmux: the program runs in the inner one, whose terminal is a pane of the outer one.
private struct NestedTmux {
    private let outer = "wc-\(UUID().uuidString.prefix(8))"
    private let inner = "wc-\(UUID().uuidString.prefix(8))"
    private(set) var environment: [String: String] = [:]

    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux") }

    /// - Parameters:
    ///   - clipboard: What `set-clipboard` is in the inner one; the outer one takes everything.
    ///   - isAttached: The inner one is shown in the outer one.
    /// - Throws: What a server that does not start throws.
    init(clipboard: String, isAttached: Bool) async throws {
        try await self.run(self.inner, "new-session", "-d", "sleep 60")
        try await self.run(self.inner, "set-option", "-s", "set-clipboard", clipboard)
        let facts = try await self.run(
            self.inner, "display-message", "-p", "#{socket_path},#{pid},0 #{pane_id}"
        ).text.split(whereSeparator: \.isWhitespace).map(String.init)
        try #require(facts.count == 2)
        self.environment = ["TMUX": facts[0], "TMUX_PANE": facts[1], "PATH": "/usr/bin:/bin", "TERM": "tmux-256color"]
        guard isAttached else { return }
        try await self.run(
            self.outer, "new-session", "-d", "TMUX= TERM=xterm-256color exec tmux -L \(self.inner) attach")
        try await self.run(self.outer, "set-option", "-s", "set-clipboard", "on")
        let end = ContinuousClock.now + .seconds(10)
        while try await self.run(self.inner, "list-clients").output.isEmpty, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func end() async {
        for server in [self.outer, self.inner] { _ = try? await self.run(server, "kill-server") }
    }

    /// What the inner server's newest buffer holds.
    func buffer() async throws -> String { try await self.run(self.inner, "save-buffer", "-").text }

    /// What the outer terminal was sent; waits for `text`, as it comes by way of the terminal.
    func clipboard(waitingFor text: String?) async throws -> String {
        let end = ContinuousClock.now + .seconds(10)
        var found = ""
        repeat {
            found = try await self.run(self.outer, "save-buffer", "-").text
            if text == nil || found == text { return found }
            try await Task.sleep(for: .milliseconds(10))
        } while ContinuousClock.now < end
        return found
    }

    @discardableResult
    private func run(_ server: String, _ arguments: String...) async throws -> SpawnedProgram.Outcome {
        try await SpawnedProgram.run(["tmux", "-L", server, "-f", "/dev/null", "-u"] + arguments)
    }
}

@Suite("where copied texts go", .timeLimit(.minutes(2)))
struct SystemClipboardTests {
    private static let text = "it's \"$HOME\" 张三\n\tx %s\n"

    private func folder(_ body: (String) async throws -> Void) async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test(
        "tmux keeps it, and sends it on but for `off`", .enabled(if: NestedTmux.isAvailable),
        arguments: ["external", "on", "off"])
    func tmux(setting: String) async throws {
        let tmux = try await NestedTmux(clipboard: setting, isAttached: true)
        let terminal = HeadlessTerminal()
        let outcome = await SystemClipboard(environment: tmux.environment).put(Self.text, through: terminal)
        #expect(outcome == .tmux(isSentOn: setting != "off"))
        #expect(try await tmux.buffer() == Self.text)
        let expected = setting == "off" ? "" : Self.text
        #expect(try await tmux.clipboard(waitingFor: setting == "off" ? nil : expected) == expected)
        #expect(await terminal.copied == [])
        await tmux.end()
    }

    @Test(
        "without a terminal, or for a long text, tmux keeps it and sends nothing on",
        .enabled(if: NestedTmux.isAvailable))
    func keptOnly() async throws {
        for (isAttached, text) in [(false, Self.text), (true, String(repeating: "0123456789\n", count: 30_000))] {
            let tmux = try await NestedTmux(clipboard: "external", isAttached: isAttached)
            let outcome = await SystemClipboard(environment: tmux.environment).put(text, through: HeadlessTerminal())
            #expect(outcome == .tmux(isSentOn: false))
            #expect(try await tmux.buffer() == text)
            await tmux.end()
        }
    }

    @Test("a tmux that cannot be asked may take what is sent; the text is in a file too")
    func deadTmux() async throws {
        try await self.folder { folder in
            for path in ["/usr/bin:/bin", folder] {
                let terminal = HeadlessTerminal()
                let environment = ["TMUX": folder + "/none,1,0", "PATH": path, "XDG_RUNTIME_DIR": folder]
                let outcome = await SystemClipboard(environment: environment).put(Self.text, through: terminal)
                guard case .file(let file, .noTmux) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                let content = try String(contentsOfFile: file, encoding: .utf8)
                #expect(content == Self.text)
                #expect(await terminal.copied == [Self.text])
            }
        }
    }

    @Test(
        "what is known of the terminal decides",
        arguments: [
            (["TERM": "xterm-256color"], ClipboardSending.sent, "terminal"),
            (["TERM": "xterm-256color", "TMUX": ""], .sent, "terminal"),
            (["TERM": "screen-256color"], .sent, "nested"), (["TERM": "tmux-256color"], .sent, "nested"),
            (["TERM": "screen", "STY": "1.a"], .sent, "screen"),
            (["TERM": "screen", "STY": "1.a"], .tooLong, "tooLong"),
            (["TERM": "linux"], .sent, "noClipboard"), (["TERM": "vt220"], .sent, "noClipboard"),
            ([:], .sent, "noClipboard"), (["TERM": "xterm"], .tooLong, "tooLong"),
            (["TERM": "xterm"], .failed, "deafTerminal"),
        ] as [([String: String], ClipboardSending, String)])
    func terminals(environment: [String: String], sending: ClipboardSending, expected: String) async throws {
        try await self.folder { folder in
            let terminal = HeadlessTerminal(sending: sending)
            let environment = environment.merging(["XDG_RUNTIME_DIR": folder]) { old, _ in old }
            let outcome = await SystemClipboard(environment: environment).put(Self.text, through: terminal)
            let name: String
            switch outcome {
            case .terminal: name = "terminal"
            case .nested: name = "nested"
            case .screen: name = "screen"
            case .tmux: name = "tmux"
            case .file(let path, let obstacle):
                name = "\(obstacle)"
                #expect(path == folder + "/worker-console/copy-1.txt")
                let content = try String(contentsOfFile: path, encoding: .utf8)
                #expect(content == Self.text)
            case .failed(let reason): name = reason
            }
            #expect(name == expected)
        }
    }

    @Test("the newest files are kept, for the user alone, and no other file is touched")
    func files() async throws {
        try await self.folder { folder in
            let files = CopyFiles(environment: ["XDG_RUNTIME_DIR": folder])
            let own = folder + "/worker-console"
            _ = try await files.write("first")
            for name in ["copy-0.txt", "copy-01.txt", "copy-x.txt", "copy-1.txt.bak", "notes.txt"] {
                try "mine".write(toFile: own + "/" + name, atomically: false, encoding: .utf8)
            }
            var last = ""
            for number in 2...20 { last = try await files.write("text \(number)") }
            #expect(last == own + "/copy-20.txt")
            let names = try FileManager.default.contentsOfDirectory(atPath: own)
            #expect(names.count == CopyFiles.kept + 5)
            for number in 13...20 {
                let path = own + "/copy-\(number).txt"
                let content = try String(contentsOfFile: path, encoding: .utf8)
                #expect(content == "text \(number)")
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: own)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test("a folder that is not the user's alone is not used, and a link is not followed")
    func folders() async throws {
        try await self.folder { folder in
            let (runtime, state) = (folder + "/run", folder + "/state")
            try FileManager.default.createDirectory(atPath: runtime + "/elsewhere", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: runtime + "/worker-console", withDestinationPath: runtime + "/elsewhere")
            let environment = ["XDG_RUNTIME_DIR": runtime, "XDG_STATE_HOME": state]
            let path = try await CopyFiles(environment: environment).write("x")
            #expect(path == state + "/worker-console/copies/copy-1.txt")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o777], ofItemAtPath: state + "/worker-console/copies")
            await #expect(throws: CopyFiles.Failure.self) {
                _ = try await CopyFiles(environment: environment).write("x")
            }
            let followed = try FileManager.default.contentsOfDirectory(atPath: runtime + "/elsewhere")
            #expect(followed == [])
        }
    }

    @Test("what a disk cannot take is not said to be written")
    func fullDisk() async throws {
        let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(DescriptorOutput.write([1, 2, 3][...], to: descriptor) == ENOSPC)
        let environment = ["TERM": "linux", "XDG_RUNTIME_DIR": "/proc/none", "XDG_STATE_HOME": "/proc/none"]
        let outcome = await SystemClipboard(environment: environment).put("x", through: HeadlessTerminal())
        guard case .failed(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.contains("/proc/none/worker-console"))
    }
}
