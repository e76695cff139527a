import ConsoleUI
import FoundationEssentials
import WorkerDomain

/// Renders docs/reference/keys.md from the keys that the screens themselves name.
enum KeysPage {
    private static let titles: [ScreenID: Phrase] = [
        .overview: Phrase("Overview", "概览"), .traffic: Phrase("Traffic", "流量"),
        .buckets: Phrase("Buckets", "存储桶"), .backends: Phrase("Backends", "后端"),
        .database: Phrase("D1", "D1"), .checks: Phrase("Checks", "检查"),
    ]

    /// - Throws: A file error when the sample project cannot be made in the temporary folder.
    static func text() async throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("worker-console-keys-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tour = try KeyTour(folder: folder)
        var lines = [
            ReferencePage.notice, "", "# Keys · 按键", "",
            "The keys that each pane of each screen handles. `⏎` is Enter; where two keys are listed together, either works.",
            "",
            "## Everywhere · 所有页面", "",
        ]
        lines += self.table(GlobalKeys.all)
        for section in KeyStops.common {
            lines += ["", "## \(section.title.english) · \(section.title.chinese)", ""] + self.table(section.keys)
        }
        var screen: ScreenID?
        for stop in KeyStops.all {
            if stop.screen != screen {
                screen = stop.screen
                let title = self.titles[stop.screen] ?? Phrase("", "")
                let names = title.english == title.chinese ? title.english : "\(title.english) · \(title.chinese)"
                lines += ["", "## \(stop.screen.rawValue) \(names)"]
            }
            lines += ["", "### \(stop.title.english) · \(stop.title.chinese)", ""]
            lines += self.table(await tour.keys(at: stop))
        }
        for type in ScreenCatalog.all where !KeyStops.all.contains(where: { $0.screen == type.id }) {
            lines += ["", "## MISSING: \(type.id)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ keys: [KeyHint]) -> [String] {
        ReferencePage.heading(["key", "does", "作用"])
            + keys.map { hint in
                let keys = hint.key.split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
                return ReferencePage.row([keys, hint.label.english, hint.label.chinese])
            }
    }
}
