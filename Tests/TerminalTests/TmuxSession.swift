import Foundation
import TestSupport

/// One program in a real terminal of tmux, on a server of its own that ends with it.
final class TmuxSession: Sendable {
    /// The built binary that stands beside the running test bundle.
    static var program: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("worker-console").path
    }

    static var isAvailable: Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux")
            && FileManager.default.isExecutableFile(atPath: self.program)
    }

    private let socket = "wc-\(UUID().uuidString.prefix(8))"

    /// Starts a shell that runs `command`, then says `ended:<exit code>` and waits.
    init(
        _ command: String, columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
    ) async throws {
        var settings = ["LANG": "C.UTF-8", "LC_ALL": "", "LC_MESSAGES": "en_US.UTF-8", "TERM": "screen-256color"]
        settings.merge(environment) { _, new in new }
        let exports = settings.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)';" }
        let script =
            "\(exports.joined(separator: " ")) \(command); echo ended:$?; stty -a | grep -o -- '-\\?icanon'; sleep 20"
        _ = try await self.tmux("new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "/bin/sh", "-c", script)
        _ = try await self.tmux("set-option", "-g", "status", "off")
    }

    /// Ends the server and everything in it; every test calls it.
    func end() async {
        _ = try? await self.tmux("kill-server")
    }

    func press(_ keys: String...) async throws {
        for key in keys { try await self.tmux("send-keys", key) }
    }

    func resize(columns: Int, rows: Int) async throws {
        try await self.tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// What a person sees, a line a row; with `styled`, colours and attributes as escape sequences.
    func screen(styled: Bool = false) async throws -> String {
        try await self.tmux(styled ? ["capture-pane", "-p", "-e"] : ["capture-pane", "-p"])
    }

    /// True while the alternate screen is shown.
    func isAlternate() async throws -> Bool {
        try await self.tmux("display-message", "-p", "#{alternate_on}").hasPrefix("1")
    }

    /// The newest paste buffer; `nil` when there is none.
    func buffer() async throws -> String? {
        let outcome = try await SpawnedProgram.run(["tmux", "-L", self.socket, "show-buffer"])
        return outcome.status == 0 ? outcome.text : nil
    }

    func set(_ option: String, _ value: String) async throws {
        try await self.tmux("set-option", "-s", option, value)
    }

    /// True while the program asks the terminal for the mouse.
    func usesMouse() async throws -> Bool {
        try await self.tmux("display-message", "-p", "#{mouse_standard_flag}#{mouse_sgr_flag}").hasPrefix("11")
    }

    /// The process that runs in the pane's shell.
    func childProcess() async throws -> Int32? {
        let shell = try await self.tmux("display-message", "-p", "#{pane_pid}").trimmingCharacters(
            in: .whitespacesAndNewlines)
        let children = try? String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
        return children?.split(separator: " ").compactMap { Int32($0) }.last
    }

    /// Waits until the screen satisfies `condition`; bounded.
    /// - Returns: The screen, whether it does or not when the time is up.
    @discardableResult
    func wait(seconds: Double = 20, until condition: @Sendable (String) -> Bool) async throws -> String {
        let end = ContinuousClock.now + .seconds(seconds)
        var last = ""
        repeat {
            last = try await self.screen()
            if condition(last) { return last }
            try await Task.sleep(for: .milliseconds(30))
        } while ContinuousClock.now < end
        return last
    }

    @discardableResult
    private func tmux(_ arguments: String...) async throws -> String { try await self.tmux(arguments) }

    private func tmux(_ arguments: [String]) async throws -> String {
        try await SpawnedProgram.run(["tmux", "-L", self.socket, "-f", "/dev/null", "-u"] + arguments).text
    }
}
