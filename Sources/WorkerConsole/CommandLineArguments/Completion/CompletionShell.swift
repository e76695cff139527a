/// A shell that completions can be printed for.
package enum CompletionShell: String, Sendable, CaseIterable {
    case bash, zsh, fish

    /// A script that completes commands, options, their values and folders.
    func script(for program: Program) -> String {
        switch self {
        case .bash: BashCompletion(program: program).script
        case .zsh: ZshCompletion(program: program).script
        case .fish: FishCompletion(program: program).script
        }
    }
}

extension Program {
    /// A name that a shell function may have: `worker_console`.
    var functionName: String { self.name.replacing("-", with: "_") }

    /// How every option that has a value is written, each once.
    var valuedSpellings: [String] {
        let options = self.declarations.flatMap(\.options).filter { $0.kind == .option }
        return Set(options.flatMap(\.spellings)).sorted()
    }

    /// A command's options and those that are built in.
    func allOptions(of command: CommandDeclaration) -> [ParameterDeclaration] {
        command.options + [BuiltIn.help, BuiltIn.version]
    }
}

extension ParameterDeclaration {
    /// `--env`, and `-e` when there is a short form.
    var spellings: [String] { [self.letter.map { "-\($0)" }, "--\(self.name)"].compactMap(\.self) }
}
