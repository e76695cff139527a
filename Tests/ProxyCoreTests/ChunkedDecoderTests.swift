import Testing

@testable import ProxyCore

@Suite("Chunked coding")
struct ChunkedDecoderTests {
    private func decode(_ text: String, step: Int) -> (String, ChunkedDecoder.Event) {
        var decoder = ChunkedDecoder(trailerLimit: 16_384)
        var payload = ""
        let bytes = Array(text.utf8)
        var position = 0
        var end = 0
        while true {
            let event = bytes.withUnsafeBytes { decoder.next(UnsafeRawBufferPointer(rebasing: $0[..<end]), &position) }
            switch event {
            case .data(let place): payload += String(decoding: bytes[place], as: UTF8.self)
            case .needsMore:
                guard end < bytes.count else { return (payload, .needsMore) }
                end = min(bytes.count, end + step)
            case .end, .trailers: return (payload, .end)
            case .malformed: return (payload, .malformed(""))
            }
        }
    }

    @Test("a body comes out whole, however it is cut", arguments: [1, 2, 3, 7, 1_000])
    func whole(step: Int) {
        let (payload, end) = self.decode(
            "5\r\nhello\r\n1;a=\"b c\"\r\n \r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n", step: step)
        #expect(payload == "hello 0123456789")
        #expect(end == .end)
    }

    @Test(
        "broken framing is refused",
        arguments: [
            "g\r\n", "\r\n", "-1\r\n", "5 \r\nhello\r\n", "5\nhello\r\n", "5\rhello", "5\r\nhello0\r\n",
            "5\r\nhello\n0\r\n",
            "0x5\r\n", "FFFFFFFFFFFFFFFF\r\n", "5;a\u{1}\r\n", "0\r\n X: y\r\n\r\n", "0\r\nX: y\n\r\n", "0\r\n\rX",
            "1;" + String(repeating: "x", count: 5_000), "0\r\nX: " + String(repeating: "x", count: 20_000),
        ], [1, 1_000])
    func malformed(text: String, step: Int) {
        #expect(self.decode(text, step: step).1 == .malformed(""))
    }

    @Test("sizes are written in hexadecimal", arguments: [(1, "1"), (15, "f"), (16, "10"), (65_536, "10000")])
    func sizes(size: Int, expected: String) {
        let line = [UInt8](unsafeUninitializedCapacity: ChunkedEncoder.sizeLineLimit) { memory, count in
            var out = HeadOutput(UnsafeMutableRawBufferPointer(memory))
            ChunkedEncoder.writeSize(size, into: &out)
            count = out.count
        }
        #expect(String(decoding: line, as: UTF8.self) == "\(expected)\r\n")
    }
}
