import Digests
import Testing

@Suite("Digests")
struct DigestTests {
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// RFC 1321 appendix A.5 and FIPS 180-4's examples.
    @Test(
        "known messages have known digests",
        arguments: [
            (Digest.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
            (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
            (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func vectors(digest: Digest, message: String, expected: String) {
        #expect(Self.hexadecimal(digest.hash(Array(message.utf8))) == expected)
    }

    @Test("a message of many blocks is read whole")
    func long() {
        // FIPS 180-4: a million times the letter a.
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            Self.hexadecimal(Digest.sha256.hash(message))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// RFC 4231 sections 4.2, 4.3 and 4.7, and the empty key and message.
    @Test(
        "known messages and keys have known authentication codes",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ])
    func codes(key: [UInt8], message: String, expected: String) {
        #expect(Self.hexadecimal(Digest.sha256.authenticationCode(of: Array(message.utf8), key: key)) == expected)
    }

    @Test("threads that compute at once get what one alone gets")
    func threads() async {
        await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<64 { group.addTask { Digest.md5.hash(Array("abc".utf8)) } }
            let expected = Digest.md5.hash(Array("abc".utf8))
            for await digest in group { #expect(digest == expected) }
        }
    }
}
