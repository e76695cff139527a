import WorkerDomain

/// How help is laid out.
struct HelpLook {
    let columns: Int
    let language: Language
}

/// The options that every program has.
enum BuiltIn {
    static let help = ParameterDeclaration(.flag, "help", letter: "h", help: "Show this help.")
    static let version = ParameterDeclaration(.flag, "version", help: "Show the version.")
    static let completion = ParameterDeclaration(
        .option, "generate-completion-script", valueName: "shell",
        help: "Print the completion script of \(UsageError.list(CompletionShell.allCases.map(\.rawValue), "or")).",
        completion: .values(CompletionShell.allCases.map(\.rawValue)))

    static let names = [Self.help.name, Self.version.name, Self.completion.name]
}

extension Program {
    /// The text that a built-in option asks for, wherever it stands before `--`; the first one counts.
    func builtIn(
        _ words: [String], command: CommandDeclaration?, _ page: HelpLook, shell: String?
    ) throws(UsageError) -> String? {
        for (index, word) in words.enumerated() {
            switch Word(word) {
            case .end: return nil
            case .short("h"), .long(BuiltIn.help.name, nil): return self.help(of: command, page)
            case .long(BuiltIn.version.name, nil): return self.version + "\n"
            case .long(BuiltIn.completion.name, let value):
                let next = words.dropFirst(index + 1).first { Word($0) == .plain }
                return try self.completionScript(value ?? next, default: shell)
            case .long(let name, _?) where BuiltIn.names.contains(name): throw UsageError("--\(name) takes no value")
            default: continue
            }
        }
        return nil
    }

    /// The help that `help serve` asks for; of the whole program without a name.
    func help(named words: [String], _ page: HelpLook) throws(UsageError) -> String {
        guard let word = words.first else { return self.help(of: nil, page) }
        if let extra = words.dropFirst().first {
            throw UsageError("unexpected argument \(ArgumentText.quoted(extra))")
        }
        if word == "help" { return self.help(of: nil, page) }
        guard let command = self.command(named: word) else {
            let nearest = self.commandNear(word).map { "; did you mean \($0)?" } ?? ""
            throw UsageError("unknown command \(ArgumentText.quoted(word))\(nearest)")
        }
        return self.help(of: command.declaration, page)
    }

    private func help(of command: CommandDeclaration?, _ page: HelpLook) -> String {
        self.help(of: command, columns: page.columns, language: page.language)
    }

    private func completionScript(_ named: String?, default shell: String?) throws(UsageError) -> String {
        let name = named ?? shell.map { String($0.split(separator: "/").last ?? "") }
        let shells = CompletionShell.allCases.map(\.rawValue)
        guard let name else {
            throw UsageError("--\(BuiltIn.completion.name) needs a value: \(UsageError.list(shells, "or"))")
        }
        guard let shell = CompletionShell(rawValue: name) else {
            throw UsageError(
                "no completion script for \(ArgumentText.quoted(name)); choose "
                    + UsageError.list(shells, "or"))
        }
        return shell.script(for: self)
    }
}
