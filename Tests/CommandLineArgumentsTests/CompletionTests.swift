import CommandLineArguments
import Foundation
import Testing

@Suite("Completion scripts", .timeLimit(.minutes(1)))
struct CompletionTests {
    private static func has(_ shell: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\(shell)")
    }

    private func script(_ shell: String) throws -> String {
        guard case .print(let text) = SampleProgram.program.request(["--generate-completion-script", shell]) else {
            throw CocoaError(.featureUnsupported)
        }
        return text
    }

    /// Runs a program of a shell in a folder that holds the folders `sub one` and `serve-data`, and the script.
    private func run(_ shell: String, _ arguments: [String]) throws -> (output: String, status: Int32) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wc-completion-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["sub one", "serve-data"] {
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        try Data(self.script(shell).utf8).write(to: folder.appendingPathComponent("_sample_console"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(shell)")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "HOME": folder.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "dumb",
            "XDG_CONFIG_HOME": folder.path + "/.config", "XDG_DATA_HOME": folder.path + "/.data",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus)
    }

    @Test("the shell itself finds no mistake", arguments: ["bash", "zsh", "fish"].filter(has))
    func syntax(shell: String) throws {
        let result = try self.run(shell, ["-n", "_sample_console"])
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }

    @Test("the user's shell is taken when none is named")
    func ownShell() throws {
        let named = try self.script("zsh")
        let program = SampleProgram.program
        guard case .print(let text) = program.request(["--generate-completion-script"], shell: "/usr/bin/zsh"),
            case .print(let joined) = program.request(["--generate-completion-script=zsh"])
        else {
            Issue.record("no script was printed")
            return
        }
        #expect(text == named && joined == named)
    }

    /// Words before the cursor, the last one to be completed, and what each shell offers for it.
    struct Case: Sendable, CustomTestStringConvertible {
        let words: [String]
        let offers: Set<String>

        init(_ words: [String], _ offers: Set<String>) {
            self.words = words
            self.offers = offers
        }

        var testDescription: String { self.words.joined(separator: " ") }
    }

    static let cases = [
        Case(["s"], ["serve", "serve-data", "sub one"]),
        Case(["op"], ["open"]),
        Case(["open", "s"], ["serve-data", "sub one"]),
        Case(["serve", "s"], ["serve-data", "sub one"]),
        Case(["check", "s"], []),
        Case(["help", "s"], ["serve"]),
        Case(["--colour", "d"], ["dark"]),
        Case(["open", "--colour", ""], ["dark", "light", "mono"]),
        Case(["--l"], ["--loops"]),
        Case(["serve", "--q"], ["--quiet"]),
        Case(["check", "--"], ["--json", "--help", "--version"]),
        Case(["--env", "serve", "--l"], ["--loops"]),
        Case(["-e", "serve", "--l"], ["--loops"]),
        Case(["--generate-completion-script", "z"], ["zsh"]),
    ]

    @Test("bash offers commands, options, values and folders", .enabled(if: has("bash")), arguments: cases)
    func bash(line: Case) throws {
        let words = (["sample-console"] + line.words).map { "'\($0)'" }.joined(separator: " ")
        let program = """
            source ./_sample_console; COMP_WORDS=(\(words)); COMP_CWORD=\(line.words.count)
            _sample_console; printf '%s\\n' "${COMPREPLY[@]}"
            """
        let offered = try self.run("bash", ["--norc", "-c", program]).output.split(separator: "\n").map(String.init)
        #expect(Set(offered) == line.offers)
        #expect(offered.count == line.offers.count)
    }

    @Test(
        "bash offers values behind an equals sign, which it splits words at", .enabled(if: has("bash")),
        arguments: ["", "d"])
    func bashEquals(start: String) throws {
        let words = start.isEmpty ? "--colour =" : "--colour = \(start)"
        let program = """
            source ./_sample_console; COMP_WORDS=(sample-console \(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _sample_console; printf '%s\\n' "${COMPREPLY[@]}"
            """
        let offered = try self.run("bash", ["--norc", "-c", program]).output.split(separator: "\n")
        #expect(offered == (start.isEmpty ? ["dark", "light", "mono"] : ["dark"]))
    }

    @Test("fish offers the same", .enabled(if: has("fish")), arguments: cases)
    func fish(line: Case) throws {
        let words = (["sample-console"] + line.words).joined(separator: " ")
        let output = try self.run("fish", ["--no-config", "-c", "source ./_sample_console; complete -C '\(words)'"])
            .output
        let offered = output.split(separator: "\n").map { line in
            var word = String(line.split(separator: "\t").first ?? "")
            if word.hasSuffix("/") { word.removeLast() }
            return word.replacing("\\ ", with: " ")
        }
        #expect(Set(offered) == line.offers, "\(output)")
    }

    @Test("zsh offers the same", .enabled(if: has("zsh")), arguments: cases)
    func zsh(line: Case) throws {
        let words = (["sample-console"] + line.words).joined(separator: " ")
        // A shell on a terminal of its own: completion needs one. Every match is listed on one line, in marks.
        // While the line editor is not there yet, the terminal would let Ctrl-U take back what was typed before it.
        let program = #"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PS1= PS2=; stty -echo kill undef; autoload -Uz compinit; compinit -D -u; source ./_sample_console'
            zpty -w shell 'compadd() { if [[ $@[1,(i)(-|--)] == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi; builtin compadd -A found "$@"; for match in "${found[@]}"; do print -r -- "<${(Q)match}>" >> found.txt; done; builtin compadd "$@" }'
            zpty -w shell 'zle -C list list-choices complete; complete() { _main_complete }; bindkey "^T" list; print REA""DY'
            zpty -r shell line '*READY*'
            zpty -w -n shell $'WORDS\C-t'
            zpty -w -n shell $'\C-u print DO""NE\n'
            zpty -r shell line '*DONE*'
            zpty -d shell
            cat found.txt 2>/dev/null
            """#.replacing("WORDS", with: words)
        let output = try self.run("zsh", ["-f", "-c", program]).output
        let offered = output.split(separator: "\n").map { String($0.dropFirst().dropLast()) }
        #expect(Set(offered) == line.offers, "\(output)")
    }
}
