import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("Stored content")
struct BucketsContentTests {
    @Test(
        arguments: [
            ("\u{89}PNG", nil as String?), ("%PDF-1.4\n", "pdf"), ("GIF89a\u{1}\0\u{2}\0", "gif"),
            ("Rar!\u{1A}", "rar"),
            ("SQLite format 3\0", "sqlite"), ("BZh9", "bzip2"), ("hello", nil), ("", nil), ("{\\rtf1", "rtf"),
            ("RIFF....WEBPVP8X", "webp"), ("....ftypisom", "mp4"), ("PK\u{3}\u{4}......word/document.xml", "docx"),
            ("PK\u{3}\u{4}", "zip"),
        ])
    func signatures(text: String, name: String?) {
        #expect(StoredSignature.detect(Array(text.utf8))?.name == name)
    }

    @Test("sizes of pictures come from their headers")
    func pictureSizes() {
        #expect(StoredSignature.detect(BucketsSample.png)?.facts == ["512×384", "8 bit"])
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0x01, 0x80, 0x02, 0x00]
        #expect(StoredSignature.detect(jpeg)?.facts == ["512×384"])
        let gif: [UInt8] = Array("GIF89a".utf8) + [0, 2, 0x80, 1]
        #expect(StoredSignature.detect(gif)?.facts == ["512×384", "89a"])
    }

    @Test("a header cut anywhere is read without a crash")
    func cutHeaders() {
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0x01, 0x80, 0x02, 0x00]
        let webp = Array("RIFF0000WEBPVP8L".utf8) + Array(repeating: 0xFF, count: 16)
        for whole in [jpeg, BucketsSample.png, webp, BucketsSample.pdf, [0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xFF]] {
            for length in 0...whole.count { _ = StoredSignature.detect(Array(whole.prefix(length))) }
        }
        var seed: UInt64 = 42
        for _ in 0..<2_000 {
            let bytes = (0..<48).map { _ -> UInt8 in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: seed >> 33)
            }
            for start in [[0xFF, 0xD8, 0xFF], Array("BM".utf8), Array("RIFF".utf8), []] {
                _ = StoredSignature.detect(start + bytes)
            }
        }
    }

    @Test(
        arguments: [
            ("image/png", true), ("image/jpeg", false), ("application/octet-stream", true), ("text/html", false),
        ])
    func declaredType(type: String, agrees: Bool) {
        #expect(StoredSignature.detect(BucketsSample.png)?.agrees(with: type) == agrees)
    }

    @Test("CR LF, LF and CR end lines, and a line without end is cut at a character")
    func lines() {
        #expect(StoredLines.split("a\r\nb\nc\rd") == ["a", "b", "c", "d"])
        #expect(StoredLines.split("a\n") == ["a"])
        #expect(StoredLines.split("") == [""])
        let long = StoredLines.split(String(repeating: "简", count: 5_000))
        #expect(long.count == 4)
        #expect(long.joined() == String(repeating: "简", count: 5_000))
    }

    @Test("text is broken at blanks, wide characters are never cut")
    func wrapping() {
        #expect(Wrapping.lines(of: "one two three", columns: 7) == ["one two", "three"])
        #expect(Wrapping.lines(of: "照片照片", columns: 5) == ["照片", "照片"])
        #expect(Wrapping.lines(of: "", columns: 5) == [""])
        #expect(Wrapping.lines(of: "abcdefgh", columns: 3) == ["abc", "def", "gh"])
        #expect(Wrapping.lines(of: "a b", columns: 0).isEmpty)
    }

    @Test(
        arguments: [
            (WallTime(millisecondsSinceEpoch: 0), "1970-01-01 00:00:00"),
            (WallTime(millisecondsSinceEpoch: 951_782_400_000), "2000-02-29 00:00:00"),
            (WallTime(millisecondsSinceEpoch: -1_000), "1969-12-31 23:59:59"),
            (WallTime(millisecondsSinceEpoch: 1_763_812_800_000), "2025-11-22 12:00:00"),
        ])
    func times(time: WallTime, text: String) {
        #expect(ScreenFormat.full(time, in: BackendsSample.world()) == text)
    }
}
