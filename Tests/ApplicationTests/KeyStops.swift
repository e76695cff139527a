import ConsoleUI
import Foundation
import TerminalCanvas
import TestScreens

/// The panes that tests open: every pane of every screen of the catalog, each on the shortest way that the keys of the
/// panes before it lead to it, and some further states of panes.
enum KeyStops {
    /// What the sample project has no way to.
    static let unreachable: Set<String> = [
        // Links are made for buckets on an S3 server, and those of the sample are local.
        "buckets.link",
        // The sample's database is opened without its writer.
        "database.write-mode",
        // The sample's check has a fix to read, and none that is applied.
        "checks.confirmation",
    ]

    /// Panes as they are behind keys that only more of them make: with a mark, in write mode.
    private static let more = [
        // Results are looked for below a whole bucket, after two turns of the field.
        KeyTour.Stop(
            screen: .buckets, pane: "buckets.found", path: [.character("/"), .tab, .tab, .character("e"), .enter]),
        KeyTour.Stop(screen: .traffic, pane: "traffic.list", path: [.character(" "), .up]),
        KeyTour.Stop(
            screen: .buckets, pane: "buckets.list", path: [.character("W"), .character("G"), .character(" ")]),
        KeyTour.Stop(screen: .buckets, pane: "buckets.object", path: [.character("G"), .enter]),
    ]

    private static let found = Task { try await Self.search() }

    /// Looked for once.
    static func all() async throws -> [KeyTour.Stop] { try await self.found.value + self.more }

    private static func search() async throws -> [KeyTour.Stop] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stops-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let tour = try KeyTour(folder: folder)
        var stops: [KeyTour.Stop] = []
        for screen in ScreenCatalog.withNotes.screens {
            stops += await PaneSearch(tour, screen: screen.id, panes: Set(screen.sections().map(\.name))).stops()
        }
        return stops
    }
}
