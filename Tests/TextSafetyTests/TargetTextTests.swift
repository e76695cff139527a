import Testing

@testable import TextSafety

/// What is shown of a target can be read in one way only.
@Suite("paths as people read them")
struct TargetTextTests {
    @Test(
        "text is decoded",
        arguments: [
            ("/api/resumes?city=%E4%B8%8A%E6%B5%B7&page=14", "/api/resumes?city=上海&page=14"),
            ("/%e7%85%a7%E7%89%87/%41%7a", "/照片/Az"), ("/caf%C3%A9", "/café"), ("/cafe%CC%81", "/cafe\u{301}"),
            ("/my%20file.txt", "/my file.txt"), ("/%F0%A0%AE%B7%E9%87%8E", "/𠮷野"), ("/plain", "/plain"),
            ("/上海/%E6%B5%B7", "/上海/海"), ("?q=%7B%22a%22%3A1%7D", "?q={\"a\"%3A1}"),
        ])
    func decoded(target: String, shown: String) {
        #expect(TargetText.shown(target) == shown)
    }

    @Test(
        "what parts a target, steers a terminal, cannot be seen or is of another encoding stays escaped",
        arguments: [
            "/a%2Fb", "/a%3Fb", "/a%26b%3Dc", "/a%23b", "/100%25", "/%2541", "/%2E%2E/x", "/a%5Cb", "/a%3Bb", "/a+b",
            "/a%2Bb", "/a%00", "/a%0Ab", "/a%1B[31m", "/a%7F", "/a%C2%9B", "/a%E2%80%AEb", "/a%E2%80%8Bb",
            "/a%EF%BB%BF", "/a%C2%A0b", "/a%E3%80%80b", "/a%E2%80%A8", "/%CC%81", "/a%C0%AFb", "/a%ED%A0%80",
            "/a%F4%90%80%80", "/%E4%B8", "/%E4%B8x", "/%C9%CF%BA%A3", "/%C4%A3%FF", "/a%", "/a%4", "/a%zz",
            "/a%20", "/a%20%20b", "/%20a", "/a%20/b", "/a%20&b", "/a%EF%BC%8Fb", "/a%E2%88%95b", "/a%E2%80%A6",
            "/a%E2%90%8A", "/a%EF%BF%BD", "/a%E3%85%A4b", "/a%EE%80%80", "/a%E2%A0%80",
        ])
    func escaped(target: String) {
        #expect(TargetText.shown(target) == target)
    }

    @Test("any bytes give the same text again, and no control that was escaped")
    func anything() {
        var state: UInt64 = 42
        for _ in 0..<2_000 {
            var target = "/"
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let byte = UInt8(truncatingIfNeeded: state >> 56)
                target += byte < 40 ? "a" : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            let shown = TargetText.shown(target)
            for scalar in shown.unicodeScalars {
                #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value), "\(target)")
            }
        }
    }
}
