import WorkerDomain

/// The keys that mean the same on every screen; the help and the key reference are made of them.
package enum GlobalKeys {
    package static let all: [KeyHint] = [
        KeyHint("1–6", ChromePhrases.screens),
        KeyHint("t", ChromePhrases.target),
        KeyHint(":", ChromePhrases.command),
        KeyHint("Ctrl-P", ChromePhrases.palette),
        KeyHint("?", ChromePhrases.help),
        KeyHint("Tab", ChromePhrases.panes),
        KeyHint("T", ChromePhrases.theme),
        KeyHint("F2", ChromePhrases.mouse),
        KeyHint("u", ChromePhrases.undo),
        KeyHint("Esc", CommonPhrases.back),
        KeyHint("q", ChromePhrases.quit),
        KeyHint("Ctrl-L", ChromePhrases.repaint),
        KeyHint("Ctrl-Z", ChromePhrases.suspend),
        KeyHint("Ctrl-C", ChromePhrases.quit),
    ]

    /// Those that end the key line of every screen.
    static let brief: [KeyHint] = [
        KeyHint("t", ChromePhrases.target), KeyHint(":", ChromePhrases.command), KeyHint("q", ChromePhrases.quit),
    ]
}
