/// A language of the interface.
package enum Language: String, Sendable, Equatable, CaseIterable {
    case english = "en"
    case simplifiedChinese = "zh-CN"

    /// The language that a person calls by this name; `nil` for one that the interface does not speak.
    package init?(name: String) {
        switch name.lowercased() {
        case "en", "english": self = .english
        case "zh", "zh-cn", "zh_cn", "zh-hans", "chinese", "中文": self = .simplifiedChinese
        default: return nil
        }
    }

    /// The language of a locale: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides, as for every
    /// program (POSIX, 8.2).
    package init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        self = locale.lowercased().hasPrefix("zh") ? .simplifiedChinese : .english
    }

    /// A sentence that a part of the program made in English, in this language.
    ///
    /// What the tables do not know stays as it is: names, values, and the words of other programs.
    package func text(_ english: String) -> String {
        self == .english ? english : Sentences.chinese(english) ?? english
    }
}
