import Digests
import Testing

/// Known vectors: RFC 1321, FIPS 180-4 and RFC 4231.
@Suite("Digests")
struct DigestTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(
        "of \"abc\" and of nothing",
        arguments: [
            (Digest.md5, "900150983cd24fb0d6963f7d28e17f72", "d41d8cd98f00b204e9800998ecf8427e"),
            (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (
                .sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            ),
        ])
    func known(digest: Digest, abc: String, empty: String) {
        #expect(self.hex(digest.hash(Array("abc".utf8))) == abc)
        #expect(self.hex(digest.hash([])) == empty)
    }

    @Test("have their lengths", arguments: zip(Digest.allCases, [16, 20, 32, 48, 64]))
    func lengths(digest: Digest, count: Int) {
        #expect(digest.hash([1]).count == count)
    }

    @Test("with a key, RFC 4231 case 2, and with an empty key")
    func keyed() {
        let code = Digest.sha256.authenticationCode(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(self.hex(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            self.hex(Digest.sha256.authenticationCode([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }
}
