/// What the console asks of the world outside: the runtime carries it out.
enum ConsoleCommand: Sendable {
    case run(owner: EffectOwner, key: String, @Sendable (Services) async -> any Sendable)
    case work(owner: EffectOwner, Work)
    case cancel(owner: EffectOwner, key: String)
    case copy(CopiedText)
    case setTheme(String)
    case useMouse(Bool)
    case suspend
    /// Sends every cell again.
    case repaint
    case quit
}

/// Who an effect belongs to, and its answer goes to.
enum EffectOwner: Sendable, Hashable {
    case screen(ScreenID)
    case frame
}
