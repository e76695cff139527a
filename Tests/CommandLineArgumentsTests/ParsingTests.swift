import CommandLineArguments
import Testing

@Suite("Parsing of a command line")
struct ParsingTests {
    /// What was typed, and what was read.
    struct Line: Sendable, CustomTestStringConvertible {
        let words: [String]
        let read: String

        init(_ words: [String], _ read: String) {
            self.words = words
            self.read = read
        }

        var testDescription: String { self.words.joined(separator: " ") }
    }

    static let lines = [
        Line([], "(open) ."),
        Line(["folder"], "(open) folder"),
        Line(["open"], "open ."),
        Line(["open", "folder"], "open folder"),
        Line(["open", "serve"], "open serve"),
        Line(["serve"], "serve ."),
        Line(["./serve"], "(open) ./serve"),
        Line(["--", "serve"], "(open) serve"),
        Line(["serve", "--", "--quiet"], "serve --quiet"),
        Line(["serve", "--", "--"], "serve --"),
        // Options stand before and after the argument, and before the command.
        Line(["open", "--env", "a", "folder"], "open folder env=a"),
        Line(["open", "folder", "--env", "a"], "open folder env=a"),
        Line(["--env", "a", "open", "folder"], "open folder env=a"),
        Line(["--env", "serve"], "(open) . env=serve"),
        Line(["--env", "serve", "serve"], "sample-console: serve has no option --env; open has it"),
        Line(["-q", "serve"], "serve . quiet"),
        Line(["-e", "serve", "folder"], "(open) folder env=serve"),
        Line(["-qe", "serve", "open"], "open . env=serve quiet"),
        Line(["-eserve", "open"], "open . env=serve"),
        // Values.
        Line(["--env=a"], "(open) . env=a"),
        Line(["--env=a=b"], "(open) . env=a=b"),
        Line(["--env="], "(open) . env="),
        Line(["--env", ""], "(open) . env="),
        Line(["--env=--quiet"], "(open) . env=--quiet"),
        Line(["--env", "-"], "(open) . env=-"),
        Line(["-e", "a"], "(open) . env=a"),
        Line(["-ea"], "(open) . env=a"),
        Line(["-e=a"], "(open) . env=a"),
        Line(["-qea"], "(open) . env=a quiet"),
        Line(["-qqe", "a"], "(open) . env=a quiet"),
        Line(["--loops", "-3"], "(open) . loops=-3"),
        Line(["--loops=-3"], "(open) . loops=-3"),
        Line(["-7"], "(open) -7"),
        Line(["-"], "(open) -"),
        Line(["--colour", "mono"], "(open) . colour=mono"),
        Line(["--env", "a", "--env", "b"], "(open) . env=b"),
        Line(["--backend", "http:a", "-b", "http:b", "-bhttp:c"], "(open) . http:a http:b http:c"),
        // What is built in.
        Line(["--help"], "print: A program for tests."),
        Line(["-h"], "print: A program for tests."),
        Line(["help"], "print: A program for tests."),
        Line(["help", "help"], "print: A program for tests."),
        Line(["help", "serve"], "print: Serve it: without a screen."),
        Line(["serve", "--help"], "print: Serve it: without a screen."),
        Line(["--help", "serve"], "print: Serve it: without a screen."),
        Line(["serve", "-qh"], "print: Serve it: without a screen."),
        Line(["serve", "--nonsense", "x", "y", "--help"], "print: Serve it: without a screen."),
        Line(["open", "--env", "--help"], "print: Open it."),
        Line(["serve", "--", "--help"], "serve --help"),
        Line(["--version"], "print: 1.2.3"),
        Line(["check", "--version"], "print: 1.2.3"),
    ]

    @Test("every form of an option is read", arguments: lines)
    func read(line: Line) {
        #expect(SampleProgram.outcome(line.words) == line.read)
    }

    static let mistakes = [
        Line(["--bakend", "http:a"], #"unknown option "--bakend"; did you mean --backend?"#),
        Line(["--backedn=http:a"], #"unknown option "--backedn"; did you mean --backend?"#),
        Line(["--QUIET"], #"unknown option "--QUIET"; did you mean --quiet?"#),
        Line(["--hlep"], #"unknown option "--hlep"; did you mean --help?"#),
        Line(["--back"], #"unknown option "--back"; did you mean --backend?"#),
        Line(["--zzz"], #"unknown option "--zzz""#),
        Line(["--=x"], #"unknown option "--""#),
        Line(["-x"], #"unknown option "-x""#),
        Line(["-qx"], #"unknown option "-x""#),
        Line(["--json"], "open has no option --json; check has it"),
        Line(["check", "--quiet"], "check has no option --quiet; open and serve have it"),
        Line(["check", "-q"], "check has no option -q; open and serve have it"),
        Line(["--env"], "--env needs a value: --env <name>"),
        Line(["-e"], "-e needs a value: -e <name>"),
        Line(["--env", "--quiet"], "--env needs a value: --env <name>"),
        Line(["--env", "--", "x"], "--env needs a value: --env <name>"),
        Line(["--quiet=yes"], "--quiet takes no value"),
        Line(["-q=yes"], "-q takes no value"),
        Line(["--help=yes"], "--help takes no value"),
        Line(["--loops", "x"], #"invalid value "x" for --loops: must be a whole number from -4 to 64"#),
        Line(
            ["--loops", "65", "--loops", "1"], #"invalid value "65" for --loops: must be a whole number from -4 to 64"#),
        Line(
            ["--colour", "drak"],
            #"invalid value "drak" for --colour: must be dark, light or mono; did you mean dark?"#),
        Line(["-b", "ftp:"], #"invalid value "ftp:" for --backend: must begin with http"#),
        Line([""], #"invalid value "" for <path>: it is empty"#),
        Line(["a", "b"], #"unexpected argument "b""#),
        Line(["check", "a"], #"unexpected argument "a""#),
        Line(["serve", "-bhttp:", "-bhttp:", "-bhttp:"], "more than two backends"),
        Line(["help", "sevre"], #"unknown command "sevre"; did you mean serve?"#),
        Line(["help", "zzz"], #"unknown command "zzz""#),
        Line(["help", "serve", "x"], #"unexpected argument "x""#),
        Line(
            ["--generate-completion-script", "tcsh"],
            #"no completion script for "tcsh"; choose bash, zsh or fish"#),
        Line(["--generate-completion-script"], "--generate-completion-script needs a value: bash, zsh or fish"),
    ]

    @Test("a mistake is named, with what was probably meant", arguments: mistakes)
    func refuse(line: Line) {
        #expect(SampleProgram.outcome(line.words) == "sample-console: " + line.read)
    }

    @Test("a refusal says how the command is used and where more is said")
    func refusal() {
        guard case .refuse(let lines) = SampleProgram.program.request(["serve", "--zzz"]) else {
            Issue.record("--zzz was taken")
            return
        }
        #expect(
            lines == [
                #"sample-console: unknown option "--zzz""#, "usage: sample-console serve [<options>] [<path>]",
                "sample-console serve --help shows more",
            ])
        #expect(Program.usageExitCode == 64)
    }

    @Test("the command nearest to a word", arguments: [("serv", "serve"), ("chekc", "check"), ("opne", "open")])
    func near(word: String, command: String) {
        #expect(SampleProgram.program.commandNear(word) == command)
    }

    @Test("nothing is near a word of another kind", arguments: ["", "x", "src", "folder", "production"])
    func far(word: String) {
        #expect(SampleProgram.program.commandNear(word) == nil)
    }
}
