/// One key of `worker-console.toml`: how its value is read, checked and shown, where it goes, and what the user guide
/// says of it.
package struct Setting: Sendable {
    /// Dotted; `*` stands for a name that the user chooses.
    package let key: String
    /// What it may be, in Markdown.
    package let range: String
    /// The least and the greatest number that it may be; `nil` for values of another kind.
    package let numbers: ClosedRange<Int>?
    /// Every value, when they have names; empty for values of another kind.
    package let names: [String]
    /// What it does, in Markdown.
    package let about: String
    /// Its default as the file would say it, in Markdown; empty when there is none.
    package let standard: String
    /// What is written is used by a program that runs already; else by the next one.
    package private(set) var isTakenOver = false
    /// The key without its dots.
    let parts: [String]
    /// Puts a value where it goes; the text is the file's folder.
    let read: @Sendable (ConfigurationValue, String, inout ConsoleDraft) throws(SettingMistake) -> Void
    private let show: @Sendable (ConsoleDraft) -> ConfigurationValue?

    /// A key, the kind of its value, the property where the value goes, and what it does.
    ///
    /// What stands in that property in a new configuration is the default; `standard` says it where that value does not.
    init<Value>(
        _ key: String, _ kind: SettingKind<Value>, _ path: any WritableKeyPath<ConsoleDraft, Value> & Sendable,
        default standard: String? = nil, _ about: String
    ) {
        self.key = key
        self.range = kind.range
        self.numbers = kind.numbers
        self.names = kind.names
        self.about = about
        self.parts = key.split(separator: ".").map(String.init)
        self.read = { value, folder, draft throws(SettingMistake) in
            guard let value = try kind.read(value, folder) else { throw SettingMistake(kind.expected) }
            draft[keyPath: path] = value
        }
        self.show = { kind.show($0[keyPath: path]) }
        self.standard = standard ?? kind.show(ConsoleDraft()[keyPath: path]).map { "`\($0.toml)`" } ?? ""
    }

    /// What it is in a new configuration.
    var standardValue: ConfigurationValue? { self.show(ConsoleDraft()) }

    /// The same setting, which a running program takes over.
    var takenOver: Setting {
        var setting = self
        setting.isTakenOver = true
        return setting
    }

    /// What it is in a configuration, with its key: once, or once for each name that stands for `*`.
    func values(in draft: ConsoleDraft) -> [(key: String, value: ConfigurationValue?)] {
        guard self.parts.contains("*") else { return [(self.key, self.show(draft))] }
        var values: [(key: String, value: ConfigurationValue?)] = []
        draft.forEachName(in: self.parts[0]) { name, draft in
            let key = self.parts.map { $0 == "*" ? name : $0 }.joined(separator: ".")
            values.append((key, self.show(draft)))
        }
        return values
    }

    /// True when the key has this part at this place.
    func takes(_ part: String, at index: Int) -> Bool {
        index < self.parts.count && (self.parts[index] == "*" || self.parts[index] == part)
    }

    /// True when the key is this path or stands below it.
    func begins(with path: [String]) -> Bool {
        self.parts.count >= path.count && zip(self.parts, path).allSatisfy { $0 == "*" || $0 == $1 }
    }
}

/// Why a value cannot be used: what goes behind the key in a finding.
struct SettingMistake: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

extension ConfigurationValue {
    /// The value on one line of TOML.
    var toml: String {
        self.elements.map { "[\($0.map(\.toml).joined(separator: ", "))]" } ?? self.json()
    }
}
