import ConsoleUI
import StorageScreens
import WorkerDomain

/// Renders docs/reference/keys.md from the keys that the screens themselves name.
enum KeysPage {
    static func text() -> String {
        var lines = [
            ReferencePage.notice, "", "# Keys · 按键", "",
            "What each pane of each screen takes, and what an action is called in `[keys]` of `worker-console.toml`. "
                + "`⏎` is Enter; any of the keys of a row works.", "",
        ]
        lines += ["## Everywhere · 所有页面"]
        for section in GlobalKeys.sections() { lines += self.section(section) }
        for section in SharedKeys.all {
            lines += ["", "### \(section.title.english) · \(section.title.chinese)", ""] + self.table(section.keys)
        }
        for (index, screen) in ScreenCatalog.all.screens.enumerated() {
            let title = screen.title
            let names = title.english == title.chinese ? title.english : "\(title.english) · \(title.chinese)"
            lines += ["", "## \(index + 1) \(names)", "", "\(screen.summary.english) \(screen.summary.chinese)"]
            for section in screen.sections() { lines += self.section(section) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ section: KeySection) -> [String] {
        var lines = ["", "### \(section.title.english) · \(section.title.chinese)", ""]
        lines += ReferencePage.heading(["key", "action", "does", "作用"])
        for entry in section.entries {
            let keys = entry.keys.map { "`\(KeyName.shown($0))`" }.joined(separator: " ")
            lines.append(ReferencePage.row([keys, "`\(entry.action)`", entry.help.english, entry.help.chinese]))
        }
        if section.isTyping { lines += ["", "Every other key is text. 其他按键均为文字输入。"] }
        return lines
    }

    private static func table(_ keys: [KeyHint]) -> [String] {
        ReferencePage.heading(["key", "does", "作用"])
            + keys.map { hint in
                let keys = hint.key.split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
                return ReferencePage.row([keys, hint.label.english, hint.label.chinese])
            }
    }
}
