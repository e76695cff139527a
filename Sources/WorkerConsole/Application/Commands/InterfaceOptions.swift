import ArgumentParser
import ConsoleUI
import Foundation
import TerminalCanvas
import TerminalDriver
import WorkerDomain

/// What `open` and `demo` share about the screen.
struct InterfaceOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("en or zh (default: by LC_MESSAGES, LANG).", valueName: "language"))
    var language: Language?

    @Option(name: .long, help: ArgumentHelp("unicode, neutral or ascii (default: by the terminal).", valueName: "set"))
    var glyphs: GlyphSet?

    @Option(name: .long, help: ArgumentHelp("dark or light (default dark).", valueName: "name"))
    var theme: String?

    @Option(name: .long, help: ArgumentHelp("The screen to start on, 1 to 6.", valueName: "n"))
    var screen: Int?

    func validate() throws {
        if let screen, ScreenID(rawValue: screen) == nil { throw ValidationError("--screen must be 1 to 6") }
        if let theme, theme != "dark", theme != "light" { throw ValidationError("--theme must be dark or light") }
    }

    /// How the console looks; the glyph set is the terminal's to say.
    func consoleOptions(for settings: SessionSettings, environment: [String: String]) -> ConsoleOptions {
        ConsoleOptions(
            language: self.language(configured: settings.language, environment: environment),
            glyphs: self.glyphs ?? .unicode, secondsFromUTC: TimeZone.current.secondsFromGMT(),
            initialScreen: self.screen.flatMap(ScreenID.init(rawValue:)) ?? .overview, now: { WallTime.now() })
    }

    func terminalSettings(environment: [String: String]) -> TerminalSettings {
        let theme: Theme? = self.theme.map { $0 == "light" ? .light : .dark }
        return TerminalSettings(environment: environment, glyphs: self.glyphs, theme: theme)
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
