import Digests
import Foundation
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test("bytes of every length become what Foundation makes of them, and come back")
    func lengths() {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 256) }
        for count in Array(0..<70) + [255, 256, 257, 998, 999, 1_000] {
            let part = Array(bytes[..<count])
            #expect(Base64.text(part) == Data(part).base64EncodedString())
            #expect(Base64.bytes(Base64.text(part)) == part)
        }
    }

    @Test("pieces join without padding between them", arguments: [0, 1])
    func pieces(more: Int) {
        let bytes = [UInt8](repeating: 0xA5, count: (3 << 20) + more)
        let text = Base64.text(bytes)
        #expect(text == Data(bytes).base64EncodedString())
        #expect(Base64.bytes(text) == bytes)
    }

    @Test(
        "only whole groups of the alphabet with their padding are base64",
        arguments: [
            ("", []), ("AAAA", [0, 0, 0]), ("AA==", [0]), ("AAA=", [0, 0]), ("AA+/", [0, 15, 191]), ("AB==", [0]),
            ("AAB=", [0, 0]), ("////", [255, 255, 255]), ("=", nil), ("==", nil), ("====", nil), ("A", nil),
            ("AA", nil),
            ("AAA", nil), ("AA=", nil), ("A===", nil), ("AA=A", nil), ("=AAA", nil), ("A=AA", nil), ("AAAA=", nil),
            ("AAAA====", nil), ("AA==AA==", nil), ("AA A", nil), (" AAAA", nil), ("AAAA\n", nil), ("AA==\n", nil),
            ("AAA ", nil), ("AA-_", nil), ("AAA\u{E9}", nil), ("AAA\u{0}", nil), ("A=\u{301}A=", nil), ("ＡＡＡＡ", nil),
        ] as [(String, [UInt8]?)])
    func table(text: String, bytes: [UInt8]?) {
        #expect(Base64.bytes(text) == bytes)
        // What is taken here is so for Foundation.
        if let bytes { #expect(Data(base64Encoded: text).map { [UInt8]($0) } == bytes) }
    }
}
