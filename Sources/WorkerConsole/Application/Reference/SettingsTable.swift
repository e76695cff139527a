import WorkerProject

/// Renders the table of docs/user-guide/configuration.md from ``Settings``.
enum SettingsTable {
    static func text() -> String {
        let rows = Settings.all.map { setting in
            ReferencePage.row(["`\(setting.key)`", setting.standard, setting.range, setting.about])
        }
        return (ReferencePage.heading(["key", "default", "may be", "meaning"]) + rows).joined(separator: "\n") + "\n"
    }
}
