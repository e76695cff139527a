import Foundation
import TerminalCanvas
import Testing
import TextSafety
import Widgets

@testable import ContentViews

@Suite("Views of documents: archives, pictures, databases, markup", .timeLimit(.minutes(2)))
struct DocumentViewTests {
    @Test("a zip is listed, with names that cannot do harm")
    func zip() async throws {
        let big = [UInt8](repeating: 0x20, count: 1_000_000)
        let bytes = Packed.zip(
            [
                (Array("a/readme.txt".utf8), Array("hello hello hello hello".utf8)),
                (Array("../../etc/passwd".utf8), [1]),
                (Array("evil\u{1B}[2J\u{202E}.txt".utf8), []), (GBSample.bytes, []), (Array("bomb".utf8), big),
            ], comment: Array("comment".utf8))
        #expect(try await Shown.view(bytes) == "archive")
        let lines = try await Shown.lines(bytes)
        #expect(lines.count == 6)
        #expect(lines[1].text.contains("23 B") && lines[1].text.hasSuffix("a/readme.txt"))
        #expect(lines[2].text.contains("outside of the folder"))
        #expect(lines[3].path == "evil\\u001b[2J\\u202e.txt")
        #expect(lines[4].path == GBSample.text)
        #expect(lines[5].text.contains("expands"))
        let item = try #require(lines[1].item)
        #expect(
            try await ContentViews.open(item, Shown.options()).document().lines(from: 0, count: 9).lines.map(\.text)
                == ["hello hello hello hello"])
    }

    @Test("a zip that is cut is listed by what comes before its files")
    func cutZip() async throws {
        let bytes = Packed.zip([(Array("one".utf8), Array("1".utf8)), (Array("two".utf8), Array("2".utf8))])
        let lines = try await Shown.lines(Array(bytes.prefix(70)))
        #expect(lines[0].text.contains("no directory"))
        #expect(lines.dropFirst().map(\.path) == ["one", "two"])
        for end in 0..<bytes.count { _ = try await Shown.lines(Array(bytes.prefix(end))) }
    }

    @Test("a tar is listed, packed too")
    func tar() async throws {
        let bytes = Packed.tar([("a.txt", Array("hello".utf8)), ("dir/b.json", Array("{\"x\":1}".utf8))])
        for content in [bytes, Packed.gzip(bytes)] {
            let lines = try await Shown.lines(content)
            #expect(lines.map { $0.path ?? "" } == ["", "a.txt", "dir/b.json"])
            let item = try #require(lines[2].item)
            #expect(try await item.source.all(at: 0, count: 100) == Array("{\"x\":1}".utf8))
            #expect(try await ContentViews.open(item, Shown.options()).views.first?.id == "json")
        }
        for end in stride(from: 0, to: bytes.count, by: 17) { _ = try await Shown.lines(Array(bytes.prefix(end))) }
        var huge = bytes
        huge.replaceSubrange(124..<136, with: [0x80] + [UInt8](repeating: 0xFF, count: 11))
        _ = try await Shown.lines(huge)
    }

    @Test("the text of a Word document is read, and its secrets are hidden though the XML splits them")
    func docx() async throws {
        let xml = """
            <?xml version="1.0"?><w:document><w:body>\
            <w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Ti</w:t></w:r><w:r><w:t>tle</w:t></w:r></w:p>\
            <w:p><w:r><w:t xml:space="preserve">A &amp; B </w:t></w:r><w:r><w:tab/><w:t>&#x4E0A;海</w:t></w:r></w:p>\
            <w:p><w:r><w:t>pass</w:t></w:r><w:r><w:t>word: hunter2hunter2</w:t></w:r></w:p>\
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>y</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
            </w:body></w:document>
            """
        let bytes = Packed.zip([
            (Array("[Content_Types].xml".utf8), []), (Array("word/document.xml".utf8), Array(xml.utf8)),
        ])
        #expect(try await Shown.view(bytes) == "docx")
        let lines = try await Shown.lines(bytes, options: Shown.options(.standard))
        #expect(lines.map(\.text) == ["# Title", "A & B \t上海", "password: \(Redaction.mask)", "| x | y | "])
        #expect(lines[0].runs[0].role == .title)
        for end in stride(from: 0, to: xml.utf8.count, by: 3) {
            let cut = Packed.zip([(Array("word/document.xml".utf8), Array(xml.utf8.prefix(end)))])
            _ = try await Shown.lines(cut, name: "a.docx")
        }
    }

    private static func png(_ width: Int, _ height: Int, _ rows: [UInt8]) -> [UInt8] {
        func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
            Array(Packed.little(data.count, 4).reversed()) + Array(name.utf8) + data + [0, 0, 0, 0]
        }
        let header =
            Array(Packed.little(width, 4).reversed()) + Array(Packed.little(height, 4).reversed()) + [8, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("IDAT", Packed.zlib(rows))
            + chunk("IEND", [])
    }

    @Test("a PNG is drawn in half blocks")
    func png() async throws {
        let rows: [UInt8] = [0, 255, 0, 255, 0, 2, 0, 0, 0, 0, 0, 0, 255, 255, 0]
        let bytes = Self.png(4, 3, rows)
        let lines = try await Shown.lines(bytes)
        #expect(lines[0].text.hasSuffix("PNG"))
        #expect(lines[1].text.hasSuffix("4 × 3"))
        #expect(lines[2].text.hasSuffix("8 bit gray"))
        #expect(lines.suffix(2).map(\.text) == ["█ █ ", " ▀▀ "])
        for end in 0..<bytes.count { _ = try await Shown.lines(Array(bytes.prefix(end))) }
        var large = bytes
        large.replaceSubrange(16..<24, with: [0, 0, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF])
        #expect(try await Shown.lines(large).count == 4)
    }

    @Test(
        "headers of pictures say what they are",
        arguments: [
            (
                "GIF89a\u{2}\u{0}\u{3}\u{0}\u{0}\u{0}\u{0},\u{0}\u{0}\u{0}\u{0}\u{2}\u{0}\u{3}\u{0}\u{0}\u{2}\u{1}\u{1}\u{0},\u{0}\u{0}\u{0}\u{0}\u{2}\u{0}\u{3}\u{0}\u{0}\u{2}\u{1}\u{1}\u{0};",
                "GIF", "2 × 3", "2"
            ),
            (
                "RIFF\u{0}\u{0}\u{0}\u{0}WEBPVP8X\u{A}\u{0}\u{0}\u{0}\u{10}\u{0}\u{0}\u{0}\u{1}\u{0}\u{0}\u{2}\u{0}\u{0}",
                "WebP", "2 × 3", ""
            ),
            (
                "\u{0}\u{0}\u{0}\u{18}ftypavif\u{0}\u{0}\u{0}\u{0}ispe\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{2}\u{0}\u{0}\u{0}\u{3}",
                "AVIF", "2 × 3", ""
            ),
            (
                "BM\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}6\u{0}\u{0}\u{0}(\u{0}\u{0}\u{0}\u{2}\u{0}\u{0}\u{0}\u{3}\u{0}\u{0}\u{0}\u{1}\u{0}\u{18}\u{0}",
                "BMP", "2 × 3", ""
            ),
            ("<svg xmlns=\"x\" width=\"2\" height=\"3\"></svg>", "SVG", "2 × 3", ""),
        ])
    func pictures(text: String, format: String, size: String, frames: String) async throws {
        let bytes = Array(text.utf8)
        let texts = try await Shown.lines(bytes, view: "image").map(\.text)
        #expect(texts.first?.hasSuffix(format) == true, "\(texts)")
        #expect(texts.contains { $0.hasSuffix(size) })
        if !frames.isEmpty { #expect(texts.contains { $0.hasPrefix("frames") && $0.hasSuffix(frames) }) }
        for end in 0..<bytes.count { _ = try await Shown.lines(Array(bytes.prefix(end))) }
    }

    @Test("a SQLite header is told, and a file that is too short")
    func sqlite() async throws {
        var header = Array("SQLite format 3\0".utf8) + [0x10, 0, 2, 2] + [UInt8](repeating: 0, count: 80)
        header[31] = 3
        header[59] = 1
        let texts = try await Shown.lines(header).map(\.text)
        #expect(texts.contains { $0.hasPrefix("page size") && $0.hasSuffix("4.0 KiB") })
        #expect(texts.contains { $0.hasPrefix("journal") && $0.hasSuffix("WAL") })
        #expect(texts.contains { $0.contains("shorter than its header") })
        for end in 16..<100 { #expect(!(try await Shown.lines(Array(header.prefix(end)))).isEmpty) }
    }

    @Test("HTML is indented, with the flow of its text in lines")
    func html() async throws {
        let text =
            "<!DOCTYPE html><html><body><p>One <b>two</b> three</p><ul><li>a<li>b</ul><script>if (a<b) { x() }\n</script><br></body></html>"
        let texts = try await Shown.texts(text)
        #expect(
            texts == [
                "<!DOCTYPE html>", "<html>", "  <body>", "    <p>One <b>two</b> three</p>", "    <ul>", "      <li>",
                "        a",
                "        <li>", "          b", "    </ul>", "    <script>", "      if (a<b) { x() }", "    </script>",
                "    <br>",
                "  </body>", "</html>",
            ])
    }

    @Test("XML says where its elements do not close")
    func xml() async throws {
        let texts = try await Shown.texts(
            "<?xml version=\"1.0\"?><a x='1>'><b>t</b><c><d></c><e/><![CDATA[<x>]]>", view: "xml")
        #expect(texts.prefix(3) == ["<?xml version=\"1.0\"?>", "<a x='1>'>", "  <b>t</b>"])
        #expect(texts.contains { $0.contains("</c>") && $0.contains("open here is d") })
        #expect(texts.contains("  <e/>") && texts.contains("  <![CDATA[<x>]]>"))
        #expect(texts.last == "▲ not closed: a")
    }

    @Test("markup is the same however it is cut", arguments: [1, 2, 5, 17, 4_096])
    func markupWindows(piece: Int) async throws {
        let text =
            "<?xml version=\"1.0\"?><r>"
            + (0..<60).map { "<i n=\"\($0)\"><!-- \($0) --><t>text \($0) &amp; é</t></i>\n" }.joined() + "</r>"
        let whole = try await Shown.lines(Array(text.utf8))
        let opened = try await ContentViews.open(
            ContentItem(ChoppedSource(Array(text.utf8), piece: piece)), Shown.options())
        #expect(try await opened.document().lines(from: 0, count: 500).lines == whole)
    }

    @Test("Markdown keeps its text and gets roles")
    func markdown() async throws {
        let text =
            "# Title\n\nSome *strong* `code` [link](x) snake_case_name\n- item\n```js\n# no heading\n```\n> quote\n---\n"
        let lines = try await Shown.lines(Array(text.utf8), name: "README.md")
        #expect(lines.map(\.text).joined(separator: "\n") + "\n" == text)
        #expect(lines[0].runs[0].role == .title)
        #expect(lines[2].runs.map(\.role) == [.plain, .strong, .plain, .literal, .plain, .name, .plain])
        #expect(lines[5].runs[0].role == .literal)
        #expect(lines[7].path == "Title")
    }

    @Test("a PDF says what can be known, and its text through a program")
    func pdf() async throws {
        let bytes = Array("%PDF-1.7\n1 0 obj <</Type /Pages /Count 3>> endobj\ntrailer <</Encrypt 2 0 R>>\n%%EOF".utf8)
        let facts = try await Shown.lines(bytes).map(\.text)
        #expect(facts.contains { $0.hasSuffix("PDF 1.7") })
        #expect(facts.contains { $0.hasPrefix("pages") && $0.hasSuffix("3") })
        #expect(facts.contains { $0.contains("encrypted") })
        #expect(facts.contains { $0.contains("poppler-utils") })
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pdf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func program(_ script: String) throws -> String {
            let path = folder.appendingPathComponent("p\(script.hashValue)").path
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            return path
        }
        var options = Shown.options(.standard)
        options.pdfToText = try program("head -c 8; printf ' page one\\npassword=hunter2hunter2\\n\\fpage two\\n'")
        let texts = try await Shown.lines(bytes, options: options).map(\.text)
        #expect(texts.contains("%PDF-1.7 page one") && texts.contains("page two"))
        #expect(texts.contains("password=\(Redaction.mask)"))
        options.pdfToText = try program("exit 3")
        #expect(
            try await Shown.lines(bytes, options: options).map(\.text).contains { $0.contains("cannot read this file") }
        )
        options.pdfToText = folder.appendingPathComponent("missing").path
        #expect(
            try await Shown.lines(bytes, options: options).map(\.text).contains { $0.contains("cannot read this file") }
        )
    }
}
