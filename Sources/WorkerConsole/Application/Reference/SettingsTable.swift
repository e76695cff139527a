import WorkerProject

/// Renders the table of docs/user-guide/configuration.md from ``Settings``.
enum SettingsTable {
    static func text() -> String {
        let rows = Settings.all.map { setting in
            // What is not marked waits for the next start.
            ReferencePage.row([
                "`\(setting.key)`", setting.standard, setting.range,
                setting.about + (setting.isTakenOver ? " · *applies immediately*" : ""),
            ])
        }
        return (ReferencePage.heading(["key", "default", "may be", "meaning"]) + rows).joined(separator: "\n") + "\n"
    }
}
