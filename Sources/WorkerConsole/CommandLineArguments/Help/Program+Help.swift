package import WorkerDomain

extension Program {
    /// The help of one command, or of the whole program.
    /// - Parameters:
    ///   - command: `nil` for the whole program.
    ///   - columns: Lines are wrapped to this width, where a word is not longer.
    ///   - language: The language of the texts; names stay as they are.
    /// - Returns: Lines, each with its end.
    package func help(of command: CommandDeclaration?, columns: Int, language: Language = .english) -> String {
        var page = HelpPage(columns: columns)
        guard let command else {
            page.paragraph(language.text(self.abstract))
            page.paragraph(language.text(self.discussion))
            let usage = HelpPhrases.usage(language)
            let indent = String(repeating: " ", count: WrappedText.columns(of: usage))
            page.lines([
                "\(usage)\(self.name) [<command>] [<options>]", "\(indent)\(self.name) help [<command>]",
            ])
            let standard = self.defaultCommand.declaration.name
            page.table(
                HelpPhrases.commands(language),
                self.declarations.map { command in
                    let mark = command.name == standard ? HelpPhrases.standard(language) : ""
                    return (command.name + mark, language.text(command.abstract))
                })
            let options = [BuiltIn.help, BuiltIn.version, BuiltIn.completion]
            page.table(HelpPhrases.options(language), options.map { Self.row($0, language) })
            return page.text
        }
        page.paragraph(language.text(command.abstract))
        page.paragraph(language.text(command.discussion))
        page.lines([HelpPhrases.usage(language) + self.usage(of: command)])
        page.table(HelpPhrases.arguments(language), command.arguments.map { Self.row($0, language) })
        page.table(HelpPhrases.options(language), self.allOptions(of: command).map { Self.row($0, language) })
        return page.text
    }

    /// `worker-console serve [<options>] [<path>]`; the name of the default command may be left out.
    func usage(of command: CommandDeclaration) -> String {
        let isDefault = command.name == self.defaultCommand.declaration.name
        let arguments = command.arguments.map { $0.isRequired ? $0.spelling : "[\($0.spelling)]" }
        let words = [self.name, isDefault ? "[\(command.name)]" : command.name, "[<options>]"] + arguments
        return words.joined(separator: " ")
    }

    /// `-e, --env <name>`; long names stand below each other whether there is a short one or not.
    private static func row(_ parameter: ParameterDeclaration, _ language: Language) -> (String, String) {
        let help = language.text(parameter.help)
        guard parameter.kind != .argument else { return (parameter.spelling, help) }
        let letter = parameter.letter.map { "-\($0), " } ?? "    "
        let value = parameter.kind == .option ? " <\(parameter.valueName)>" : ""
        return (letter + parameter.spelling + value, help)
    }
}

/// Words that every page of help has.
enum HelpPhrases {
    static let usage = Phrase("Usage: ", "用法：")
    static let arguments = Phrase("Arguments:", "参数：")
    static let options = Phrase("Options:", "选项：")
    static let commands = Phrase("Commands:", "命令：")
    static let standard = Phrase(" (default)", "（默认）")
}
