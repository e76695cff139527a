/// What help, completions and parsing know of one argument or option, whatever its type.
package struct ParameterDeclaration: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Known by its place: `<path>`.
        case argument
        /// `--name value`.
        case option
        /// `--name`.
        case flag
    }

    /// What a shell offers for the value.
    package enum Completion: Sendable, Equatable {
        case nothing
        case folders
        case values([String])
    }

    package let kind: Kind
    /// Lowercase letters, digits and hyphens, without the two hyphens in front.
    package let name: String
    /// The short form: `e` for `-e`.
    package let letter: Character?
    /// Stands for the value in help: `address:port`.
    package let valueName: String
    package let help: String
    /// Every value counts; otherwise the last one does.
    package let isRepeated: Bool
    /// An argument that must be there.
    package var isRequired = false
    package let completion: Completion

    package init(
        _ kind: Kind, _ name: String, letter: Character? = nil, valueName: String? = nil, help: String,
        isRepeated: Bool = false, completion: Completion = .nothing
    ) {
        let isName = !name.isEmpty && name.utf8.allSatisfy(Self.isNameByte) && !name.hasPrefix("-")
        precondition(isName, "a parameter's name has lowercase letters, digits and hyphens only: \(name)")
        precondition(letter.map { $0.isASCII && $0.isLetter } ?? true, "a short option is an ASCII letter")
        self.kind = kind
        self.name = name
        self.letter = letter
        self.valueName = valueName ?? name
        self.help = help
        self.isRepeated = isRepeated
        self.completion = completion
    }

    /// As it is written on the command line: `--listen`, `<path>`.
    package var spelling: String { self.kind == .argument ? "<\(self.valueName)>" : "--\(self.name)" }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }
}
