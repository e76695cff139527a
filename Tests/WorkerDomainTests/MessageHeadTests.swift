import Testing
import WorkerDomain

@Suite("MessageHead")
struct MessageHeadTests {
    @Test(
        "the request line gives method and target as they came, or neither",
        arguments: [
            ("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a?b=c"),
            ("POST /简历 HTTP/1.1\n", "POST", "/简历"),
            ("GET / HTTP/1.1", "GET", "/"),
            ("GET  /two HTTP/1.1\r\n", "GET", ""),
            ("GET /a b HTTP/1.1\r\n", "GET", "/a"),
            (" /x HTTP/1.1\r\n", "", "/x"),
            ("GET /only-two\r\n", "", ""),
            ("GET\r\nA: b c\r\n", "", ""),
            ("", "", ""),
            ("\r\nGET / HTTP/1.1", "", ""),
        ])
    func requestLine(_ head: String, _ method: String, _ target: String) {
        let line = MessageHead.requestLine(of: Array(head.utf8))
        #expect(line.method == method && line.target == target)
    }

    @Test("bytes that are not UTF-8 are read as Latin-1, byte for byte")
    func latin1() {
        let line = MessageHead.requestLine(of: Array("GET /".utf8) + [0xE9, 0xFF] + Array(" HTTP/1.1\r\n".utf8))
        #expect(line.target == "/\u{E9}\u{FF}")
        let head = MessageHead(Array("HTTP/1.1 200 OK\r\nX: ".utf8) + [0xE9] + Array("\r\n\r\n".utf8))
        #expect(head.value(of: "x") == "\u{E9}")
    }

    @Test("every byte that is not UTF-8 is the character of its number, also as bytes")
    func everyByte() {
        let bytes = Array(0...UInt8.max)
        let text = MessageHead.text(bytes[...])
        #expect(text.unicodeScalars.map(\.value) == bytes.map { UInt32($0) })
        #expect(Array(text.utf8) == Array(MessageHead.utf8(bytes[...])))
        let valid = Array("上海 caf\u{E9}".utf8)
        #expect(Array(MessageHead.utf8(valid[...])) == valid)
    }

    @Test("fields keep order, spelling and number; blanks around values go")
    func fields() {
        let head = MessageHead(Array("GET / HTTP/1.1\r\nA:  1 \r\nb:2\r\nA: \t3\r\nno colon\r\n\r\n".utf8))
        #expect(head.startLine == "GET / HTTP/1.1")
        #expect(head.fields.map(\.name) == ["A", "b", "A", "no colon"])
        #expect(head.fields.map(\.value) == ["1", "2", "3", ""])
        #expect(head.value(of: "a") == "1" && head.value(of: "none") == nil)
    }

    @Test(
        "one field is read like the whole head, whatever the line ends",
        arguments: [
            "GET / HTTP/1.1\r\nA:  1 \r\nx:2\r\nX: 3\r\n\r\n", "GET / HTTP/1.1\nX:\t2\t\n\n", "x: 1",
            "x: 1\r\nx: 2", "\nx: 1\r\nx: 2\r\n", "\r\nx: 2\r\n", "\n\nGET /\n\nx: 2", "GET /\r\n\r\nx: 2",
            "GET /\r\nx:", "GET /\nx : 1", "GET /\nxx: 1\n: 2\nx: 3\r", "GET /\nx: 1\r2\n", "GET /\nX: \r\r\n", "",
            "\n", "\r\n",
        ])
    func oneField(head: String) {
        let bytes = Array(head.utf8)
        #expect(MessageHead.value(of: "x", in: bytes) == MessageHead(bytes).value(of: "x"))
    }
}
