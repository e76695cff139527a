import Foundation
import TestSupport
import Testing

@testable import TextSafety

@Suite("JSON, read strictly")
struct JSONSyntaxTests {
    /// Takes whatever the decoder reads over.
    private struct Anything: Decodable {
        init(from _: any Decoder) throws {}
    }

    static let valid = [
        "1", "-0", "0.1e-5", "1E5", "1e05", "0e5", "1e400", "-1e400", "9999999999999999999999", "true", "false", "null",
        "\"\"", "\"a\\u00e9\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"\\u0000\"", "\"\u{7F}\u{2028}\"", " \r\n\t1\n", "[]", "[ ]", "{}", "{ }", "[1,[2,{\"a\":[{}]}],\"x\"]",
        "{\"a\":1,\"a\":2}", "{\"\":null}", "{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }",
    ]
    static let invalid = [
        "", " ", "-", "01", "-01", "00", "1.", "1.e5", ".5", "1e", "1e+", "+1", "--1", "1-1", "1.5.5", "1e5e5", "NaN",
        "Infinity", "-Infinity", "0x10", "1_000", "1a", "tru", "True", "nulls", "nul", "\"a", "\"", "\"\\\"", "\"\\x\"",
        "\"\\u12\"", "\"\\u12G4\"", "\"\\u", "\"\u{1}\"", "\"\t\"", "\"\n\"", "[1,]", "[,1]", "[,]", "[1 2]", "[", "]",
        "[1",
        "{,}", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}",
        "{\"a\":1",
        "{\"a\\x\":1}", "1 2", "1,", "1]", "[]]", "{}}", "[1}", "{\"a\":1]", "{]", "[\"a\":1]", "1 //x", "/*x*/1",
        "\u{FEFF}1",
        "1\u{0}", "\u{0}1", "\u{B}1", "1\u{C}", "\u{A0}1", "'a'", "undefined",
    ]
    /// Strings in bytes that are not UTF-8.
    static let broken: [[UInt8]] = [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80],
    ]

    @Test("what the grammar has is JSON", arguments: Self.valid)
    func grammar(text: String) { #expect(JSONSyntax.isValid(Array(text.utf8)[...])) }

    @Test("what it has not is none", arguments: Self.invalid)
    func others(text: String) { #expect(!JSONSyntax.isValid(Array(text.utf8)[...])) }

    @Test("neither are bytes that are not UTF-8", arguments: Self.broken)
    func bytes(bytes: [UInt8]) {
        #expect(!JSONSyntax.isValid(([0x22] + bytes + [0x22])[...]))
        #expect(JSONString.text(([0x22] + bytes + [0x22])[...]) == nil)
    }

    @Test("nesting is bounded, and a million brackets take no stack")
    func depth() {
        func nested(_ count: Int, _ open: String, _ close: String) -> ArraySlice<UInt8> {
            Array((String(repeating: open, count: count) + "1" + String(repeating: close, count: count)).utf8)[...]
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), (" [ 1 , ", "\n]")] {
            #expect(JSONSyntax.isValid(nested(JSONSyntax.depthLimit, open, close)))
            #expect(!JSONSyntax.isValid(nested(JSONSyntax.depthLimit + 1, open, close)))
            #expect(!JSONSyntax.isValid(nested(1_000_000, open, close)))
            #expect(JSONObject(nested(1_000_000, open, close)) == nil)
        }
        #expect(JSONSyntax.isValid(Array(("[" + String(repeating: "[],{},", count: 100_000) + "1]").utf8)[...]))
    }

    @Test(
        "a text is what its literal says, or none",
        arguments: [
            ("\"\"", ""), ("\"é\\u00e9\\ud83d\\ude00\"", "éé😀"),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
            ("\"\\u0000\u{7F}\"", "\u{0}\u{7F}"), ("\"\\uFFFF\\uD7FF\\uE000\"", "\u{FFFF}\u{D7FF}\u{E000}"),
            ("\"\\udbff\\udfff\"", "\u{10FFFF}"), ("\"\\ud800\"", nil), ("\"\\udc00\"", nil),
            ("\"\\ud800\\u0041\"", nil),
            ("\"\\ud800x\"", nil), ("\"\\ud800\\n\"", nil), ("\"\\udc00\\ud800\"", nil),
            ("\"\\ud83d\\ud83d\\ude00\"", nil),
            ("\"\\x\"", nil), ("\"\\u12\"", nil), ("\"\n\"", nil), ("\"a\"b\"", nil), ("\"a\\\"", nil), ("\"", nil),
            ("a", nil),
            ("\"a\" ", nil), ("", nil),
        ] as [(String, String?)])
    func text(literal: String, text: String?) throws {
        #expect(JSONString.text(Array(literal.utf8)[...]) == text)
        let bytes = Data(literal.utf8)
        if text != nil { #expect(try JSONDecoder().decode(String.self, from: bytes) == text) }
    }

    @Test("what is JSON here is so for Foundation, and texts are the same", arguments: UInt64(0)..<8)
    func foundation(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "\\ude00", "\\n", "\\\"", "0", "1", "-", ".", "e",
            "+", "true",
            "null", " ", "\n", "a", "é", "\u{1}", "\"a\":", "\"sql\":", "\"x\"", "[]", "{}",
        ]
        var found = 0
        for _ in 0..<1_000 {
            let text = (0..<Int.random(in: 1...9, using: &generator))
                .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
            for text in [text, "[" + text + "]", "{\"sql\":" + text + "}", "\"" + text + "\""] {
                let bytes = Array(text.utf8)
                if JSONSyntax.isValid(bytes[...]) {
                    found += 1
                    #expect((try? JSONDecoder().decode(Anything.self, from: Data(bytes))) != nil, "\(text)")
                }
                let literal = try? JSONDecoder().decode(String.self, from: Data(bytes))
                if let read = JSONString.text(bytes[...]) { #expect(literal == read, "\(text)") }
                guard case .text(let sql)? = JSONObject(bytes[...])?["sql"] else { continue }
                let theirs = try? JSONDecoder().decode([String: Loose].self, from: Data(bytes))
                #expect(theirs?["sql"]?.text == sql, "\(text)")
            }
        }
        #expect(found > 100)
    }

    /// A text, or something else.
    private struct Loose: Decodable {
        let text: String?
        init(from decoder: any Decoder) throws { self.text = try? decoder.singleValueContainer().decode(String.self) }
    }
}
