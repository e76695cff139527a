/// One text of the interface in every language; every table of texts is made of these.
///
/// The console's own texts (`ConsoleUI/Strings`, `StorageScreens/Strings`) are used forward: a phrase is filled with
/// arguments. Parts that know no language make English sentences; for these the phrases of ``Sentences`` are used
/// backward.
package struct Phrase: Sendable, Equatable {
    package let english: String
    package let chinese: String

    package init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    /// A sentence that a part of the program made in English.
    package init(made english: String) {
        self.init(english, Language.simplifiedChinese.text(english))
    }

    /// The text in one language; `%1`, `%2` … are replaced with the arguments.
    ///
    /// `{1:exchange|exchanges}` is the first word where the first argument is `1`, and the second one elsewhere.
    package func callAsFunction(_ language: Language, _ arguments: String...) -> String {
        let pattern = language == .english ? self.english : self.chinese
        guard !arguments.isEmpty else { return pattern }
        var text = ""
        Self.fill(Substring(pattern), with: arguments, into: &text)
        return text
    }

    private static func fill(_ pattern: Substring, with arguments: [String], into text: inout String) {
        var rest = pattern
        while let mark = rest.utf8.firstIndex(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "{") }) {
            text += rest[..<mark]
            let sign = rest[mark]
            rest = rest[rest.index(after: mark)...]
            guard let digit = rest.first?.wholeNumberValue, (1...arguments.count).contains(digit) else {
                text.append(sign)
                continue
            }
            let argument = arguments[digit - 1]
            if sign == "%" {
                text += argument
                rest = rest.dropFirst()
            } else if let end = rest.firstIndex(of: "}") {
                let forms = rest[..<end].dropFirst(2).split(separator: "|", omittingEmptySubsequences: false)
                if let form = argument == "1" ? forms.first : forms.last {
                    self.fill(form, with: arguments, into: &text)
                }
                rest = rest[rest.index(after: end)...]
            } else {
                text.append(sign)
            }
        }
        text += rest
    }
}
