import TerminalCanvas
import Testing
import TextSafety
import Widgets

@testable import ContentViews

@Suite("Views of records: JSON lines, events, forms, multipart, tables")
struct RecordViewTests {
    @Test("JSON lines stand one a line, and unfold")
    func records() async throws {
        let text = "{\"a\":1}\n{\"a\":{\"b\":[1]}}\r\n\n{\"a\":3"
        let opened = try await Shown.open(Array(text.utf8))
        #expect(opened.views.first?.id == "ndjson")
        let document = try await opened.document()
        let lines = try await document.lines(from: 0, count: 20).lines
        #expect(lines.map(\.text) == ["{\"a\":1}", "{\"a\":{\"b\":[1]}}", "▲ {\"a\":3"])
        #expect(lines.map(\.path) == ["[0]", "[1]", "[2]"])
        let fold = try #require(lines[1].fold)
        let unfolded = document.toggling(fold: fold.id)
        let all = try await unfolded.lines(from: 0, count: 20).lines
        #expect(all.map(\.text).contains("        \"b\": [") || all.map(\.text).contains("      \"b\": ["))
        #expect(all.contains { $0.path == "[1].a.b[0]" })
        let inner = try #require(all.first { $0.path == "[1].a" }?.fold)
        let folded = try await unfolded.toggling(fold: inner.id).lines(from: 0, count: 20).lines
        #expect(folded.contains { $0.text.contains("… } 1 member") })
        let broken = try await document.toggling(fold: try #require(lines[2].fold).id).lines(from: 0, count: 20).lines
        #expect(broken.contains { $0.text.contains("not valid JSON") })
    }

    @Test("events are counted, and their data has its roles")
    func events() async throws {
        let text = ": ping\n\nevent: token\ndata: {\"t\":\"x\"}\nid: 7\n\ndata: [DONE]\n\n"
        let lines = try await Shown.lines(Array(text.utf8), type: "text/event-stream")
        #expect(
            lines.map(\.text) == [
                ": ping", "", "event  token", "data   {\"t\":\"x\"}", "id     7", "", "data   [DONE]", "",
            ])
        #expect(lines.map(\.path) == ["event 1", nil, "event 2", "event 2", "event 2", nil, "event 3", nil])
        #expect(try await Shown.view(Array(text.utf8)) == "events")
    }

    @Test("a form's fields are decoded", arguments: [1, 5, 65_536])
    func form(piece: Int) async throws {
        let long = String(repeating: "%41", count: 6_000)
        let text = "q=%E4%B8%8A%E6%B5%B7+x&payload=%7B%22a%22%3A1%7D&&empty=&long=\(long)&z=1"
        let opened = try await ContentViews.open(
            ContentItem(
                ChoppedSource(Array(text.utf8), piece: piece), mediaType: "application/x-www-form-urlencoded"),
            Shown.options())
        let lines = try await opened.document().lines(from: 0, count: 20).lines
        #expect(lines[0].text == "q" + String(repeating: " ", count: 19) + "上海 x")
        #expect(lines[1].text.hasSuffix("{\"a\":1}"))
        #expect(lines.map(\.path) == ["q", "payload", "empty", "long", "long", "z"])
        let secret = try await Shown.texts(
            "user=ann&password=hunter2", type: "application/x-www-form-urlencoded", options: Shown.options(.standard))
        #expect(secret.count == 2 && secret[1].hasSuffix(Redaction.mask))
    }

    private static let body = [
        "preamble", "--X", "Content-Disposition: form-data; name=\"meta\"", "Content-Type: application/json", "",
        #"{"a":[1]}"#, "--X", "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"",
        "Content-Type: text/csv", "",
        "id,name", "1,x", "2,y", "--X", "Content-Disposition: form-data; name=\"password\"", "", "hunter2", "--X",
        "Content-Disposition: form-data; name=\"pic\"; filename=\"p.bin\"", "", "\u{0}\u{1}\u{2}", "--X--", "epilogue",
    ].joined(separator: "\r\n")

    @Test("each part has its own view", arguments: [1, 2, 13, 4_096, 65_536])
    func multipart(piece: Int) async throws {
        let opened = try await ContentViews.open(
            ContentItem(
                ChoppedSource(Array(Self.body.utf8), piece: piece), mediaType: "multipart/form-data; boundary=X"),
            Shown.options(.standard))
        let lines = try await opened.document().lines(from: 0, count: 100).lines
        let texts = lines.map(\.text)
        #expect(texts.contains("part 1 · meta"))
        #expect(lines.contains { $0.path == "meta › a[0]" && $0.text.hasSuffix("1") })
        #expect(texts.contains("  id  name"))
        #expect(lines.contains { $0.path == "file › row 2" })
        #expect(!texts.contains { $0.contains("hunter2") } && texts.contains("  \(Redaction.mask)"))
        #expect(texts.contains { $0.contains("00000") && $0.contains("00 01 02") })
        #expect(!texts.contains { $0.contains("epilogue") || $0.contains("preamble") })
    }

    @Test("a part can be opened by itself")
    func openPart() async throws {
        let opened = try await Shown.open(Array(Self.body.utf8), type: "multipart/form-data; boundary=X")
        let lines = try await opened.document().lines(from: 0, count: 100).lines
        let items = lines.compactMap(\.item)
        #expect(items.count == 4)
        let part = try await ContentViews.open(items[1], Shown.options())
        #expect(part.views.first?.id == "table")
        #expect(part.size == nil || part.size == 17)
        #expect(try await items[1].source.all(at: 0, count: 100) == Array("id,name\r\n1,x\r\n2,y".utf8))
        #expect(try await items[3].source.all(at: 0, count: 100) == [0, 1, 2])
    }

    @Test("nesting ends, and so does a body that ends anywhere")
    func nesting() async throws {
        var body = "innermost"
        for depth in 0..<40 {
            body =
                "--B\(depth)x\r\nContent-Type: multipart/mixed; boundary=B\(depth - 1)x\r\n\r\n\(body)\r\n--B\(depth)x--\r\n"
        }
        #expect(!(try await Shown.lines(Array(body.utf8), type: "multipart/mixed; boundary=B39x")).isEmpty)
        let whole = Array(Self.body.utf8)
        for end in 0..<whole.count {
            _ = try await Shown.lines(Array(whole.prefix(end)), type: "multipart/form-data; boundary=X")
        }
    }

    @Test("a table's columns are aligned, numbers at the right")
    func table() async throws {
        let text = "id,name,note\n1,Ann,\"a, \"\"b\"\"\"\n12,上海,\n3,\"two\nlines\",x\n"
        let lines = try await Shown.lines(Array(text.utf8), name: "people.csv")
        #expect(
            lines.map(\.text) == [
                "id  name       note", " 1  Ann        a, \"b\"", "12  上海       ", " 3  two\u{240A}lines  x",
            ])
        #expect(lines.map(\.path) == [nil, "row 1", "row 2", "row 3"])
        #expect(lines[0].runs[0].role == .heading)
        #expect(try await Shown.view(Array("a\tb\n1\t2\n".utf8)) == "table")
        #expect(try await Shown.view(Array("Hello, world\nthis is no table\n".utf8)) == "text")
    }

    @Test("a secret column is hidden in every row")
    func secretColumn() async throws {
        let text = "user,api_key\nann,abc123\nbob,def456\n"
        let texts = try await Shown.texts(text, name: "x.csv", options: Shown.options(.standard))
        #expect(!texts.contains { $0.contains("abc123") || $0.contains("def456") })
        #expect(texts.filter { $0.contains(Redaction.mask) || $0.contains("•") }.count == 2)
    }
}
