import ConsoleUI
import TerminalCanvas
import TerminalDriver

/// The best place for a copied text that the environment offers: a buffer of tmux, the terminal's clipboard, a file.
struct SystemClipboard: Clipboard {
    private let environment: [String: String]
    private let files: CopyFiles

    init(environment: [String: String]) {
        self.environment = environment
        self.files = CopyFiles(environment: environment)
    }

    func put(_ text: String, through terminal: any Terminal) async -> CopyOutcome {
        if self.isSet("TMUX") {
            let buffer = TmuxBuffer(environment: self.environment)
            if let isSentOn = await buffer?.load(text, limit: ClipboardSequence.limit) {
                return .tmux(isSentOn: isSentOn)
            }
            // It may be set to take what programs send, and nothing says so.
            let sending = await terminal.copy(text, through: .direct)
            return await self.write(text, because: sending == .tooLong ? .tooLong : .noTmux)
        }
        let name = self.environment["TERM"] ?? ""
        let passage = self.isSet("STY") ? ClipboardPassage.screen : .direct
        if passage == .direct, Self.hasNoClipboard(name) { return await self.write(text, because: .noClipboard) }
        switch await terminal.copy(text, through: passage) {
        case .sent where passage == .screen: return .screen
        // Over the network the name is all that is known of a tmux or screen.
        case .sent: return name.hasPrefix("tmux") || name.hasPrefix("screen") ? .nested : .terminal
        case .tooLong: return await self.write(text, because: .tooLong)
        case .failed: return await self.write(text, because: .deafTerminal)
        }
    }

    private func isSet(_ name: String) -> Bool { self.environment[name]?.isEmpty == false }

    private func write(_ text: String, because obstacle: CopyOutcome.Obstacle) async -> CopyOutcome {
        do throws(CopyFiles.Failure) {
            return .file(path: try await self.files.write(text), obstacle)
        } catch {
            return .failed(reason: error.reason)
        }
    }

    /// Terminals without windows around them, and those that only print.
    private static func hasNoClipboard(_ terminal: String) -> Bool {
        ["dumb", ""].contains(terminal) || TerminalSettings.isConsole(terminal)
    }
}
