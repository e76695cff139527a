import Foundation
import SQLite
import TestSupport
import Testing
import WorkerDomain

@testable import LocalState

@Suite("Speed of a large local bucket", .timeLimit(.minutes(5)))
struct BucketSpeedTests {
    /// Objects in 1,000 folders, as miniflare stores them: with blobs' names and digests, without the blobs.
    private static func store(rows: Int, in folder: String) throws -> MiniflareBucketStore {
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.store([], inBucket: "uploads")
        let database = try SQLiteConnection(path: writer.state.database(.r2, name: "uploads"))
        try database.run(
            """
            WITH RECURSIVE c(n) AS (VALUES(0) UNION ALL SELECT n + 1 FROM c LIMIT \(rows))
            INSERT INTO _mf_objects SELECT printf('folder-%03d/object-%07d.png', n / max(1, \(rows / 1_000)), n),
            printf('%080x', n), printf('%032x', n), n % 100000, printf('%032x', n), 1766000000000, '{}',
            '{"contentType":"image/png"}', '{}' FROM c
            """)
        return MiniflareBucketStore(state: writer.state, candidates: ["uploads"])
    }

    /// R2_ROWS=1000000 measures the size that is promised and prints the figures. A debug build, which reads a row about
    /// ten times as slowly, gets ten times the time.
    @Test("the first page, a page in the middle and a level of 1,000 prefixes come in milliseconds, whatever the size")
    func pages() async throws {
        let asked = ProcessInfo.processInfo.environment["R2_ROWS"].flatMap { Int($0) }
        let rows = max(2_000, asked ?? 100_000)
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try Self.store(rows: rows, in: folder)
        let factor = _isDebugAssertConfiguration() ? 10 : 1
        var report: [String] = []
        func measure(_ name: String, _ limit: Duration, _ request: ObjectListRequest, _ count: Int) async throws {
            var best = Duration.seconds(100)
            for _ in 0..<5 {
                let start = ContinuousClock.now
                let page = try await store.list(request)
                best = min(best, start.duration(to: .now))
                #expect(page.entries.count == count, "\(name)")
            }
            report.append("\(name) of \(rows) rows: \(best)")
            #expect(best <= limit * factor, "\(name): \(best)")
        }
        try await measure("first page", .milliseconds(30), ObjectListRequest(), 1_000)
        let middle = ObjectListRequest(startAfter: "folder-499/", limit: 1_000)
        try await measure("page in the middle", .milliseconds(30), middle, 1_000)
        let level = ObjectListRequest(delimiter: "/")
        try await measure("level of 1,000 prefixes", .milliseconds(100), level, 1_000)
        if asked != nil { print(report.joined(separator: "\n")) }
    }
}
