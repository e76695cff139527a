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
        let head = CurlCommand(for: Sample.exchange(1, "HEAD / HTTP/1.1", summary: nil), authority: "a:1").text
        #expect(head.contains("--head") && !head.contains("--request"))
        let get = CurlCommand(for: Sample.exchange(1, "GET / HTTP/1.1", summary: nil), authority: "a:1").text
        #expect(!get.contains("--request"))
    }

    @Test("a request with fields and a body")
    func upload() {
        let exchange = Sample.exchange(
            1, "POST /api/upload?a=1&b=[2] HTTP/1.1",
            fields: [
                "Host: localhost:8787", "Content-Type: application/json", "Content-Length: 13",
                "Authorization: Bearer s3cret",
                "X-Empty:", "Connection: close",
            ], summary: Sample.summary(request: "it's {张三}"))
        #expect(
            CurlCommand(for: exchange, authority: "127.0.0.1:8787", redaction: .standard).text == #"""
                # not the same request: secrets are hidden
                curl --disable --noproxy '*' --globoff --path-as-is 'http://127.0.0.1:8787/api/upload?a=1&b=[2]' \
                  --request POST \
                  --header 'Host: localhost:8787' \
                  --header 'Content-Type: application/json' \
                  --header 'Content-Length: 13' \
                  --header 'Authorization: Bearer ••••••••' \
                  --header 'X-Empty;' \
                  --header 'Connection: close' \
                  --header User-Agent: \
                  --header Accept: \
                  --data-raw 'it'\''s {张三}'
                """#)
        let whole = CurlCommand(for: exchange, authority: "localhost:8787").text
        #expect(whole.contains("Bearer s3cret") && !whole.contains("Host:"))
    }

    @Test("bytes that are no text go through printf, and a body that was cut is left out")
    func bodies() {
        var summary = ExchangeEvent.Summary(
            ending: .completed, timers: ExchangeTimers(),
            requestBody: CapturedBody(bytes: [0x50, 0x00, 0xFF], totalBytes: 3), responseBody: CapturedBody())
        let binary = CurlCommand(for: Sample.exchange(1, "PUT /f HTTP/1.1", summary: summary), authority: "a:1").text
        #expect(binary.hasPrefix(#"printf 'P\000\377' | curl "#) && binary.hasSuffix("--data-binary @-"))
        summary = ExchangeEvent.Summary(
            ending: .completed, timers: ExchangeTimers(),
            requestBody: CapturedBody(bytes: Array("a\u{1B}[2J".utf8), totalBytes: 5), responseBody: CapturedBody())
        let escape = CurlCommand(for: Sample.exchange(1, "PUT /f HTTP/1.1", summary: summary), authority: "a:1").text
        #expect(escape.hasPrefix(#"printf 'a\033[2J' | curl "#))
        summary = ExchangeEvent.Summary(
            ending: .completed, timers: ExchangeTimers(),
            requestBody: CapturedBody(bytes: [0x50], totalBytes: 9), responseBody: CapturedBody())
        let cut = CurlCommand(for: Sample.exchange(1, "PUT /f HTTP/1.1", summary: summary), authority: "a:1").text
        #expect(
            cut.hasPrefix("# not the same request: its body is omitted: 1 of 9 bytes were kept\ncurl ")
                && !cut.contains("--data"))
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
        let command = CurlCommand(for: exchange, authority: "a'$(id)b").text
        // The shell itself says which words it sees.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "curl() { for word; do printf '%s\\036' \"$word\"; done; }\n" + command]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let words = text.split(separator: "\u{1E}").map(String.init)
        #expect(process.terminationStatus == 0)
        #expect(words.prefix(5) == ["--disable", "--noproxy", "*", "--globoff", "--path-as-is"])
        #expect(words.count > 5 && words[5].hasPrefix("http://a'$(id)b/"))
        #expect(words.contains("X: '\"\\$HOME`id`\r\nno colon"))
        #expect(!words.contains { $0.hasPrefix("@") })
    }
}
