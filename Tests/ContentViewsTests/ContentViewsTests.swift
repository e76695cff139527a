import TerminalCanvas
import Testing
import TextSafety
import Widgets
import WorkerDomain

@testable import ContentViews

@Suite("Content views", .timeLimit(.minutes(3)))
struct ContentViewsTests {
    @Test("every view has an id and a name of its own, in both languages, and hex is last")
    func table() {
        #expect(Set(ContentViews.all.map(\.id)).count == ContentViews.all.count)
        #expect(Set(ContentViews.all.map { $0.name.english }).count == ContentViews.all.count)
        #expect(ContentViews.all.allSatisfy { !$0.name.chinese.isEmpty })
        #expect(ContentViews.all.last?.id == "hex")
    }

    @Test(
        "the bytes choose the view; what is declared decides only where they may be either",
        arguments: [
            ("{\"a\":1}", nil, nil, "json"), ("{\"a\":1}", "image/png", nil, "json"),
            ("{\"a\":", "application/json", nil, "json"),
            ("<html></html>", "application/json", nil, "html"), ("oops", "application/json", nil, "json"),
            ("plain text", "application/octet-stream", nil, "text"), ("plain text", "image/png", "x.png", "text"),
            ("[INFO] started\n", nil, nil, "text"), ("{\"a\":1}\n{\"a\":2}\n", nil, nil, "ndjson"),
            ("a=1&b=2", nil, nil, "form"), ("# A\n\n- b\n- c\n", nil, "x.md", "markdown"),
            ("a,b\n1,2\n", "text/csv", nil, "table"),
            ("<?xml version='1.0'?><a/>", nil, nil, "xml"), ("<svg width='1'/>", "image/svg+xml", nil, "xml"),
            ("data: x\n\n", nil, nil, "events"), ("%PDF-1.4", "text/plain", nil, "pdf"),
            ("GIF89a", "text/html", nil, "image"),
            ("PK\u{5}\u{6}", "text/plain", "a.docx", "docx"), ("\u{0}\u{1}\u{2}\u{3}", "text/plain", nil, "hex"),
        ] as [(String, String?, String?, String)])
    func choice(text: String, type: String?, name: String?, view: String) async throws {
        let opened = try await Shown.open(Array(text.utf8), type: type, name: name)
        #expect(opened.views.first?.id == view)
        #expect(opened.views.last?.id == "hex")
        // Whatever a person turns to can be shown.
        for view in opened.views { _ = try await opened.document(view).lines(from: 0, count: 50) }
    }

    private static let hostile: [String] = [
        "", "\u{0}", "\u{1B}[2J\u{1B}]52;c;x\u{7}", "a\u{202E}b\u{200B}\u{2028}c", "\r\r\n\n\r",
        String(repeating: "\"", count: 5_000),
        String(repeating: "{", count: 5_000), String(repeating: "<a ", count: 5_000),
        String(repeating: "--", count: 5_000),
        String(repeating: "*`_[", count: 5_000), String(repeating: "&=%", count: 5_000),
        String(repeating: "\u{301}", count: 5_000),
    ]

    @Test(
        "every view takes everything, and no line holds what a screen may not show",
        arguments: ContentViews.all.map(\.id))
    func everything(id: String) async throws {
        let view = try #require(ContentViews.all.first { $0.id == id })
        for text in Self.hostile {
            let opened = try await Shown.open(Array(text.utf8), options: Shown.options(.standard))
            let page = try await opened.document(view).lines(from: 0, count: 200)
            for line in page.lines {
                var canvas = Canvas(columns: 80, rows: 1)
                canvas.write(line.runs, row: 0, column: 0)
                let text = canvas.cells.map(\.text).joined()
                #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E || $0.value == 0x200B })
            }
        }
    }

    /// What is large, and what its first line is.
    static let large: [(String, LargeSource)] = [
        ("ndjson", LargeSource(unit: "{\"id\":1,\"name\":\"x\",\"tags\":[1,2]}\n", bytes: 100_000_000)),
        (
            "json",
            LargeSource(start: "[", unit: "{\"id\":1,\"name\":\"x\",\"tags\":[1,2]},", bytes: 100_000_000, end: "0]")
        ),
        ("json", LargeSource(start: "{\"a\":\"", unit: "long text without an end ", bytes: 100_000_000, end: "\"}")),
        ("text", LargeSource(unit: "2025-01-01 a line of a log file, not very long\n", bytes: 100_000_000)),
        ("text", LargeSource(unit: "one line without an end ", bytes: 100_000_000)),
        ("hex", LargeSource(unit: "\u{0}\u{1}\u{2}binary", bytes: 100_000_000)),
        ("table", LargeSource(start: "a,b\n", unit: "1,2\n", bytes: 100_000_000)),
        ("html", LargeSource(start: "<html>", unit: "<p>text</p>\n", bytes: 100_000_000)),
        ("xml", LargeSource(start: "<?xml version='1.0'?><r>", unit: "<p>text</p>\n", bytes: 100_000_000, end: "</r>")),
        ("form", LargeSource(unit: "a=1&", bytes: 100_000_000)),
        ("events", LargeSource(unit: "data: {\"t\":\"x\"}\n\n", bytes: 100_000_000)),
    ]

    @Test("100 MB open by reading no more than a few windows", arguments: Self.large.indices)
    func largeContent(index: Int) async throws {
        let (view, source) = Self.large[index]
        for redaction in [Redaction.off, .standard] {
            let before = source.bytesRead
            let opened = try await ContentViews.open(ContentItem(source), Shown.options(redaction))
            let chosen = try #require(ContentViews.all.first { $0.id == view })
            #expect(opened.views.contains { $0.id == view })
            let page = try await opened.document(chosen).lines(from: 0, count: 60)
            #expect(!page.lines.isEmpty && !page.isEnd)
            #expect(source.bytesRead - before < 2_000_000, "\(view)")
        }
    }

    @Test("a fold over 100 MB can be cancelled")
    func cancelled() async throws {
        let source = LargeSource(start: "[", unit: "{\"id\":1},", bytes: 100_000_000, end: "0]")
        let opened = try await ContentViews.open(ContentItem(source), Shown.options())
        let document = try await opened.document()
        let task = Task { try await document.toggling(fold: 0).lines(from: 0, count: 10) }
        task.cancel()
        await #expect(throws: ContentError(.cancelled)) { try await task.value }
    }

    @Test("a source that fails says why")
    func failing() async throws {
        struct Failing: ByteSource {
            let size: Int? = 1_000_000
            func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
                if offset > 0 { throw ContentError(.unreadable("disk")) }
                return Array(repeating: 0x41, count: 100)
            }
        }
        await #expect(throws: ContentError(.unreadable("disk"))) {
            try await ContentViews.open(ContentItem(Failing()), Shown.options())
        }
    }

    @Test("Chinese lines say the same")
    func chinese() async throws {
        let texts = try await Shown.texts("[1,", view: "json", options: Shown.options(language: .simplifiedChinese))
        #expect(texts.contains { $0.contains("不是有效的 JSON") })
        let opened = try await Shown.open(GBSample.bytes, options: Shown.options(language: .simplifiedChinese))
        #expect(opened.title(TextView()) == "文本 · GB18030")
    }
}
