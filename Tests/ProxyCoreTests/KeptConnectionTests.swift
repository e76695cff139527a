import Foundation
import NetworkIO
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// What the engines have in common, on real sockets.
@Suite("Kept connections and clients that leave", .timeLimit(.minutes(1)))
struct KeptConnectionTests {
    static let engines: [EngineChoice] = [.epoll, .uring]

    private static let post = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"

    /// Whether the backend's side of a connection with this port is still established.
    private static func isEstablished(port: Int) throws -> Bool {
        let table = try String(contentsOfFile: "/proc/self/net/tcp", encoding: .utf8)
        let suffix = ":" + String(format: "%04X", port)
        return table.split(separator: "\n").dropFirst().contains { line in
            let columns = line.split(separator: " ")
            return columns.count > 3 && columns[1].hasSuffix(suffix) && columns[3] == "01"
        }
    }

    @Test("a POST right after the backend has closed its kept connection is answered each time", arguments: engines)
    func postAfterClose(engine: EngineChoice) async throws {
        // Each connection is closed after its response, which does not say so.
        let origin = try await ScriptedOrigin.start { request in
            let body = String(decoding: request.body, as: UTF8.self)
            return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"), .close]
        }
        try await Bench.run([origin.backend], { $0.engine = engine }) { bench in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<50 {
                try await client.send(Self.post)
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer.text == "hello")
                // What a backend closes while a request is on its way to it nobody can know.
                while try Self.isEstablished(port: origin.port) { await Task.yield() }
            }
            client.close()
        }
        #expect(origin.requests.count == 50)
        await origin.stop()
    }

    @Test("requests that came before the client closed its side are all answered and recorded", arguments: engines)
    func pipelinedThenClosed(engine: EngineChoice) async throws {
        let origin = try await ScriptedOrigin.start { request in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.target.utf8.count)\r\n\r\n\(request.target)")]
        }
        try await Bench.run([origin.backend], { $0.engine = engine }) { bench in
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

    @Test("so are POSTs, and all that came whole before an end in the middle of the third", arguments: engines, [5, 2])
    func pipelinedPosts(engine: EngineChoice, whole: Int) async throws {
        let origin = try await ScriptedOrigin.start { request in
            let body = String(decoding: request.body, as: UTF8.self)
            return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")]
        }
        try await Bench.run([origin.backend], { $0.engine = engine }) { bench in
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

    @Test("a 426 keeps the protocol that it asks for", arguments: engines)
    func upgradeRequired(engine: EngineChoice) async throws {
        let origin = try await ScriptedOrigin.answering(
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 2\r\n\r\nno")
        try await Bench.run([origin.backend], { $0.engine = engine }) { bench in
            let answer = try await bench.get()
            #expect(answer.status == 426)
            #expect(answer.field("Upgrade") == "websocket")
            #expect(answer.field("Connection")?.lowercased() == "upgrade")
        }
        await origin.stop()
    }

    @Test("a response that closes its connection ends it at once", arguments: engines)
    func closing(engine: EngineChoice) async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await Bench.run([origin.backend], { $0.engine = engine }) { bench in
            let start = ContinuousClock.now
            for _ in 0..<20 {
                let client = try await RawClient.connect(port: bench.port)
                try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(try await client.answer().text == "ok")
                #expect(try await client.ending() == .closed)
                client.close()
            }
            // A response that waited for the loop's next look at its time limits would take half a second each.
            #expect(start.duration(to: .now) < .seconds(5))
        }
        await origin.stop()
    }
}
