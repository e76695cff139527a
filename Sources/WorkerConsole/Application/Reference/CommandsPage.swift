import ArgumentParser

/// Renders docs/reference/commands.md from the help text of every command.
enum CommandsPage {
    private static let exitCodes: [(code: String, meaning: String)] = [
        ("0", "done; for `check`: nothing fails"),
        ("1", "something was found: a failing check, a configuration that wrangler would refuse"),
        ("2", "the work could not be done: no such folder, the port is in use, no terminal"),
        ("64", "the command line is wrong"),
    ]

    static func text() -> String {
        var lines = [
            ReferencePage.notice, "", "# Commands", "",
            "Standard output is data, standard error is talk.",
            "How each is used without a screen: [headless](../user-guide/headless.md).",
        ]
        let commands: [any ParsableCommand.Type] = [RootCommand.self] + RootCommand.configuration.subcommands
        for command in commands {
            let help = RootCommand.helpMessage(for: command, includeHidden: false, columns: 100)
            lines += ["", "## \(command.configuration.commandName ?? "MISSING")", "", "```text"]
            lines += help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                String(line.reversed().drop { $0 == " " }.reversed())
            }
            while lines.last?.isEmpty == true { lines.removeLast() }
            lines.append("```")
        }
        lines += ["", "## Exit codes", ""] + ReferencePage.heading(["code", "meaning"])
        lines += self.exitCodes.map { ReferencePage.row([$0.code, $0.meaning]) }
        return lines.joined(separator: "\n") + "\n"
    }
}
