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
            #expect(page.text.contains("\n| ") && page.text.utf8.count > 500, "\(page.path) is all but empty")
            if ProcessInfo.processInfo.environment["RECORD_PAGES"] == "1" {
                try Data(page.text.utf8).write(to: url)
                continue
            }
            let committed = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
            #expect(committed == page.text, "\(page.path) is stale: run `make docs`")
        }
    }
}
