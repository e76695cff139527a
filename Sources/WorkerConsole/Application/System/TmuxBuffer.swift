import ChildProcesses
import WorkerProject

/// The paste buffers of the tmux that this program runs in.
struct TmuxBuffer: Sendable {
    /// How long tmux may take for a command; it answers within milliseconds.
    private static let patience = Duration.seconds(3)

    /// The program's own path.
    let executable: String
    let environment: [String: String]

    /// - Returns: `nil` when the program does not run in tmux, or there is no tmux to run.
    init?(environment: [String: String]) {
        guard environment["TMUX"]?.isEmpty == false,
            let path = SearchPath(environment["PATH"] ?? "").find("tmux")
        else { return nil }
        self.executable = path
        self.environment = environment
    }

    /// Puts a text into a new buffer, and where the user has tmux set the clipboard also on that of its terminal.
    ///
    /// tmux sends what it is given here in every mode but `off`; what a program sends by itself it takes only with
    /// `set-clipboard on` (tmux(1)).
    /// - Parameters:
    ///   - text: Of any length.
    ///   - limit: The most bytes that are sent on to the terminal.
    /// - Returns: Whether it was sent on; `nil` when tmux did not take it.
    func load(_ text: String, limit: Int) async -> Bool? {
        let setting = await self.run(["show-options", "-sv", "set-clipboard"])
        guard let setting else { return nil }
        let isSendingOn = setting.hasPrefix("off") ? false : text.utf8.count <= limit
        if isSendingOn, await self.run(["load-buffer", "-w", "-"], input: text) != nil {
            // tmux sends nothing to a terminal that it does not know to have a clipboard.
            let features = await self.run(["display-message", "-p", "#{client_termfeatures}"])
            return features?.split(whereSeparator: { $0 == "," || $0 == "\n" }).contains("clipboard") == true
        }
        // Before version 3.2 there is no -w.
        return await self.run(["load-buffer", "-"], input: text) == nil ? nil : false
    }

    /// - Returns: What tmux printed; `nil` when it failed.
    private func run(_ arguments: [String], input: String = "") async -> String? {
        let process = ChildProcess(executable: self.executable, arguments: arguments, environment: self.environment)
        do throws(ChildProcess.Failure) {
            let output = try await process.run(
                input: Array(input.utf8), outputLimit: 4_096, timeLimit: Self.patience)
            return output.ending == .exited(code: 0) ? String(decoding: output.bytes, as: UTF8.self) : nil
        } catch {
            return nil
        }
    }
}
