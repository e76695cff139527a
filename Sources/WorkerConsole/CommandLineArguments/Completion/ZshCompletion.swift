/// Writes the completion script of zsh.
struct ZshCompletion {
    let program: Program

    var script: String {
        let function = "_\(self.program.functionName)"
        let standard = self.program.defaultCommand.declaration.name
        let names = self.program.declarations.map(\.name)
        let commands = self.program.declarations
            .map { "        \(Self.quoted("\($0.name):\($0.abstract.replacing(":", with: "\\:"))"))" }
        let cases = self.program.declarations.map { command in
            "    \(command.name))\n        _arguments -s -S \\\n"
                + self.specifications(of: command).map { "            \($0)" }.joined(separator: " \\\n") + " ;;"
        }
        return """
            #compdef \(self.program.name)
            # Completion of \(self.program.name) for zsh.
            \(function)_commands() {
                local -a commands
                commands=(
            \(commands.joined(separator: "\n"))
                    'help:Show help.'
                )
                _describe -t commands command commands
            }
            \(function)_first() {
                _alternative 'commands:command:\(function)_commands' 'folders:folder:_directories'
            }
            \(function)() {
                local command=\(standard) first=\(function)_first i
                for ((i = 2; i < CURRENT; i++)); do
                    case $words[i-1] in
                    \((self.program.valuedSpellings + [":"]).joined(separator: "|"))) continue ;;
                    esac
                    case $words[i] in
                    \((names + ["help"]).joined(separator: "|")))
                        command=$words[i] first=_directories
                        words[i]=()
                        ((CURRENT--))
                        break ;;
                    esac
                done
                case $command in
            \(cases.joined(separator: "\n"))
                help)
                    _arguments '1:command:\(function)_commands' ;;
                esac
            }
            # When this file is not loaded as a function of its own, it says what it completes.
            if [[ $funcstack[1] == \(function) ]]; then
                \(function) "$@"
            else
                compdef \(function) \(self.program.name)
            fi

            """
    }

    private func specifications(of command: CommandDeclaration) -> [String] {
        let isDefault = command.name == self.program.defaultCommand.declaration.name
        let options = self.program.allOptions(of: command) + (isDefault ? [BuiltIn.completion] : [])
        let arguments = command.arguments.enumerated().map { index, argument in
            let completer =
                switch argument.completion {
                case .folders: isDefault ? "$first" : "_directories"
                case .values(let words): "(\(words.joined(separator: " ")))"
                case .nothing: " "
                }
            return "\"\(index + 1):\(argument.valueName):\(completer)\""
        }
        return options.map(Self.specification) + arguments
    }

    /// `'(-e --env)'{-e+,--env=}'[The wrangler environment to read.]:name: '`
    private static func specification(_ option: ParameterDeclaration) -> String {
        let exclusive = option.isRepeated ? "*" : "(\(option.spellings.joined(separator: " ")))"
        let isFlag = option.kind == .flag
        let forms =
            (option.letter.map { ["-\($0)" + (isFlag ? "" : "+")] } ?? [])
            + ["--\(option.name)" + (isFlag ? "" : "=")]
        let written = forms.count == 1 ? "\(forms[0])" : "{\(forms.joined(separator: ","))}"
        var tail = "[\(Self.escaped(option.help))]"
        if !isFlag {
            let values =
                switch option.completion {
                case .nothing: " "
                case .folders: "_directories"
                case .values(let values): "(\(values.joined(separator: " ")))"
                }
            tail += ":\(Self.escaped(option.valueName)):\(values)"
        }
        return Self.quoted(exclusive) + written + Self.quoted(tail)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if "[]:\\".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
