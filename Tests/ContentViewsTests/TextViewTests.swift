import Testing
import TextSafety

@testable import ContentViews

@Suite("Text and hex views")
struct TextViewTests {
    static let chinese = "上海今天天气很好，我们去公园散步。机器学习和数据库的文章，请看第三页。\n第二行\n"

    private static func utf16(_ text: String, isBig: Bool, mark: Bool) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
            let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return isBig ? pair : pair.reversed()
        }
    }

    @Test("UTF-16 is read in either order, with a mark and without", arguments: [false, true], [false, true])
    func utf16(isBig: Bool, mark: Bool) async throws {
        for text in ["{\"city\":\"上海\"}\nsecond line\n", Self.chinese] {
            let bytes = Self.utf16(text, isBig: isBig, mark: mark)
            let opened = try await Shown.open(bytes)
            #expect(opened.encoding == (isBig ? .utf16Big : .utf16Little), "\(text) \(mark)")
            let lines = try await opened.document(TextView()).lines(from: 0, count: 10).lines
            #expect(lines.map(\.text) == text.split(separator: "\n").map(String.init))
        }
    }

    @Test("other encodings are told apart and read")
    func legacy() async throws {
        let samples: [(TextEncoding, [UInt8], String)] = [
            (.gb18030, GBSample.bytes, GBSample.text), (.big5, Big5Sample.bytes, Big5Sample.text),
            (.latin1, [0x63, 0x61, 0x66, 0xE9, 0x20, 0x66, 0xFC, 0x72, 0x20, 0x64, 0x69, 0x63, 0x68], "café für dich"),
            (.utf8, Array("naïve 上海".utf8), "naïve 上海"), (.utf8, [0xEF, 0xBB, 0xBF, 0x61], "a"),
        ]
        for (encoding, bytes, text) in samples {
            let opened = try await Shown.open(bytes)
            #expect(opened.encoding == encoding, "\(text)")
            let lines = try await opened.document(TextView()).lines(from: 0, count: 10).lines
            #expect(lines.map(\.text) == [text])
        }
    }

    @Test("a declared charset counts where the bytes allow it")
    func declared() async throws {
        let opened = try await Shown.open([0xC4, 0xE3, 0xBA, 0xC3], type: "text/plain; charset=GBK")
        #expect(try await opened.document(TextView()).lines(from: 0, count: 1).lines.map(\.text) == ["你好"])
        let wrong = try await Shown.open(Array("上海".utf8), type: "text/plain; charset=gbk")
        #expect(wrong.encoding == .utf8)
    }

    @Test(
        "bytes that are no text are hex",
        arguments: [[UInt8](0...255), [0, 1, 2, 3], [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]])
    func binary(bytes: [UInt8]) async throws {
        #expect(try await Shown.view(bytes) == "hex")
        let lines = try await Shown.lines(bytes)
        #expect(lines.count == (bytes.count + 15) / 16)
        #expect(lines[0].text.hasPrefix("00000000  \(bytes[0] < 16 ? "0" : "")\(String(bytes[0], radix: 16)) "))
    }

    @Test("line ends of every kind, and long lines in parts", arguments: [1, 3, 64, 65_536])
    func lineEnds(piece: Int) async throws {
        let long = String(repeating: "ж", count: 3_000)
        let text = "a\nb\r\nc\rd\n\n\(long)\nlast"
        let opened = try await ContentViews.open(
            ContentItem(ChoppedSource(Array(text.utf8), piece: piece)), Shown.options())
        let lines = try await opened.document(TextView()).lines(from: 0, count: 100).lines.map(\.text)
        #expect(lines == ["a", "b", "c", "d", "", String(long.prefix(2_000)), String(long.suffix(1_000)), "last"])
    }

    @Test("nothing is one line that says so")
    func empty() async throws {
        for type in [nil, "application/json", "text/csv", "image/png", "multipart/form-data; boundary=x"] {
            #expect(try await Shown.lines([], type: type).map(\.text) == ["0 bytes: there is nothing to show"])
        }
    }

    @Test("a far row of hex is there at once")
    func hexJump() async throws {
        let source = LargeSource(unit: "\u{0}abcdefg", bytes: 100_000_000)
        let opened = try await ContentViews.open(ContentItem(source), Shown.options())
        let document = try await opened.document(HexView())
        let before = source.bytesRead
        let page = try await document.lines(from: 5_000_000, count: 20)
        #expect(page.lines.first?.text.hasPrefix("04c4b400  00 61 62") == true)
        #expect(try await document.lastLines(3).lines.count == 3)
        #expect(source.bytesRead - before < 1_000_000)
    }

    @Test("secrets are hidden in hex too, and every byte keeps its place")
    func hexSecrets() async throws {
        let text = "Authorization: Bearer abcdef0123456789abcdef0123456789\npassword=hunter2hunter2\nend"
        let lines = try await Shown.lines(Array(text.utf8), view: "hex", options: Shown.options(.standard))
        #expect(!lines.contains { $0.text.contains("hunter2") || $0.text.contains("abcdef01") })
        #expect(lines.contains { $0.text.contains("••") })
        #expect(lines.count == (text.utf8.count + 15) / 16)
        #expect(lines.last?.text.hasSuffix("nd") == true)
    }
}

/// 上海今天天气很好，请看第三页的说明。
enum GBSample {
    static let text = "上海今天天气很好，请看第三页的说明。"
    static let bytes: [UInt8] = [
        0xC9, 0xCF, 0xBA, 0xA3, 0xBD, 0xF1, 0xCC, 0xEC, 0xCC, 0xEC, 0xC6, 0xF8, 0xBA, 0xDC, 0xBA, 0xC3, 0xA3, 0xAC,
        0xC7, 0xEB, 0xBF, 0xB4, 0xB5, 0xDA, 0xC8, 0xFD, 0xD2, 0xB3, 0xB5, 0xC4, 0xCB, 0xB5, 0xC3, 0xF7, 0xA1, 0xA3,
    ]
}

/// 上海今天天氣很好，請看第三頁的說明。
enum Big5Sample {
    static let text = "上海今天天氣很好，請看第三頁的說明。"
    static let bytes: [UInt8] = [
        0xA4, 0x57, 0xAE, 0xFC, 0xA4, 0xB5, 0xA4, 0xD1, 0xA4, 0xD1, 0xAE, 0xF0, 0xAB, 0xDC, 0xA6, 0x6E, 0xA1, 0x41,
        0xBD, 0xD0, 0xAC, 0xDD, 0xB2, 0xC4, 0xA4, 0x54, 0xAD, 0xB6, 0xAA, 0xBA, 0xBB, 0xA1, 0xA9, 0xFA, 0xA1, 0x43,
    ]
}
