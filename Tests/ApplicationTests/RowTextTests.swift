import Foundation
import Testing
import TextOutput
import WorkerDomain

@testable import Application

@Suite("Values of SQL in text")
struct RowTextTests {
    static let values: [(value: SQLValue, json: String, csv: String, sql: String)] = [
        (.null, "null", "", "NULL"), (.text(""), "\"\"", "\"\"", "''"),
        (.integer(.max), "9223372036854775807", "9223372036854775807", "9223372036854775807"),
        (.integer(.min), "-9223372036854775808", "-9223372036854775808", "(-9223372036854775807 - 1)"),
        (.integer(9_007_199_254_740_993), "9007199254740993", "9007199254740993", "9007199254740993"),
        (.real(1), "1.0", "1.0", "1.0"), (.real(1e300), "1e+300", "1e+300", "1e+300"),
        (.real(.infinity), "{\"real\":\"Infinity\"}", "Infinity", "9e999"),
        (.real(-.infinity), "{\"real\":\"-Infinity\"}", "-Infinity", "-9e999"),
        (.blob([]), "{\"blob\":\"\"}", "0x", "x''"), (.blob([0, 255]), "{\"blob\":\"AP8=\"}", "0x00ff", "x'00ff'"),
        (.text("a\"b'c,d\n"), "\"a\\\"b'c,d\\n\"", "\"a\"\"b'c,d\n\"", "'a\"b''c,d\n'"),
        (.text("n\0l"), "\"n\\u0000l\"", "\"n\0l\"", "CAST(x'6e006c' AS TEXT)"),
        (.text("\u{202e}x"), "\"\\u202ex\"", "\u{202e}x", "'\u{202e}x'"), (.text("简历"), "\"简历\"", "简历", "'简历'"),
        // With a combining mark behind it a quote is another character, and still a quote.
        (
            .text("\"\u{301}'\u{301}"), "\"\\\"\u{301}'\u{301}\"", "\"\"\"\u{301}'\u{301}\"",
            "'\"\u{301}''\u{301}'"
        ),
    ]

    @Test("each value has one form in each format", arguments: values)
    func forms(item: (value: SQLValue, json: String, csv: String, sql: String)) throws {
        #expect(RowText.json(item.value) == item.json)
        #expect(RowText.csv(item.value) == item.csv)
        #expect(RowText.sql(item.value) == item.sql)
        let read = try JSONSerialization.jsonObject(with: Data("[\(item.json)]".utf8))
        #expect(read is [Any])
    }

    static let formulas: [(value: SQLValue, safe: String)] = [
        (.text("=1+1"), "\"'=1+1\""), (.text("+49 30"), "\"'+49 30\""), (.text("-2"), "\"'-2\""),
        (.text("@SUM(A1)"), "\"'@SUM(A1)\""), (.text("\tx"), "\"'\tx\""), (.text("\r=1"), "\"'\r'=1\""),
        (.text("\r\n=1"), "\"'\r\n'=1\""), (.text("\n=1"), "\"'\n'=1\""), (.text("＝1"), "\"'＝1\""),
        (.text("=\"a\",b"), "\"'=\"\"a\"\",b\""), (.text("=\u{301}1"), "\"'=\u{301}1\""),
        // Other separators than the comma, and what looks like the end of a field.
        (.text("x;=1+1"), "\"x;'=1+1\""), (.text("x\t -1"), "\"x\t '-1\""), (.text("a|\"@b"), "\"a|\"\"'@b\""),
        (.text(",\"\u{301},=1+1"), "\",\"\"\u{301},'=1+1\""), (.text("a;b"), "\"a;b\""),
        // Numbers are numbers, and what begins otherwise is as it was.
        (.integer(-2), "-2"), (.real(-1.5), "-1.5"), (.real(-.infinity), "-Infinity"), (.null, ""),
        (.text(""), "\"\""), (.text("a=1"), "a=1"), (.text("'=1"), "'=1"), (.blob([1]), "0x01"),
    ]

    @Test("CSV for spreadsheets has no formulas in it; CSV is exact", arguments: formulas)
    func spreadsheets(item: (value: SQLValue, safe: String)) {
        #expect(RowText.safeCSV(item.value) == item.safe)
        if case .text(let text) = item.value, !text.isEmpty {
            let bytes = Array(RowText.csv(item.value).utf8)
            let inside = bytes.first == 0x22 ? bytes.dropFirst().dropLast() : bytes[...]
            var exact: [UInt8] = []
            for byte in inside where byte != 0x22 || exact.last != 0x22 { exact.append(byte) }
            #expect(exact == Array(text.utf8))
            #expect(!RowText.csv(item.value).contains("'") || text.contains("'"))
        }
    }
}
