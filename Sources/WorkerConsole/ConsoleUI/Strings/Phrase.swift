/// A language of the interface.
package enum Language: String, Sendable, Equatable, CaseIterable {
    case english = "en"
    case simplifiedChinese = "zh"
}

/// One text of the interface in every language; the table is made of these (`Strings/Phrases+….swift`).
package struct Phrase: Sendable, Equatable {
    package let english: String
    package let chinese: String

    package init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    /// The text in one language; `%1`, `%2` … are replaced with the arguments.
    package func callAsFunction(_ language: Language, _ arguments: String...) -> String {
        let pattern = language == .english ? self.english : self.chinese
        guard !arguments.isEmpty else { return pattern }
        var text = ""
        var rest = Substring(pattern)
        while let mark = rest.firstIndex(of: "%") {
            text += rest[..<mark]
            rest = rest[rest.index(after: mark)...]
            guard let digit = rest.first?.wholeNumberValue, (1...arguments.count).contains(digit) else {
                text += "%"
                continue
            }
            text += arguments[digit - 1]
            rest = rest.dropFirst()
        }
        return text + rest
    }
}
