import TerminalCanvas
import WorkerDomain

/// What a typed command asks for.
enum ConsoleAction: Sendable, Equatable {
    case show(ScreenID)
    case switchBackend(String)
    case chooseBackend
    case filter(String)
    case timeZone(isUTC: Bool)
    case theme(String?)
    case glyphs(GlyphSet)
    case language(Language)
    case mouse(Bool)
    case help
    /// What a key of the pane that has the focus does, by its action: `traffic.copy`.
    case press(String)
    case probe
    case quit
    /// The command line needs more: how to write it.
    case usage(String)
    case unknown(String)
    case nothing
}

/// Reads what is typed behind `:`.
enum CommandLine {
    /// Every command as the help lists it.
    static func usages(in catalog: ScreenCatalog) -> [String] {
        [
            catalog.commandNames.joined(separator: " | "), "switch NAME", "filter TEXT", "set tz utc|local",
            "theme [NAME]",
            "glyphs unicode|neutral|console|ascii", "lang en|zh", "mouse on|off", "probe", "help", "quit",
        ]
    }

    static func parse(_ text: String, in catalog: ScreenCatalog) -> ConsoleAction {
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let first = words.first else { return .nothing }
        let name = first.lowercased()
        let rest = words.count > 1 ? words[1].drop { $0 == " " } : ""
        let argument = String(rest.reversed().drop { $0 == " " }.reversed())
        switch name {
        case "switch": return argument.isEmpty ? .chooseBackend : .switchBackend(argument)
        case "filter": return .filter(argument)
        case "set":
            switch argument.lowercased().split(separator: " ").map(String.init) {
            case ["tz", "utc"]: return .timeZone(isUTC: true)
            case ["tz", "local"]: return .timeZone(isUTC: false)
            default: return .usage("set tz utc|local")
            }
        case "theme": return .theme(argument.isEmpty ? nil : argument)
        case "glyphs":
            return GlyphSet(rawValue: argument.lowercased()).map { .glyphs($0) }
                ?? .usage("glyphs unicode|neutral|console|ascii")
        case "lang", "language":
            return Language(name: argument).map { .language($0) } ?? .usage("lang en|zh")
        case "mouse":
            switch argument.lowercased() {
            case "on": return .mouse(true)
            case "off": return .mouse(false)
            default: return .usage("mouse on|off")
            }
        case "help", "?": return .help
        case "probe": return .probe
        case "q", "quit", "exit": return .quit
        default: return catalog.screen(named: name).map { .show($0) } ?? .unknown(String(first))
        }
    }
}
