/// What stands between a program and the terminal whose clipboard it means.
package enum ClipboardPassage: Sendable, Equatable {
    case direct
    /// GNU screen, which passes on what is wrapped for it, in short pieces.
    case screen
}

/// What became of a text that was to be put on the terminal's clipboard. No terminal says whether it took it.
package enum ClipboardSending: Sendable, Equatable {
    case sent
    /// Terminals drop what is this long: nothing was sent.
    case tooLong
    /// The terminal is not there, or takes nothing.
    case failed
}
