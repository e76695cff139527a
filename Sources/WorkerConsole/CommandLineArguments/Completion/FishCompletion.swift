/// Writes the completion script of fish.
struct FishCompletion {
    let program: Program

    var script: String {
        let (name, function) = (self.program.name, "__\(self.program.functionName)_command")
        let names = self.program.declarations.map(\.name) + ["help"]
        var lines = [
            "# Completion of \(name) for fish.",
            "# The command that was typed, and nothing when none was.",
            "function \(function)",
            "    set -l previous",
            "    for word in (commandline -opc)[2..-1]",
            "        if not contains -- \"$previous\" \(self.program.valuedSpellings.joined(separator: " "))",
            "            if contains -- $word \(names.joined(separator: " "))",
            "                echo $word",
            "                return",
            "            end",
            "        end",
            "        set previous $word",
            "    end",
            "end",
            "function \(function)_is",
            "    set -l command (\(function))",
            "    test -n \"$command\"; or set command \(self.program.defaultCommand.declaration.name)",
            "    contains -- $command $argv",
            "end",
            "complete -c \(name) -f",
        ]
        for command in self.program.declarations {
            lines.append(
                "complete -c \(name) -n 'test -z (\(function))' -a \(command.name) -d \(Self.quoted(command.abstract))")
            lines.append(
                "complete -c \(name) -n '\(function)_is help' -a \(command.name) -d \(Self.quoted(command.abstract))")
        }
        lines.append("complete -c \(name) -n 'test -z (\(function))' -a help -d 'Show help.'")
        for command in self.program.declarations { lines += self.lines(of: command, condition: "\(function)_is") }
        lines.append(Self.line(name, "test -z (\(function))", BuiltIn.completion))
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(of command: CommandDeclaration, condition: String) -> [String] {
        let condition = "\(condition) \(command.name)"
        var lines = self.program.allOptions(of: command).map { Self.line(self.program.name, condition, $0) }
        if case .values(let words)? = command.arguments.first?.completion {
            lines.append(
                "complete -c \(self.program.name) -n '\(condition)' -a \(Self.quoted(words.joined(separator: " ")))")
        }
        if command.arguments.contains(where: { $0.completion == .folders }) {
            lines.append("complete -c \(self.program.name) -n '\(condition)' -a '(__fish_complete_directories)'")
        }
        return lines
    }

    private static func line(_ program: String, _ condition: String, _ option: ParameterDeclaration) -> String {
        var words = ["complete", "-c", program, "-n", "'\(condition)'", "-l", option.name]
        if let letter = option.letter { words += ["-s", "\(letter)"] }
        if option.kind == .option { words.append("-x") }
        switch option.completion {
        case .nothing: break
        case .folders: words += ["-a", "'(__fish_complete_directories)'"]
        case .values(let values): words += ["-a", Self.quoted(values.joined(separator: " "))]
        }
        return (words + ["-d", Self.quoted(option.help)]).joined(separator: " ")
    }

    private static func quoted(_ text: String) -> String {
        "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }
}
