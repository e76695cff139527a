import Foundation
import TestSupport
import Testing
import TextSafety
import TrafficJournal
import WorkerDomain

@Suite("CurlCommand")
struct CurlCommandTests {
    @Test("HEAD asks for a head only, GET needs no method")
    func methods() {
        let head = CurlCommand.render(Sample.exchange(1, "HEAD / HTTP/1.1", summary: nil), authority: "a:1")
        #expect(head.contains("--head") && !head.contains("--request"))
        let get = CurlCommand.render(Sample.exchange(1, "GET / HTTP/1.1", summary: nil), authority: "a:1")
        #expect(!get.contains("--request"))
    }

    @Test("a request with fields and a body")
    func upload() {
        let exchange = Sample.exchange(
            1, "POST /api/upload?a=1&b=[2] HTTP/1.1",
            fields: [
                "Host: localhost:8787", "Content-Type: application/json", "Content-Length: 9",
                "Authorization: Bearer s3cret",
                "X-Empty:", "Connection: close",
            ], summary: Sample.summary(request: "it's {张三}"))
        #expect(
            CurlCommand.render(exchange, authority: "127.0.0.1:8787", redaction: .standard) == #"""
                curl --globoff --path-as-is 'http://127.0.0.1:8787/api/upload?a=1&b=[2]' \
                  --request POST \
                  --header 'Host: localhost:8787' \
                  --header 'Content-Type: application/json' \
                  --header 'Authorization: Bearer ••••••••' \
                  --header 'X-Empty;' \
                  --data-raw 'it'\''s {张三}'
                """#)
        let whole = CurlCommand.render(exchange, authority: "localhost:8787")
        #expect(whole.contains("Bearer s3cret") && !whole.contains("Host:"))
    }

    @Test("bytes that are no text go through printf, and a body that was cut is left out")
    func bodies() {
        var summary = ExchangeEvent.Summary(
            ending: .completed, timers: ExchangeTimers(),
            requestBody: CapturedBody(bytes: [0x50, 0x00, 0xFF], totalBytes: 3), responseBody: CapturedBody())
        let binary = CurlCommand.render(Sample.exchange(1, "PUT /f HTTP/1.1", summary: summary), authority: "a:1")
        #expect(binary.hasPrefix(#"printf '\120\000\377' | curl "#) && binary.hasSuffix("--data-binary @-"))
        summary = ExchangeEvent.Summary(
            ending: .completed, timers: ExchangeTimers(),
            requestBody: CapturedBody(bytes: Array("a\u{1B}[2J".utf8), totalBytes: 5), responseBody: CapturedBody())
        let escape = CurlCommand.render(Sample.exchange(1, "PUT /f HTTP/1.1", summary: summary), authority: "a:1")
        #expect(escape.hasPrefix(#"printf '\141\033\133\062\112' | curl "#))
        summary = ExchangeEvent.Summary(
            ending: .completed, timers: ExchangeTimers(),
            requestBody: CapturedBody(bytes: [0x50], totalBytes: 9), responseBody: CapturedBody())
        let cut = CurlCommand.render(Sample.exchange(1, "PUT /f HTTP/1.1", summary: summary), authority: "a:1")
        #expect(cut.hasPrefix("# body left out: 1 of 9 bytes were kept\ncurl ") && !cut.contains("--data"))
    }

    @Test(
        "no head can break out of its quotes",
        arguments: [
            "GET /';reboot;' HTTP/1.1", "GET /$(reboot)`id` HTTP/1.1", "' ' '", "", "GET http://evil/ HTTP/1.1",
            "-o -o -o",
        ])
    func hostile(line: String) throws {
        let exchange = Sample.exchange(
            1, line, fields: ["Host: a'$(id)b", "@file: x", "X: '\"\\$HOME`id`", "no colon"], summary: nil)
        let command = CurlCommand.render(exchange, authority: "a'$(id)b")
        // The shell itself says which words it sees.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "curl() { for word; do printf '%s\\n' \"$word\"; done; }\n" + command]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let words = text.split(separator: "\n").map(String.init)
        #expect(process.terminationStatus == 0)
        #expect(words.prefix(2) == ["--globoff", "--path-as-is"])
        #expect(words.count > 2 && words[2].hasPrefix("http://a'$(id)b/"))
        #expect(words.contains("X: '\"\\$HOME`id`"))
        #expect(!words.contains { $0.hasPrefix("@") })
    }
}
