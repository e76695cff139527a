/// Sorts what was typed after a command into its arguments and options.
struct ArgumentReader {
    /// What the words turned out to be.
    enum Result {
        /// By the spelling of the parameter.
        case values([String: [String]])
        /// `-h` stood among the short options.
        case help
    }

    let program: Program
    let command: CommandDeclaration
    private var values: [String: [String]] = [:]
    private var places: ArraySlice<ParameterDeclaration>
    private var words: ArraySlice<String>

    init(program: Program, command: CommandDeclaration, words: [String]) {
        self.program = program
        self.command = command
        self.places = command.arguments[...]
        self.words = words[...]
    }

    /// - Throws: ``UsageError`` for an option that the command does not have, a missing value, an argument too many.
    mutating func read() throws(UsageError) -> Result {
        while let word = self.words.popFirst() {
            switch Word(word) {
            case .end:
                while let word = self.words.popFirst() { try self.place(word) }
            case .plain: try self.place(word)
            case .long(let name, let value): try self.long(name, value)
            case .short(let letters):
                if try self.short(letters) { return .help }
            }
        }
        return .values(self.values)
    }

    private mutating func place(_ word: String) throws(UsageError) {
        guard let place = self.places.popFirst() else {
            throw UsageError("unexpected argument \(ArgumentText.quoted(word))")
        }
        self.values[place.spelling] = [word]
    }

    private mutating func long(_ name: String, _ value: String?) throws(UsageError) {
        guard let option = self.command.options.first(where: { $0.name == name }) else {
            throw self.program.unknownOption("--" + name, of: self.command)
        }
        switch (option.kind, value) {
        case (.flag, nil): self.values[option.spelling, default: []].append("")
        case (.flag, _): throw UsageError("\(option.spelling) takes no value")
        case (_, let value?): self.values[option.spelling, default: []].append(value)
        default: try self.takeNext(for: option, written: option.spelling)
        }
    }

    /// - Returns: True when help is asked for.
    private mutating func short(_ letters: String) throws(UsageError) -> Bool {
        var rest = Substring(letters)
        while let letter = rest.popFirst() {
            guard let option = self.command.options.first(where: { $0.letter == letter }) else {
                if letter == "h" { return true }
                throw self.program.unknownOption("-\(letter)", of: self.command)
            }
            if option.kind == .flag {
                if rest.first == "=" { throw UsageError("-\(letter) takes no value") }
                self.values[option.spelling, default: []].append("")
            } else if rest.isEmpty {
                try self.takeNext(for: option, written: "-\(letter)")
            } else {
                // -e=name and -ename are the same.
                if rest.first == "=" { rest.removeFirst() }
                self.values[option.spelling, default: []].append(String(rest))
                rest = ""
            }
        }
        return false
    }

    private mutating func takeNext(for option: ParameterDeclaration, written: String) throws(UsageError) {
        guard let next = self.words.first, case .plain = Word(next) else {
            throw UsageError("\(written) needs a value: \(written) <\(option.valueName)>")
        }
        self.words.removeFirst()
        self.values[option.spelling, default: []].append(next)
    }
}

/// What a word of the command line looks like.
enum Word: Equatable {
    /// `--`: everything behind it is an argument.
    case end
    case long(name: String, value: String?)
    /// One letter or several together.
    case short(String)
    /// A value or an argument: `-` and negative numbers too.
    case plain

    init(_ text: String) {
        if text == "--" {
            self = .end
        } else if text.hasPrefix("--") {
            let body = text.dropFirst(2)
            let equals = body.firstIndex(of: "=")
            self = .long(
                name: String(body[..<(equals ?? body.endIndex)]),
                value: equals.map { String(body[body.index(after: $0)...]) })
        } else if text.hasPrefix("-"), text != "-", !Self.isNumber(text.dropFirst()) {
            self = .short(String(text.dropFirst()))
        } else {
            self = .plain
        }
    }

    private static func isNumber(_ text: Substring) -> Bool {
        text.utf8.first.map { (0x30...0x39).contains($0) || $0 == 0x2E } ?? false && Double(text) != nil
    }
}
