import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// Responses that go through the kernel once their captured part has passed.
@Suite("Large responses", .timeLimit(.minutes(2)))
struct LargeResponseTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func pattern(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 &+ seed) &* 31 ^ $0 >> 8) }
    }

    @Test(
        "each of several arrives whole on one connection, is counted whole, and its first part is kept",
        .everyEngine, arguments: [262_144, 1_048_576, 3_000_001])
    func whole(size: Int) async throws {
        let origin = try await ScriptedOrigin.start { request in
            let body = Self.pattern(size, request.target == "/second" ? 1 : 0)
            return [.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"), .bytes(body)]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            // The second one is sent along, so that it stands behind the pipe.
            try await client.send(Self.get + "GET /second HTTP/1.1\r\nHost: a\r\n\r\n")
            for seed in 0...1 {
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer.body == Self.pattern(size, seed))
            }
            client.close()
            for (seed, row) in await bench.recorder.ended(2).enumerated() {
                #expect(row.summary?.ending == .completed && row.summary?.responseBody.totalBytes == size)
                #expect(row.summary?.responseBody.bytes == Array(Self.pattern(65_536, seed)))
            }
        }
        await origin.stop()
    }

    @Test("one that its backend cuts off is cut for the client, after all that had come", .everyEngine)
    func truncated() async throws {
        let sent = 3_000_000
        let origin = try await ScriptedOrigin.start { _ in
            [
                .send("HTTP/1.1 200 OK\r\nContent-Length: \(sent + 1_000_000)\r\n\r\n"), .bytes(Self.pattern(sent, 0)),
                .close,
            ]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(Self.get)
            client.startDiscarding()
            try await client.discard(sent)
            _ = try await client.ending()
            let summary = await bench.recorder.ended(1).first?.summary
            #expect(summary?.ending.cause == .backendAborted && summary?.responseBody.totalBytes == sent)
        }
        await origin.stop()
    }

    @Test("a client that leaves in the middle ends the exchange and the backend's connection", .everyEngine)
    func abandoned() async throws {
        let size = 1 << 30
        let origin = try await ScriptedOrigin.start { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"), .flood(size)]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(Self.get)
            client.startDiscarding()
            try await client.discard(8 << 20)
            try await client.reset()
            let summary = await bench.recorder.ended(1).first?.summary
            #expect(summary?.ending.cause == .clientAborted)
            while bench.server.connections > 0 { await Task.yield() }
        }
        await origin.stop()
    }
}
