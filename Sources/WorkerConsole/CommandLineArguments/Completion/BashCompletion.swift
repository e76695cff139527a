/// Writes the completion script of bash.
struct BashCompletion {
    let program: Program

    var script: String {
        let standard = self.program.defaultCommand.declaration.name
        let names = self.program.declarations.map(\.name)
        return """
            # Completion of \(self.program.name) for bash.
            _\(self.program.functionName)() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
                local command=\(standard) named= words= folders= position=0 i
                # Bash splits --name=value at the equals sign.
                if [[ $current == = ]]; then
                    current=
                elif [[ $previous == = ]]; then
                    previous=${COMP_WORDS[COMP_CWORD-2]}
                fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i-1]} in
                        \((self.program.valuedSpellings + ["="]).joined(separator: "|"))) continue ;;
                    esac
                    if [[ ! $named ]]; then
                        case ${COMP_WORDS[i]} in
                            \((names + ["help"]).joined(separator: "|"))) command=${COMP_WORDS[i]} named=yes; continue ;;
                        esac
                    fi
                    case ${COMP_WORDS[i]} in
                        -*|=) ;;
                        *) position=$((position + 1)) ;;
                    esac
                done
                case $command:$previous in
            \(self.values)
                *)
                    case $command:$current in
            \(self.options)
                    *)
                        if [[ ! $named ]]; then words='\((names + ["help"]).joined(separator: " "))'; fi
                        case $command in
                        help) words='\(names.joined(separator: " "))' ;;
                        \(self.withFolders)) folders=yes ;;
            \(self.withWords)
                        esac ;;
                    esac ;;
                esac
                local IFS=$'\\n'
                COMPREPLY=($(compgen -W "${words// /$'\\n'}" -- "$current"))
                if [[ $folders ]]; then
                    compopt -o filenames 2>/dev/null
                    COMPREPLY+=($(compgen -d -- "$current"))
                fi
            }
            complete -F _\(self.program.functionName) \(self.program.name)

            """
    }

    /// What follows an option that has a value.
    private var values: String {
        let ofCommands = self.program.declarations.flatMap { command in
            command.options.filter { $0.kind == .option }.map { option in
                let places = option.spellings.map { "\(command.name):\($0)" }
                return "    \(places.joined(separator: "|"))) \(Self.action(for: option))"
            }
        }
        return (ofCommands + ["    *:--\(BuiltIn.completion.name)) \(Self.action(for: BuiltIn.completion))"])
            .joined(separator: "\n")
    }

    private var options: String {
        let ofCommands = self.program.declarations.map { command in
            let names = self.program.allOptions(of: command).map { "--\($0.name)" }
            let isDefault = command.name == self.program.defaultCommand.declaration.name
            let more = isDefault ? [BuiltIn.completion].map { "--\($0.name)" } : []
            return "        \(command.name):-*) words='\((names + more).joined(separator: " "))' ;;"
        }
        return ofCommands.joined(separator: "\n")
    }

    private var withFolders: String {
        let names = self.program.declarations
            .filter { $0.arguments.contains { $0.completion == .folders } }.map(\.name)
        // A pattern must stand there even when no command has a folder.
        return (names + [":"]).joined(separator: "|")
    }

    /// Commands whose first argument is one of some words.
    private var withWords: String {
        let lines = self.program.declarations.compactMap { command -> String? in
            guard case .values(let words)? = command.arguments.first?.completion else { return nil }
            let list = words.joined(separator: " ")
            return "            \(command.name)) if ((position == 0)); then words='\(list)'; fi ;;"
        }
        return lines.isEmpty ? "            :) ;;" : lines.joined(separator: "\n")
    }

    private static func action(for option: ParameterDeclaration) -> String {
        switch option.completion {
        case .nothing: ";;"
        case .folders: "folders=yes ;;"
        case .values(let values): "words='\(values.joined(separator: " "))' ;;"
        }
    }
}
