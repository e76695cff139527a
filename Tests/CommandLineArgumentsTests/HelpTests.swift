import CommandLineArguments
import Testing

@Suite("Help")
struct HelpTests {
    private func help(_ words: [String], columns: Int) -> String {
        guard case .print(let text) = SampleProgram.program.request(words, columns: columns) else { return "" }
        return text
    }

    @Test("of the whole program")
    func program() {
        #expect(
            self.help(["--help"], columns: 80) == """
                A program for tests.

                It does nothing. Exit codes: none.

                Usage: sample-console [<command>] [<options>]
                       sample-console help [<command>]

                Commands:
                  open (default)            Open it.
                  serve                     Serve it: without a screen.
                  check                     Check it.

                Options:
                  -h, --help                Show this help.
                      --version             Show the version.
                      --generate-completion-script <shell>
                                            Print the completion script of bash, zsh or fish.

                """)
    }

    @Test("of a command, wrapped to the width")
    func command() {
        #expect(
            self.help(["help", "open"], columns: 60) == """
                Open it.

                Usage: sample-console [open] [<options>] [<path>]

                Arguments:
                  <path>                    The folder.

                Options:
                  -e, --env <name>          The environment: its [name].
                      --loops <n>           How many.
                      --colour <name>       What's shown.
                  -q, --quiet               Say nothing.
                  -b, --backend <url>       Where to; repeat it for more,
                                            which are then tried in turn.
                  -h, --help                Show this help.
                      --version             Show the version.

                """)
    }

    @Test("no line is wider than the terminal", arguments: [50, 60, 80, 132])
    func width(columns: Int) {
        for command in ["open", "serve", "check"] {
            for line in self.help([command, "-h"], columns: columns).split(separator: "\n") {
                #expect(line.count <= columns, "\(line)")
            }
        }
    }
}
