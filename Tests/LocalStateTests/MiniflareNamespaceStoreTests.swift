import Foundation
import LocalState
import TestSupport
import Testing
import WorkerDomain

@Suite("KV state of wrangler dev")
struct MiniflareNamespaceStoreTests {
    @Test(
        "names, metadata, expiry and values are those that the namespace's own API gives",
        arguments: WranglerState.versions)
    func names(version: String) async throws {
        let store = MiniflareNamespaceStore(
            state: MiniflareState(projectFolder: try WranglerState.project(version)),
            candidates: ["5e55105e55105e55105e55105e551055", "SESSIONS"])
        let text = String(decoding: try Fixtures.bytes("expected-\(version)/kv-SESSIONS.ndjson"), as: UTF8.self)
        let expected = try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        var entries: [KeyValueEntry] = []
        var cursor: String?
        repeat {
            let page = try await store.list(prefix: "", cursor: cursor, limit: 7)
            entries += page.entries
            cursor = page.nextCursor
        } while cursor != nil
        #expect(entries.map(\.key) == expected.map { $0["name"] as? String })
        for (entry, wanted) in zip(entries, expected) {
            let seconds = entry.expiresAt.map { $0.nanosecondsSinceEpoch / 1_000_000_000 }
            #expect(seconds == (wanted["expiration"] as? NSNumber)?.int64Value)
            let metadata = try entry.metadata.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
            #expect(metadata as? [String: String] == wanted["metadata"] as? [String: String])
            let value = try await store.value(of: entry.key, maximumBytes: 1 << 20)?.bytes
            let base64 = (wanted["value"] as? [String: String])?["$b"]
            #expect(value == base64.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) })
        }
        let flags = try await store.list(prefix: "flag:", cursor: nil, limit: 1_000)
        #expect(flags.entries.count == 60)
        #expect(try await store.value(of: "flag:000", maximumBytes: 2)?.bytes == Array("of".utf8))
        #expect(try await store.value(of: "nothing", maximumBytes: 2) == nil)
    }

    @Test("what has expired is not listed")
    func expiry() async throws {
        let store = MiniflareNamespaceStore(
            state: MiniflareState(projectFolder: try WranglerState.project("4.56.0")),
            candidates: ["5e55105e55105e55105e55105e551055"],
            now: { WallTime(millisecondsSinceEpoch: 2_145_916_800_000) })
        let page = try await store.list(prefix: "session:", cursor: nil, limit: 10)
        #expect(page.entries.map(\.key) == ["session:u-1001"])
        #expect(try await store.value(of: "session:u-1002", maximumBytes: 9) == nil)
    }
}
