import Foundation
import TestSupport
import Testing
import TextOutput
import TextSafety
import WorkerDomain

@testable import Application

@Suite("lines of serve")
struct ExchangeLineTests {
    @Test("an exchange is one object with its keys in order; what is not known is left out")
    func line() {
        var exchange = Exchange(
            id: ExchangeID(rawValue: 7), startedAt: WallTime(millisecondsSinceEpoch: 1_767_323_045_006),
            downstream: "127.0.0.1:51934", requestHead: Array("GET /a?token=abc HTTP/1.1\r\n\r\n".utf8))
        var lines = JSONLine()
        ExchangeLine.append(exchange, redaction: .standard, to: &lines)
        exchange.route = .backend("blue")
        exchange.status = 200
        exchange.reusedConnection = true
        exchange.timers.totalNanoseconds = 1_500_000
        exchange.timers.connectNanoseconds = 0
        exchange.ending = ExchangeEnding(cause: .backendAborted, phase: .responseBody, reason: "a \"reset\"\n\u{202E}é")
        ExchangeLine.append(exchange, redaction: .standard, to: &lines)
        let expected = #"""
            {"client":"127.0.0.1:51934","id":7,"method":"GET","requestBytes":0,"responseBytes":0,"retries":0,"target":"/a?token=••••••••","time":"2026-01-02T03:04:05.006Z","timers":{}}
            {"backend":"blue","client":"127.0.0.1:51934","ended":"backendAborted","id":7,"method":"GET","ms":1.5,"phase":"responseBody","reason":"a \"reset\"\n\u202eé","requestBytes":0,"responseBytes":0,"retries":0,"reused":true,"route":"backend","status":200,"target":"/a?token=••••••••","time":"2026-01-02T03:04:05.006Z","timers":{"connect":0}}

            """#
        #expect(String(decoding: lines.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "times are milliseconds to the microsecond",
        arguments: [
            (Duration.zero, "0"), (.nanoseconds(499), "0"), (.nanoseconds(500), "0.001"), (.microseconds(10), "0.01"),
            (.milliseconds(12), "12"), (.microseconds(3_207), "3.207"), (.nanoseconds(999_999_600), "1000"),
            (.seconds(86_400), "86400000"), (.milliseconds(-5), "0"),
        ])
    func milliseconds(duration: Duration, expected: String) {
        var line = JSONLine()
        line.begin()
        line.member("ms", milliseconds: duration)
        line.end(isLine: true)
        #expect(String(decoding: line.bytes, as: UTF8.self) == "{\"ms\":\(expected)}\n")
    }

    @Test("any text is read back by a JSON reader as it was, and nothing in the line steers a terminal")
    func anyText() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let ranges: [ClosedRange<UInt32>] = [
                    0...0x7F, 0x80...0x2FF, 0x2000...0x2070, 0xD7F0...0xD7FF, 0x1F600...0x1F640,
                ]
                let value = UInt32.random(in: ranges[Int.random(in: 0..<5, using: &generator)], using: &generator)
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            }
            var line = JSONLine()
            line.begin()
            line.member("x", text)
            line.member("y", true)
            line.end(isLine: true)
            let json = String(decoding: line.bytes, as: UTF8.self)
            #expect(!ControlCharacters.areIn(json.dropLast()))
            let read = try JSONSerialization.jsonObject(with: Data(line.bytes)) as? [String: Any]
            #expect((read?["x"] as? String).map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}
