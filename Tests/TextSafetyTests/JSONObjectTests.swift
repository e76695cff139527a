import Testing

@testable import TextSafety

@Suite("Members of a JSON object")
struct JSONObjectTests {
    @Test(
        "a member is a text, absent, or something else; of two the first counts",
        arguments: [
            ("{}", .absent), ("{\"a\":null}", .absent), ("{\"A\":\"x\"}", .absent), ("{\"a\":\"\"}", .text("")),
            (" {\n\"a\" : \"x\" ,\"b\":[1,{\"a\":\"y\"}]} ", .text("x")), ("{\"b\":{\"a\":\"y\"}}", .absent),
            ("{\"\\u0061\":\"x\"}", .text("x")), ("{\"a\":\"x\",\"a\":\"y\"}", .text("x")),
            ("{\"a\":1,\"a\":\"y\"}", .other), ("{\"a\":null,\"a\":\"y\"}", .absent), ("{\"a\":5}", .other),
            ("{\"a\":[\"x\"]}", .other), ("{\"a\":true}", .other), ("{\"a\":\"\\ud800\"}", .other),
            ("{\"a\":\"x\",\"b\":\"\\ud800\",\"c\":1e400}", .text("x")), ("\u{FEFF}{\"a\":\"x\"}", .text("x")),
            ("{\"a\":\"}\\\",\\\\\"}", .text("}\",\\")), ("{\":,}\":1,\"a\":\"x\"}", .text("x")),
        ] as [(String, JSONObject.Member)])
    func members(text: String, expected: JSONObject.Member) throws {
        #expect(try #require(JSONObject(Array(text.utf8)[...]))["a"] == expected)
    }

    @Test(
        "what is no object as a whole is none",
        arguments: [
            "", "[]", "\"a\"", "1", "null", "[{\"a\":\"x\"}]", "{\"a\":\"x\"} x", "{\"a\":\"x\"", "{\"a\":\"x\",}",
            "{\"a\":01}",
            "{\"a\":\"x\",\"b\":\"\\q\"}", "{\"a\":\"\n\"}", "{\"\\ud800\":1}", "{\"a\":NaN}", "\u{FEFF}",
            "{\"a\":\"x\"}{}",
        ])
    func none(text: String) { #expect(JSONObject(Array(text.utf8)[...]) == nil) }

    @Test("objects within are read alike")
    func inner() {
        let object = JSONObject(Array("{\"result\":{\"id\":\"x\",\"n\":1},\"list\":[],\"no\":null}".utf8)[...])
        #expect(object?.object("result")?["id"] == .text("x"))
        for name in ["list", "no", "none"] { #expect(object?.object(name) == nil) }
        // A sign for kelvin is the same text as a K to Swift, and another name.
        #expect(JSONObject(Array("{\"\u{212A}\":\"x\"}".utf8)[...])?["K"] == .absent)
    }
}
