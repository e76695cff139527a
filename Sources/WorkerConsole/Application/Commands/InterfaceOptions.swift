import CommandLineArguments
import ConsoleUI
import StorageScreens
import TerminalCanvas
import TerminalDriver
import WorkerDomain
import WorkerProject

/// What `open` and `demo` share about the screen.
struct InterfaceOptions: Sendable {
    static let glyphs = Parameter.option(
        "glyphs", valueName: "set", help: "unicode, neutral, console or ascii (default: automatic).",
        of: GlyphSet.self)
    static let theme = Parameter.option(
        "theme", valueName: "name", help: "dark, light or mono (default: by the terminal).", of: ThemeName.self)
    static let screen = Self.screenOption(of: .all)
    static let parameters: [any AnyParameter] = [LanguageOption.parameter, Self.glyphs, Self.theme, Self.screen]

    let language: Language?
    let glyphs: GlyphSet?
    let theme: ThemeName?
    let screen: ScreenID?

    static func screenOption(of catalog: ScreenCatalog) -> Parameter<ScreenID?> {
        let count = catalog.screens.count
        return .option(
            "screen", valueName: "screen", help: "The screen to start on: 1 to \(count), or its name.",
            completion: .values(catalog.commandNames),
            expects: "must be a number from 1 to \(count), or one of " + catalog.commandNames.joined(separator: ", ")
        ) { catalog.screen(named: $0) }
    }

    init(_ arguments: Arguments) {
        self.language = arguments[LanguageOption.parameter]
        self.glyphs = arguments[Self.glyphs]
        self.theme = arguments[Self.theme]
        self.screen = arguments[Self.screen]
    }

    /// How the console looks; the glyph set is the terminal's to say.
    func consoleOptions(for settings: SessionSettings, environment: [String: String]) -> ConsoleOptions {
        let configured = Language(name: settings.interface.language.rawValue)
        var options = ConsoleOptions(
            language: self.language ?? configured ?? Language(environment: environment),
            glyphs: self.glyphs ?? .unicode, secondsFromUTC: { LocalTime.secondsFromUTC(at: $0) },
            initialScreen: self.screen ?? .overview, now: { WallTime.now() })
        options.pdfToText = SearchPath(environment["PATH"] ?? "").find("pdftotext")
        options.edit = { ExternalEditor(environment: environment).open($0, line: $1) }
        options.keymap = ChosenKeys.keymap(of: settings.keys)
        options.extraRedactedHeaders = settings.redaction.headers
        options.extraRedactedQuery = settings.redaction.queryParameters
        return options
    }

    /// The option, then the configuration, then what the environment says.
    func terminalSettings(
        configured: ConsoleConfiguration.Interface, environment: [String: String]
    ) -> TerminalSettings {
        let wanted = self.theme ?? ThemeName(rawValue: configured.theme.rawValue)
        var settings = TerminalSettings(
            environment: environment, glyphs: self.glyphs ?? GlyphSet(rawValue: configured.glyphs.rawValue),
            theme: wanted.flatMap(\.theme))
        if wanted == .mono { settings.colors = .mono }
        return settings
    }
}

/// What `--theme` and the key `T` choose from.
enum ThemeName: String, CaseIterable, Sendable {
    case dark, light, mono

    /// `nil` for mono, which is any theme without colours.
    var theme: Theme? {
        switch self {
        case .dark: .dark
        case .light: .light
        case .mono: nil
        }
    }
}
