import TextSafety
import WorkerDomain

/// A place in a text file.
package struct SourcePosition: Sendable, Hashable, Comparable {
    /// 1-based.
    package let line: Int
    /// 1-based, in Unicode scalars.
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One value of a configuration file, with its place; numbers are what a double makes of them.
package struct ConfigurationValue: Sendable, Equatable {
    package indirect enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        /// A number as JavaScript writes the double that it is; `Infinity`, `-Infinity` and `NaN` are null in JSON.
        case number(String)
        case string(String)
        /// A TOML date or time, which JSON doesn't have.
        case date(String)
        case array([ConfigurationValue])
        /// Members in the order of the file; keys are unique.
        case table([Member])
    }

    /// One key of a table.
    package struct Member: Sendable, Equatable {
        package var key: String
        package var keyPosition: SourcePosition?
        package var value: ConfigurationValue

        package init(key: String, keyPosition: SourcePosition? = nil, value: ConfigurationValue) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    package var content: Content
    /// `nil` when the place isn't known or the value is a default.
    package var position: SourcePosition?

    package init(_ content: Content, at position: SourcePosition? = nil) {
        self.content = content
        self.position = position
    }

    /// The value of a key of a table; `nil` for other kinds. Setting `nil` removes the key.
    package subscript(key: String) -> ConfigurationValue? {
        get { self.member(key)?.value }
        set {
            guard case .table(var members) = self.content else { return }
            let index = members.firstIndex { $0.key.hasSameBytes(as: key) }
            if let newValue {
                if let index {
                    members[index].value = newValue
                } else {
                    members.append(Member(key: key, value: newValue))
                }
            } else if let index {
                members.remove(at: index)
            }
            self.content = .table(members)
        }
    }

    package func member(_ key: String) -> Member? { self.members?.first { $0.key.hasSameBytes(as: key) } }

    package var members: [Member]? { if case .table(let members) = self.content { members } else { nil } }
    package var elements: [ConfigurationValue]? { if case .array(let values) = self.content { values } else { nil } }
    package var string: String? { if case .string(let text) = self.content { text } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self.content { value } else { nil } }
    /// The digits of a number.
    package var number: String? { if case .number(let text) = self.content { text } else { nil } }
    package var integer: Int? { self.number.flatMap { Int($0) } }
    package var isNull: Bool { if case .null = self.content { true } else { false } }
    /// False for the numbers that JSON does not have.
    var isFinite: Bool { self.number?.utf8.last.map { (0x30...0x39).contains($0) } ?? true }
    /// The texts of an array that holds nothing but strings.
    package var strings: [String]? {
        guard let elements = self.elements else { return nil }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? texts : nil
    }

    package static func table(_ pairs: [(String, ConfigurationValue)]) -> ConfigurationValue {
        ConfigurationValue(.table(pairs.map { Member(key: $0.0, value: $0.1) }))
    }
    package static func string(_ text: String) -> ConfigurationValue { ConfigurationValue(.string(text)) }
    package static func bool(_ value: Bool) -> ConfigurationValue { ConfigurationValue(.bool(value)) }
    package static func array(_ values: [ConfigurationValue]) -> ConfigurationValue {
        ConfigurationValue(.array(values))
    }

    /// The value as JSON text in the order of the file.
    /// - Parameter indent: Blanks before each level, or `nil` for one line.
    /// - Returns: Valid JSON, control characters escaped.
    package func json(indent: Int? = nil) -> String {
        var text = ""
        self.appendJSON(to: &text, indent: indent, level: 0)
        return text
    }

    private func appendJSON(to text: inout String, indent: Int?, level: Int) {
        let inner = indent.map { "\n" + String(repeating: " ", count: $0 * (level + 1)) } ?? ""
        let outer = indent.map { "\n" + String(repeating: " ", count: $0 * level) } ?? ""
        switch self.content {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += self.isFinite ? digits : "null"
        case .string(let value), .date(let value): text += Self.quoted(value)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                text += index == 0 ? inner : "," + inner
                value.appendJSON(to: &text, indent: indent, level: level + 1)
            }
            text += values.isEmpty ? "]" : outer + "]"
        case .table(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                text += index == 0 ? inner : "," + inner
                text += Self.quoted(member.key) + (indent == nil ? ":" : ": ")
                member.value.appendJSON(to: &text, indent: indent, level: level + 1)
            }
            text += members.isEmpty ? "}" : outer + "}"
        }
    }

    /// A JSON string literal; what steers a terminal or hides in a text is escaped.
    package static func quoted(_ value: String) -> String { ControlCharacters.json(value) }
}
