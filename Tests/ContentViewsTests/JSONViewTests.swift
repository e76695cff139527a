import Testing
import TextSafety

@testable import ContentViews

@Suite("JSON view")
struct JSONViewTests {
    @Test("members stand one a line, indented, as they are spelt")
    func layout() async throws {
        let texts = try await Shown.texts(#"{"a":1.50,"b":[true,null,{}],"c":"x\u0041"}"#)
        #expect(
            texts == [
                "{", "  \"a\": 1.50,", "  \"b\": [", "    true,", "    null,", "    {}", "  ],", #"  "c": "x\u0041""#,
                "}",
            ])
    }

    @Test("a line knows its path and where it stands")
    func paths() async throws {
        let text = #"{"items":[{"key":1},{"odd name":[2]}],"z":0}"#
        let lines = try await Shown.lines(Array(text.utf8))
        let paths = lines.map { $0.path ?? "" }
        #expect(paths.contains("items[0].key"))
        #expect(paths.contains(#"items[1]["odd name"][0]"#))
        #expect(paths.contains("z"))
        let key = try #require(lines.first { $0.path == "items[0].key" })
        #expect(Array(text.utf8)[key.offset] == UInt8(ascii: "\""))
        #expect(String(decoding: Array(text.utf8)[key.offset...].prefix(5), as: UTF8.self) == "\"key\"")
    }

    @Test("what is folded away is one line with a count, and comes back")
    func folding() async throws {
        let opened = try await Shown.open(Array(#"{"a":[1,2,{"b":[3]}],"c":"]"}"#.utf8))
        let document = try await opened.document()
        let open = try await document.lines(from: 0, count: 100).lines
        let fold = try #require(open.first { $0.path == "a" }?.fold)
        #expect(!fold.isFolded)
        let folded = try await document.toggling(fold: fold.id).lines(from: 0, count: 100).lines
        #expect(folded.map(\.text) == ["{", "  \"a\": [… ] 3 items,", "  \"c\": \"]\"", "}"])
        #expect(folded[1].fold == ContentLine.Fold(id: fold.id, isFolded: true))
        let again = try await document.toggling(fold: fold.id).toggling(fold: fold.id).lines(from: 0, count: 100).lines
        #expect(again == open)
    }

    @Test(
        "a line says where it does not parse, and what came before stays",
        arguments: [
            ("{\"a\":1,\n \"b\":tru}", "line 2, column 6 (byte 13)", "true, false or null"),
            ("{\"a\" 1}", "line 1, column 6 (byte 5)", "expected :"),
            ("{\"a\":1 \"b\":2}", "line 1, column 8 (byte 7)", "expected , or }"),
            ("[1,2", "line 1, column 5 (byte 4)", "the content ends here"),
            ("[1,]", "line 1, column 4 (byte 3)", "expected a value"),
            ("{\"a\":\"x", "line 1, column 6 (byte 5)", "not closed"),
            ("{\"a\":\"\\q\"}", "line 1, column 7 (byte 6)", "unknown escape"),
            ("{\"a\":\"\u{1}\"}", "line 1, column 7 (byte 6)", "control character"),
            ("{\"a\":01}", "line 1, column 6 (byte 5)", "not a number"),
            ("{} {}", "line 1, column 4 (byte 3)", "nothing may follow"),
            ("{]", "line 1, column 2 (byte 1)", "expected a name"),
        ])
    func errors(text: String, place: String, reason: String) async throws {
        let texts = try await Shown.texts(text, view: "json")
        let line = try #require(texts.first { $0.contains("not valid JSON") })
        #expect(line.contains(place))
        #expect(line.contains(reason))
        #expect(texts.first?.hasPrefix(String(text.prefix(1))) == true)
    }

    @Test("a cut capture is no error")
    func cut() async throws {
        for text in [#"{"a":[1,2"#, #"{"a":"long te"#, #"{"a":tr"#, #"{"a"#, #"{"a":"x\u00"#] {
            let texts = try await Shown.texts(text, type: "application/json", isCut: true)
            #expect(!texts.contains { $0.contains("not valid") }, "\(text)")
            #expect(texts.last?.contains("only the beginning") == true)
        }
    }

    @Test("the windows that bytes come in change nothing", arguments: [1, 2, 3, 7, 64, 4_001, 5_000])
    func windows(piece: Int) async throws {
        let long = String(repeating: "é\\n", count: 4_000)
        let text = #"{"a":[1,-2.5e3,"x",{"k":"\#(long)","e":{ },"f":[ ]}],"z":null} x"#
        let whole = try await Shown.lines(Array(text.utf8), view: "json")
        let opened = try await ContentViews.open(
            ContentItem(ChoppedSource(Array(text.utf8), piece: piece, knowsSize: piece % 2 == 0)), Shown.options())
        let chopped = try await opened.document(JSONView()).lines(from: 0, count: 500).lines
        #expect(chopped == whole)
        #expect(whole.contains { $0.text.contains("not valid JSON") })
    }

    @Test("every page is a part of the whole, whatever was asked before")
    func pages() async throws {
        let text = "[" + (0..<3_000).map { #"{"id":\#($0),"t":[1,2]}"# }.joined(separator: ",") + "]"
        let all = try await Shown.lines(Array(text.utf8), count: 100_000)
        let document = try await Shown.open(Array(text.utf8)).document()
        for first in [0, 9_000, 20, 18_000, 255, 256, 257, 511, 12_345, 17_990] {
            let page = try await document.lines(from: first, count: 7)
            #expect(page.lines == Array(all[first..<min(all.count, first + 7)]))
        }
        #expect(try await document.lastLines(5).lines == Array(all.suffix(5)))
        #expect(try await document.lines(from: 1_000_000, count: 5).total == all.count)
    }

    @Test("depth has a bound, and costs what it is long")
    func deep() async throws {
        let text = String(repeating: "[", count: 200_000)
        let texts = try await Shown.texts(text, view: "json")
        #expect(texts.count == 500)
        let opened = try await Shown.open(Array(text.utf8))
        let page = try await opened.document(JSONView()).lines(from: 1_020, count: 10)
        #expect(page.lines.contains { $0.text.contains("nested deeper") })
    }

    @Test("secrets are hidden by their place, also far from it in a large content")
    func secrets() async throws {
        let filler = (0..<20_000).map { #"{"n":\#($0),"note":"nothing to see"}"# }.joined(separator: ",")
        let text =
            #"{"credentials":{"list":["FIRST-one"],"rows":[\#(filler)],"last":"LAST-one"},"pin":1234,"password":"hunter2"}"#
        #expect(text.utf8.count > RedactedSource.wholeLimit)
        let document = try await Shown.open(Array(text.utf8), options: Shown.options(.standard)).document()
        let start = try await document.lines(from: 0, count: 10).lines.map(\.text)
        let end = try await document.lastLines(10).lines.map(\.text)
        #expect(!(start + end).contains { $0.contains("-one") || $0.contains("1234") || $0.contains("hunter2") })
        #expect(end.contains { $0.contains("password") && $0.contains(Redaction.mask) })
        #expect(!end.contains { $0.contains("not valid JSON") })
    }

    @Test("names of members keep their controls visible")
    func controls() async throws {
        let lines = try await Shown.lines(Array("{\"a\u{202E}b\": 1}".utf8))
        #expect(lines[1].path == #"["a\u202eb"]"#)
    }
}
