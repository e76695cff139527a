extension Program {
    /// The help of one command, or of the whole program.
    /// - Parameters:
    ///   - command: `nil` for the whole program.
    ///   - columns: Lines are wrapped to this width, where a word is not longer.
    /// - Returns: Lines, each with its end.
    package func help(of command: CommandDeclaration?, columns: Int) -> String {
        var page = HelpPage(columns: columns)
        guard let command else {
            page.paragraph(self.abstract)
            page.paragraph(self.discussion)
            page.lines([
                "Usage: \(self.name) [<command>] [<options>]", "       \(self.name) help [<command>]",
            ])
            let standard = self.defaultCommand.declaration.name
            page.table(
                "Commands",
                self.declarations.map { command in
                    (command.name + (command.name == standard ? " (default)" : ""), command.abstract)
                })
            page.table("Options", [BuiltIn.help, BuiltIn.version, BuiltIn.completion].map(Self.row))
            return page.text
        }
        page.paragraph(command.abstract)
        page.paragraph(command.discussion)
        page.lines(["Usage: \(self.usage(of: command))"])
        page.table("Arguments", command.arguments.map(Self.row))
        page.table("Options", (command.options + [BuiltIn.help, BuiltIn.version]).map(Self.row))
        return page.text
    }

    /// `worker-console serve [<options>] [<path>]`; the name of the default command may be left out.
    func usage(of command: CommandDeclaration) -> String {
        let isDefault = command.name == self.defaultCommand.declaration.name
        let arguments = command.arguments.map { "[\($0.spelling)]" }
        let words = [self.name, isDefault ? "[\(command.name)]" : command.name, "[<options>]"] + arguments
        return words.joined(separator: " ")
    }

    /// `-e, --env <name>`; long names stand below each other whether there is a short one or not.
    private static func row(_ parameter: ParameterDeclaration) -> (String, String) {
        guard parameter.kind != .argument else { return (parameter.spelling, parameter.help) }
        let letter = parameter.letter.map { "-\($0), " } ?? "    "
        let value = parameter.kind == .option ? " <\(parameter.valueName)>" : ""
        return (letter + parameter.spelling + value, parameter.help)
    }
}
