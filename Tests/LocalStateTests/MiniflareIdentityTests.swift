import Foundation
import LocalState
import TestSupport
import Testing

@Suite("Miniflare's file names")
struct MiniflareIdentityTests {
    @Test(
        "an identifier is workerd's idFromName",
        arguments: [
            ("miniflare-D1DatabaseObject", "DB", "e7352547963de7050bd7d94658afc4fe78b61811b7815da12d90be8e863abf4d"),
            ("miniflare-D1DatabaseObject", "test", "4a62eb77e8027a07bc28bb740695334aa24b16763fe434d3b076a1d027f362a8"),
            (
                "miniflare-D1DatabaseObject", "00000000-0000-0000-0000-000000000000",
                "9ba2b04bf514d9facfd57ed57d849e77241a7adc99d1c1545d06688b43d84248"
            ),
            (
                "miniflare-R2BucketObject", "my-emdash-media",
                "fdd428b8449a54ae447e957f6525f7e6b3724bd3efe64dd395c8bd1502cd4d62"
            ),
            (
                "miniflare-R2BucketObject", "my-bucket",
                "fec9bf90462227cae0d8c2e4a1e8e8dd42ecf9f10ff15615fe473049dba5a24c"
            ),
            ("miniflare-R2BucketObject", "test", "df0212606c4372785b32fd4ff8933d73b8feb81e768d396f068f444369c02dd7"),
            ("miniflare-KVNamespaceObject", "test", "c7c78e8472e5f2fc5f078a5293b5db9f98beb8c4fae0c01eee0f43819ce88d6b"),
            ("miniflare-CacheObject", "default", "9f458c07675338a7426a7b81ac4fb1baf92d034efbcaaf4336379640ed744ded"),
        ])
    func identifier(key: String, name: String, expected: String) {
        #expect(MiniflareIdentity.identifier(uniqueKey: key, name: name) == expected)
    }

    struct Case: Decodable {
        let section: String
        let entry: [String: String]
        let nameUsed: String
        let file: String
    }

    @Test("every binding that wrangler was given leads to the file that it made")
    func namesAndFiles() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let cases = try decoder.decode([Case].self, from: Data(Fixtures.bytes("names-and-files.json")))
        #expect(cases.count == 13)
        let kinds: [String: MiniflareIdentity.Kind] = ["d1_databases": .d1, "r2_buckets": .r2, "kv_namespaces": .kv]
        for item in cases {
            let kind = try #require(kinds[item.section])
            let name = try #require(item.entry[item.nameUsed])
            #expect(MiniflareState(root: "v3").database(kind, name: name) == item.file)
        }
    }

    @Test(
        "a blob folder's name cannot leave its place",
        arguments: [
            ("resume-uploads", "resume-uploads"), ("..", "__"), ("a/../b", "a____b"), ("/etc", "_etc"), (" x ", "_x_"),
            ("con", "_"), ("COM1.txt", "_"), ("a:b|c\u{1}", "a_b_c_"), ("简历", "简历"), ("a..b", "a..b"), ("", ""),
            (String(repeating: "x", count: 300), String(repeating: "x", count: 255)),
        ])
    func sanitised(name: String, expected: String) {
        #expect(MiniflareIdentity.sanitised(name) == expected)
    }
}
