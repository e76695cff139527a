package import WorkerDomain

/// A whole command line: every command with its options. Parsing, help and completions come from it.
package struct Program: Sendable {
    /// What a command line asks for.
    package enum Request: Sendable {
        case run(any Command)
        /// Help, version or a completion script for standard output.
        case print(String)
        /// Lines for standard error; the exit code is ``usageExitCode``.
        case refuse([String])
    }

    /// The exit code of a wrong command line (`EX_USAGE` of sysexits.h).
    package static let usageExitCode: Int32 = 64

    package let name: String
    package let abstract: String
    package let discussion: String
    package let version: String
    package let commands: [any Command.Type]
    /// Stands in when no command is named.
    package let defaultCommand: any Command.Type

    package init(
        name: String, abstract: String, discussion: String, version: String, commands: [any Command.Type],
        defaultCommand: any Command.Type
    ) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.version = version
        self.commands = commands
        self.defaultCommand = defaultCommand
        let options = self.declarations.flatMap(\.options)
        for option in options {
            // The command is looked for before anybody knows whose options are read.
            let isOne = options.allSatisfy { $0.name != option.name || $0.kind == option.kind }
            precondition(isOne, "\(option.spelling) takes a value in one command and none in another")
            precondition(!BuiltIn.names.contains(option.name), "\(option.spelling) is built in")
        }
    }

    /// Of every command, in the order of the help.
    package var declarations: [CommandDeclaration] { self.commands.map { $0.declaration } }

    /// Reads a command line.
    /// - Parameters:
    ///   - arguments: The bytes of each, without the program's name.
    ///   - columns: The width of help.
    ///   - shell: The user's shell, which a completion script is for when none is named: a name or a path.
    ///   - language: The language of help and of what is wrong with a command line.
    /// - Returns: What is to be done; a wrong command line is a request too, to say so.
    package func request(
        _ arguments: [[UInt8]], columns: Int = 80, shell: String? = nil, language: Language = .english
    ) -> Request {
        var words: [String] = []
        for (index, bytes) in arguments.enumerated() {
            guard let word = String(validating: bytes, as: UTF8.self) else {
                let shown = ArgumentText.quoted(String(decoding: bytes, as: UTF8.self))
                let error = UsageError("argument \(index + 1) is not valid UTF-8: \(shown)")
                return self.refusal(error, of: nil, language)
            }
            words.append(word)
        }
        return self.request(words, columns: columns, shell: shell, language: language)
    }

    /// Reads a command line.
    package func request(
        _ words: [String], columns: Int = 80, shell: String? = nil, language: Language = .english
    ) -> Request {
        let page = HelpLook(columns: columns, language: language)
        var words = words
        let place = self.commandPlace(in: words)
        let named = place.flatMap { self.command(named: words[$0]) }
        let declaration = named.map { $0.declaration }
        do throws(UsageError) {
            if let text = try self.builtIn(words, command: declaration, page, shell: shell) {
                return .print(text)
            }
            if let place, words[place] == "help" {
                words.remove(at: place)
                return .print(try self.help(named: words, page))
            }
            if let place, named != nil { words.remove(at: place) }
            let command = named ?? self.defaultCommand
            guard case .values(let texts) = try self.read(words, for: command.declaration, isNamed: named != nil)
            else { return .print(self.help(of: declaration, columns: columns, language: language)) }
            return .run(
                try command.init(
                    Arguments(
                        texts: texts, parameters: command.declaration.parameters, isCommandImplied: named == nil)))
        } catch {
            return self.refusal(error, of: declaration, language)
        }
    }

    /// Reads what follows a command; unless that was named, what does not fit may be due to a slip in its name.
    private func read(
        _ words: [String], for command: CommandDeclaration, isNamed: Bool
    ) throws(UsageError) -> ArgumentReader.Result {
        var reader = ArgumentReader(program: self, command: command, words: words)
        do throws(UsageError) {
            return try reader.read()
        } catch {
            guard !isNamed, let place = self.firstArgument(in: words), let nearest = self.commandNear(words[place])
            else { throw error }
            throw UsageError("unknown command \(ArgumentText.quoted(words[place])); did you mean \(nearest)?")
        }
    }

    func command(named name: String) -> (any Command.Type)? {
        self.commands.first { $0.declaration.name == name }
    }

    /// Where the command stands: it is the first argument that is no option's value, when a command has that name.
    private func commandPlace(in words: [String]) -> Int? {
        self.firstArgument(in: words).flatMap { place in
            words[place] == "help" || self.command(named: words[place]) != nil ? place : nil
        }
    }

    /// The first argument before `--` that is no option's value.
    private func firstArgument(in words: [String]) -> Int? {
        var index = 0
        while index < words.count {
            switch Word(words[index]) {
            case .end: return nil
            case .plain: return index
            case .long(let name, let value):
                if value == nil, self.takesValue({ $0.name == name }) { index += 1 }
            case .short(let letters):
                // A value may follow when only the last letter is an option with one.
                let valued = letters.firstIndex { letter in self.takesValue { $0.letter == letter } }
                if let valued, letters.index(after: valued) == letters.endIndex { index += 1 }
            }
            index += 1
        }
        return nil
    }

    private func takesValue(_ isMeant: (ParameterDeclaration) -> Bool) -> Bool {
        self.declarations.contains { $0.options.contains { $0.kind == .option && isMeant($0) } }
    }

    // MARK: - Errors

    private func refusal(_ error: UsageError, of command: CommandDeclaration?, _ language: Language) -> Request {
        let help = [self.name, command?.name, "--help"].compactMap(\.self).joined(separator: " ")
        return .refuse([
            "\(self.name): \(language.text("\(error)"))",
            language.text("usage: \(self.usage(of: command ?? self.defaultCommand.declaration))"),
            language.text("\(help) shows more"),
        ])
    }

    /// Says that a command has no such option, and what was probably meant.
    func unknownOption(_ written: String, of command: CommandDeclaration) -> UsageError {
        let shown = ArgumentText.quoted(written)
        let others = self.declarations.filter { other in
            other.options.contains { "--\($0.name)" == written || $0.letter.map { "-\($0)" } == written }
        }
        if !others.isEmpty {
            return UsageError(
                "\(command.name) has no option \(written); \(UsageError.list(others.map(\.name), "and")) "
                    + (others.count == 1 ? "has it" : "have it"))
        }
        let names = command.options.map(\.name) + BuiltIn.names
        guard written.hasPrefix("--"), let nearest = Nearest.name(to: String(written.dropFirst(2)), among: names)
        else { return UsageError("unknown option \(shown)") }
        return UsageError("unknown option \(shown); did you mean --\(nearest)?")
    }

    /// The command whose name is nearest to a text; `nil` when none is near.
    package func commandNear(_ text: String) -> String? {
        Nearest.name(to: text, among: self.declarations.map(\.name) + ["help"])
    }
}
