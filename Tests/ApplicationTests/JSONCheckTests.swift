import Testing

@testable import Application

@Suite("Text that is said to be JSON")
struct JSONCheckTests {
    @Test(
        "only what is valid may stand in a line of JSON as it is",
        arguments: [
            ("{\"a\":[1,\"x\"]}", true), ("1e400", true), ("\"\\ud800\"", true), (" null\n", true), ("[1,]", false),
            ("01", false),
            ("1.", false), ("\"\\x\"", false), ("\"\n\"", false), ("NaN", false), ("", false), ("{} {}", false),
            ("\u{FEFF}1", false),
        ])
    func table(text: String, isJSON: Bool) { #expect(JSONCheck.isJSON(text) == isJSON) }

    @Test("a text that is too long or too deep is none")
    func bounds() {
        #expect(!JSONCheck.isJSON("[\"" + String(repeating: "x", count: 1 << 20) + "\"]"))
        #expect(!JSONCheck.isJSON(String(repeating: "[", count: 1 << 20)))
        #expect(JSONCheck.onOneLine("[\n1,\r\t2]") == "[ 1,  2]")
    }
}
