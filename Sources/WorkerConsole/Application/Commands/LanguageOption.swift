import CommandLineArguments
import Synchronization
import WorkerDomain

/// The language of what a command says: `--language`, then the project's `ui.language`, then the locale.
enum LanguageOption {
    /// An option of every command.
    static let parameter = Parameter.option(
        "language", valueName: "language",
        help: "Language of texts: en or zh-CN (default: by LC_ALL, LC_MESSAGES, LANG).", of: Language.self
    ) { Language(name: $0) }

    private struct State {
        var language = Language.english
        /// The command line names it, so that no configuration decides.
        var isNamed = false
    }

    private static let state = Mutex(State())

    /// The language of this process.
    static var current: Language { Self.state.withLock { $0.language } }

    /// Looks for the option before the command line is read: what is wrong with that is said in the language too.
    static func choose(from arguments: [[UInt8]], environment: [String: String]) -> Language {
        let words = arguments.prefix { !$0.elementsEqual("--".utf8) }.map { String(decoding: $0, as: UTF8.self) }
        let spelling = Self.parameter.declaration.spelling
        var named: Language?
        for (index, word) in words.enumerated() {
            if word == spelling, index + 1 < words.count {
                named = Language(name: words[index + 1]) ?? named
            } else if word.hasPrefix(spelling + "=") {
                named = Language(name: String(word.dropFirst(spelling.count + 1))) ?? named
            }
        }
        let language = named ?? Language(environment: environment)
        Self.state.withLock { $0 = State(language: language, isNamed: named != nil) }
        return language
    }

    /// Takes the language of a project's configuration, unless the command line names another.
    static func adopt(_ configured: Language?) {
        guard let configured else { return }
        Self.state.withLock { state in
            if !state.isNamed { state.language = configured }
        }
    }
}
