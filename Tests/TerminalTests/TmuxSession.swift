import Foundation

/// One program in a real terminal of tmux, on a server of its own that ends with it.
final class TmuxSession {
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
    ) throws {
        var settings = ["LANG": "C.UTF-8", "LC_ALL": "", "LC_MESSAGES": "en_US.UTF-8", "TERM": "screen-256color"]
        settings.merge(environment) { _, new in new }
        let exports = settings.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)';" }
        let script =
            "\(exports.joined(separator: " ")) \(command); echo ended:$?; stty -a | grep -o -- '-\\?icanon'; sleep 60"
        try self.tmux("new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "/bin/sh", "-c", script)
        try self.tmux("set-option", "-g", "status", "off")
    }

    deinit {
        _ = try? self.tmux("kill-server")
    }

    func press(_ keys: String...) throws {
        for key in keys { try self.tmux("send-keys", key) }
    }

    func resize(columns: Int, rows: Int) throws {
        try self.tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// What a person sees, a line a row; with `styled`, colours and attributes as escape sequences.
    func screen(styled: Bool = false) throws -> String {
        try self.tmux(styled ? ["capture-pane", "-p", "-e"] : ["capture-pane", "-p"])
    }

    /// True while the alternate screen is shown.
    func isAlternate() throws -> Bool {
        try self.tmux("display-message", "-p", "#{alternate_on}").hasPrefix("1")
    }

    /// The process that runs in the pane's shell.
    func childProcess() throws -> Int32? {
        let shell = try self.tmux("display-message", "-p", "#{pane_pid}").trimmingCharacters(
            in: .whitespacesAndNewlines)
        let children = try? String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
        return children?.split(separator: " ").compactMap { Int32($0) }.last
    }

    /// Waits until the screen satisfies `condition`; bounded.
    /// - Returns: The screen, whether it does or not when the time is up.
    @discardableResult
    func wait(seconds: Double = 20, until condition: (String) -> Bool) throws -> String {
        let end = ContinuousClock.now + .seconds(seconds)
        var last = ""
        repeat {
            last = try self.screen()
            if condition(last) { return last }
            usleep(30_000)
        } while ContinuousClock.now < end
        return last
    }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String { try self.tmux(arguments) }

    private func tmux(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tmux")
        process.arguments = ["-L", self.socket, "-f", "/dev/null", "-u"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
