/// What the console asks of the world outside: the runtime carries it out.
enum ConsoleCommand: Sendable {
    case work(owner: EffectOwner, Work)
    case cancel(owner: EffectOwner, key: String)
    case copy(CopiedText)
    case setTheme(String)
    case useMouse(Bool)
    case suspend
    /// Gives the terminal to an editor until it ends.
    case edit(path: String, line: Int)
    /// Sends every cell again.
    case repaint
    case quit
}

/// Who an effect belongs to, and its answer goes to.
enum EffectOwner: Sendable, Hashable {
    case screen(ScreenID)
    case frame
}
