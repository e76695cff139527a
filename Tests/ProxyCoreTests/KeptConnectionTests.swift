import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// What the engines have in common, on real sockets.
@Suite("Kept connections and clients that leave", .everyEngine, .timeLimit(.minutes(1)))
struct KeptConnectionTests {
    private static let post = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"

    @Test("a POST right after the backend has closed its kept connection is answered each time")
    func postAfterClose() async throws {
        // Each connection is closed after its response, which does not say so.
        let origin = try await ScriptedOrigin.start { request in
            let body = String(decoding: request.body, as: UTF8.self)
            return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"), .closeConfirmed]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<50 {
                try await client.send(Self.post)
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer.text == "hello")
                // What a backend closes while a request is on its way to it nobody can know.
                while origin.openConnections > 0 { await Task.yield() }
            }
            client.close()
        }
        #expect(origin.requests.count == 50)
        await origin.stop()
    }

    @Test("a POST takes no connection that has been unused for more than a second, a GET does")
    func postAfterPause() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
            for (pause, request) in [
                (Duration.zero, get), (.seconds(1), Self.post), (.seconds(1) + .nanoseconds(1), Self.post),
                (.seconds(3), get),
            ] {
                await bench.advance(by: pause)
                try await client.send(request)
                #expect(try await client.answer().text == "ok")
            }
            #expect(await bench.recorder.ended(4).map(\.reused) == [false, true, false, true])
            client.close()
        }
        await origin.stop()
    }

    @Test("requests that came before the client closed its side are all answered and recorded")
    func pipelinedThenClosed() async throws {
        let origin = try await ScriptedOrigin.start { request in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.target.utf8.count)\r\n\r\n\(request.target)")]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            let requests = (0..<5).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
            try await client.send(requests.joined())
            try await client.finish()
            for index in 0..<5 { #expect(try await client.answer().text == "/\(index)") }
            _ = try await client.ending()
            let rows = await bench.recorder.ended(5)
            #expect(rows.map(\.summary?.ending.cause) == [ExchangeEnding.Cause?](repeating: .completed, count: 5))
            client.close()
        }
        await origin.stop()
    }

    @Test(
        "so are POSTs, and all that came whole before an end in the middle of the third", .everyEngine,
        arguments: [5, 2])
    func pipelinedPosts(whole: Int) async throws {
        let origin = try await ScriptedOrigin.start { request in
            let body = String(decoding: request.body, as: UTF8.self)
            return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            let requests = (0..<5).map { "POST /\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nbody-\($0)" }
            let text = requests.prefix(whole).joined() + (whole < 5 ? requests[whole].dropLast(3) : "")
            try await client.send(text)
            try await client.finish()
            for index in 0..<whole { #expect(try await client.answer().text == "body-\(index)") }
            _ = try await client.ending()
            let rows = await bench.recorder.ended(min(whole + 1, 5))
            #expect(rows.prefix(whole).allSatisfy { $0.summary?.ending.cause == .completed })
            if whole < 5 { #expect(rows.last?.summary?.ending.cause == .clientAborted) }
            client.close()
        }
        await origin.stop()
    }

    @Test("a 426 keeps the protocol that it asks for")
    func upgradeRequired() async throws {
        let origin = try await ScriptedOrigin.answering(
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 2\r\n\r\nno")
        try await Bench.run([origin.backend]) { bench in
            let answer = try await bench.get()
            #expect(answer.status == 426)
            #expect(answer.field("Upgrade") == "websocket")
            #expect(answer.field("Connection")?.lowercased() == "upgrade")
        }
        await origin.stop()
    }

    @Test("a response that closes its connection ends it at once")
    func closing() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await Bench.run([origin.backend]) { bench in
            for _ in 0..<20 {
                let client = try await RawClient.connect(port: bench.port)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(try await client.answer().text == "ok")
                #expect(try await client.ending() == .closed)
                client.close()
            }
            // The proxy's time stands still: a response that waited for the next look at the time limits would not end.
        }
        await origin.stop()
    }
}
