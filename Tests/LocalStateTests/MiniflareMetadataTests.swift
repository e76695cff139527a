import Foundation
import Testing
import WorkerDomain

@testable import LocalState

@Suite("Metadata of objects as miniflare stores it")
struct MiniflareMetadataTests {
    @Test("HTTP fields stand in order, and those without a value are left out")
    func http() {
        var http = ObjectHTTPMetadata(contentType: "text/html; a=\"b/c\"")
        #expect(MiniflareMetadata.http(http) == "{\"contentType\":\"text/html; a=\\\"b/c\\\"\"}")
        http.cacheControl = "no-store"
        http.cacheExpiry = WallTime(millisecondsSinceEpoch: 1_700_000_000_123)
        http.contentLanguage = "de"
        #expect(
            MiniflareMetadata.http(http)
                == "{\"cacheControl\":\"no-store\",\"cacheExpiry\":1700000000123,\"contentLanguage\":\"de\","
                + "\"contentType\":\"text/html; a=\\\"b/c\\\"\"}")
        #expect(MiniflareMetadata.http(ObjectHTTPMetadata()) == "{}")
    }

    @Test("the uploader's fields come back, whatever they hold, in the order of their bytes")
    func custom() throws {
        let fields = ["b": "1", "B": "\u{0}\n\u{7F}\u{2028}\"\\/", "e\u{301}": "é", "": "", "😀": "a", "\u{FFFD}": "b"]
        let text = MiniflareMetadata.custom(fields)
        #expect(try JSONDecoder().decode([String: String].self, from: Data(text.utf8)) == fields)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let plain = ["b": "1/2", "B": "é中", "10": "x", "9": "\"\\\n\t"]
        #expect(MiniflareMetadata.custom(plain) == String(decoding: try encoder.encode(plain), as: UTF8.self))
    }
}
