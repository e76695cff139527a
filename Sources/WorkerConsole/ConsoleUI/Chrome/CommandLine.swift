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
    static let usages = [
        "overview | traffic | buckets | backends | d1 | checks", "switch NAME", "filter TEXT", "set tz utc|local",
        "theme [NAME]", "glyphs unicode|neutral|console|ascii", "lang en|zh", "mouse on|off", "probe", "help", "quit",
    ]

    static func parse(_ text: String) -> ConsoleAction {
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
        default: return self.screen(named: name).map { .show($0) } ?? .unknown(String(first))
        }
    }

    /// A screen by its number, its name in any language, or an unambiguous beginning of three letters or more.
    static func screen(named name: String) -> ScreenID? {
        if let number = Int(name) { return ScreenID(rawValue: number) }
        let names = { (id: ScreenID) in
            Language.allCases.map { CommonPhrases.title(of: id)($0).lowercased() } + ["\(id)"]
        }
        if let exact = ScreenID.allCases.first(where: { names($0).contains(name) }) { return exact }
        guard name.count >= 3 else { return nil }
        let starts = ScreenID.allCases.filter { id in names(id).contains { $0.hasPrefix(name) } }
        return starts.count == 1 ? starts.first : nil
    }
}
