package import TerminalCanvas

/// Where copied texts go, so that they can be pasted elsewhere.
package protocol Clipboard: Sendable {
    /// Puts a text where it can be pasted from, by the best way there is; nothing of the console waits for it.
    func put(_ text: String, through terminal: any Terminal) async -> CopyOutcome
}

/// The way that a copied text went. Nothing else may be claimed: no terminal says what it did with a text.
package enum CopyOutcome: Sendable, Equatable {
    /// Why a text went into a file.
    package enum Obstacle: Sendable, Equatable {
        /// Longer than what terminals take.
        case tooLong
        /// This kind of terminal has no clipboard.
        case noClipboard
        /// The terminal took nothing.
        case deafTerminal
        /// tmux could not be asked: it may have taken what was sent through it, or not.
        case noTmux
    }

    /// Sent to the terminal (OSC 52).
    case terminal
    /// Sent as OSC 52 into a tmux or screen that cannot be asked, and that may keep it from the terminal.
    case nested
    /// Sent to the terminal through GNU screen.
    case screen
    /// In a buffer of tmux, and sent on to its terminal or not.
    case tmux(isSentOn: Bool)
    /// In a file that only the user can read.
    case file(path: String, Obstacle)
    /// Nowhere.
    case failed(reason: String)
}

/// The clipboard of the terminal and nothing else.
struct TerminalClipboard: Clipboard {
    func put(_ text: String, through terminal: any Terminal) async -> CopyOutcome {
        switch await terminal.copy(text, through: .direct) {
        case .sent: .terminal
        case .tooLong: .failed(reason: "too long for a terminal's clipboard")
        case .failed: .failed(reason: "the terminal did not accept it")
        }
    }
}
