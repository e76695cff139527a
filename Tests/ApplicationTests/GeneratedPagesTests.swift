import Application
import Foundation
import Testing

@Suite("Generated pages", .timeLimit(.minutes(1)))
struct GeneratedPagesTests {
    @Test("the pages that are made from the code are the ones in the repository")
    func pages() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        for page in try await ReferencePage.all() {
            let url = root.appendingPathComponent(page.path)
            #expect(!page.text.contains("MISSING"), "\(page.path) lacks an entry for something new")
            let committed = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
            let whole = try #require(
                page.replacing(committed), "\(page.path) lacks the comments around what is made from the code")
            #expect(page.text.contains("\n| ") && page.text.utf8.count > 500, "\(page.path) is all but empty")
            if ProcessInfo.processInfo.environment["RECORD_PAGES"] == "1" {
                try Data(whole.utf8).write(to: url)
                continue
            }
            #expect(committed == whole, "\(page.path) is stale: run `make docs`")
        }
    }
}
