import CommandLineArguments

/// Renders docs/reference/commands.md from the table of commands.
enum CommandsPage {
    private static let exitCodes: [(code: String, meaning: String)] = [
        ("0", "done; for `check`: nothing fails"),
        ("1", "something was found: a failing check, a configuration that wrangler would reject"),
        ("2", "the work could not be done: no such folder, the port is in use, no terminal"),
        ("64", "the command line is wrong"),
    ]

    static func text() -> String {
        let program = Commands.program
        var lines = [
            ReferencePage.notice, "", "# Commands", "",
            "Data goes to standard output, messages go to standard error.",
            "How each is used without a screen: [headless](../user-guide/headless.md).",
        ]
        lines += self.section(program.name, program.help(of: nil, columns: self.columns))
        for command in program.declarations {
            lines += self.section(command.name, program.help(of: command, columns: self.columns))
        }
        lines += [
            "", "## How options are written", "",
            "`--name value` and `--name=value` are the same, and so are `-e name`, `-ename` and `-e=name`.",
            "Short flags can be combined: `-qe name`.",
            "Options can come before or after the folder and the command; after `--` nothing is an option.",
            "Of an option that is given more than once the last value counts, but for `--backend`, where all do.",
        ]
        lines += ["", "## Exit codes", ""] + ReferencePage.heading(["code", "meaning"])
        lines += self.exitCodes.map { ReferencePage.row([$0.code, $0.meaning]) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let columns = 100

    private static func section(_ title: String, _ help: String) -> [String] {
        ["", "## \(title)", "", "```text"]
            + help.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init) + ["```"]
    }
}
