import ArgumentParser
import ConsoleUI
import Foundation
import TerminalCanvas
import TerminalDriver
import WorkerDomain
import WorkerProject

/// What `open` and `demo` share about the screen.
struct InterfaceOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("en or zh (default: by LC_MESSAGES, LANG).", valueName: "language"))
    var language: Language?

    @Option(name: .long, help: ArgumentHelp("unicode, neutral or ascii (default: by the terminal).", valueName: "set"))
    var glyphs: GlyphSet?

    @Option(name: .long, help: ArgumentHelp("dark, light or mono (default: by the terminal).", valueName: "name"))
    var theme: ThemeName?

    @Option(name: .long, help: ArgumentHelp("The screen to start on, 1 to 6.", valueName: "n"))
    var screen: Int?

    func validate() throws {
        if let screen, ScreenID(rawValue: screen) == nil { throw ValidationError("--screen must be 1 to 6") }
    }

    /// How the console looks; the glyph set is the terminal's to say.
    func consoleOptions(for settings: SessionSettings, environment: [String: String]) -> ConsoleOptions {
        let interface = settings.interface
        let configured = interface.language == .auto ? nil : interface.language.rawValue
        var options = ConsoleOptions(
            language: self.language(configured: configured, environment: environment),
            glyphs: self.glyphs ?? .unicode,
            initialScreen: self.screen.flatMap(ScreenID.init(rawValue:)) ?? .overview, now: { WallTime.now() })
        options.timeZone = Self.zone(interface.timezone)
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

    /// The zone of this name; the system's for `local` and for a name that is unknown here.
    static func zone(_ name: String) -> TimeZone {
        name == "local" ? .current : TimeZone(identifier: name) ?? .current
    }

    /// The language to use: the option, then the configuration, then the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    func language(configured: String?, environment: [String: String]) -> Language {
        if let language { return language }
        if let configured, let language = Language(argument: configured) { return language }
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = environment[name], !value.isEmpty else { continue }
            return value.lowercased().hasPrefix("zh") ? .simplifiedChinese : .english
        }
        return .english
    }
}

/// What `--theme` and the key `T` choose from.
enum ThemeName: String, CaseIterable, ExpressibleByArgument {
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

extension Language: ExpressibleByArgument {
    package init?(argument: String) {
        switch argument.lowercased() {
        case "en", "english": self = .english
        case "zh", "zh-cn", "zh_cn", "zh-hans", "chinese", "中文": self = .simplifiedChinese
        default: return nil
        }
    }
}

extension GlyphSet: ExpressibleByArgument {}
