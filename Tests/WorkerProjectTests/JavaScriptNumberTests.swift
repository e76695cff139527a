import TestSupport
import Testing

@testable import WorkerProject

@Suite("Numbers as JavaScript writes them")
struct JavaScriptNumberTests {
    @Test(
        "digits become those of the double that they are",
        arguments: [
            ("0", "0"), ("-0", "0"), ("1.0", "1"), ("10", "10"), ("1e2", "100"), ("1.50", "1.5"), ("0.1", "0.1"),
            ("9007199254740993", "9007199254740992"), ("12345678901234567890", "12345678901234567000"),
            ("123456789012345", "123456789012345"), ("1e20", "100000000000000000000"),
            ("999999999999999999999", "1e+21"), ("1e21", "1e+21"), ("1.5e21", "1.5e+21"), ("123456e16", "1.23456e+21"),
            ("0.000001", "0.000001"), ("0.0000012", "0.0000012"), ("1e-7", "1e-7"), ("1.25e-7", "1.25e-7"),
            ("5e-324", "5e-324"), ("1e-400", "0"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("1e400", "Infinity"), ("-1e400", "-Infinity"), ("-2.5", "-2.5"), ("-1e-9", "-1e-9"),
            ("0.30000000000000004", "0.30000000000000004"), ("12345.678", "12345.678"), ("1e16", "10000000000000000"),
        ])
    func written(digits: String, text: String) { #expect(JavaScriptNumber.text(of: digits) == text) }

    @Test("any double is read back from its text")
    func roundTrip() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(Double(JavaScriptNumber.text(of: value)) == value)
        }
    }

    @Test("what JSON does not have is null in it, and a number all the same")
    func infinite() throws {
        let value = try JSONCParser.parse(Array("{\"a\": [1e400, -1e400, 1E2]}".utf8))
        #expect(value.json() == #"{"a":[null,null,100]}"#)
        #expect(value["a"]?.elements?.map(\.number) == ["Infinity", "-Infinity", "100"])
        let toml = try TOMLReader.parse(Array("a = [inf, nan, -inf, 1e22, 1e0]".utf8))
        #expect(toml.json() == #"{"a":[null,null,null,1e+22,1]}"#)
    }
}
