import Foundation
import NetworkIO
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// What a slow side costs: the announced gigabyte never comes to lie in memory.
@Suite("Memory", .timeLimit(.minutes(2)))
struct MemoryTests {
    private static let size = 1 << 30
    private static let streamed = 256 << 20
    private static let bound = 16 << 20

    /// Bytes of this process that lie in memory.
    private static func resident() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
    }

    /// Waits until a count has stood still for a tenth of a second: then everything in between is full.
    private static func settled(_ count: @Sendable () -> Int) async throws {
        var last = -1
        var since = ContinuousClock.now
        while since.duration(to: .now) < .milliseconds(100) {
            let now = count()
            if now != last {
                last = now
                since = .now
            }
            await Task.yield()
        }
    }

    @Test("a slow reader of a gigabyte costs no memory, and neither does a fast one", .everyEngine)
    func download() async throws {
        let origin = try await ScriptedOrigin.start { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n"), .flood(Self.size)]
        }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            let before = try Self.resident()
            try await client.setReading(false)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await Self.settled { origin.floodedBytes }
            let stalled = try Self.resident()
            #expect(origin.floodedBytes < 64 << 20)
            #expect(stalled - before < Self.bound)
            client.startDiscarding()
            try await client.setReading(true)
            try await client.discard(Self.streamed)
            let after = try Self.resident()
            #expect(after - before < Self.bound)
            client.close()
            let row = await bench.recorder.ended(1).first
            #expect((row?.summary?.responseBody.totalBytes ?? 0) >= Self.streamed)
            #expect((row?.summary?.responseBody.bytes.count ?? 0) <= 65_536)
        }
        await origin.stop()
    }

    @Test("a slow backend under an upload of a gigabyte costs no memory, and neither does a fast one", .everyEngine)
    func upload() async throws {
        let origin = try await ScriptedOrigin.start(trigger: .head, readsBody: false) { request in
            [.hold, .sink(Self.streamed - request.rawBody.count), .close]
        }
        try await Bench.run([origin.backend], { $0.limits.body = Self.size }) { bench in
            let client = try await RawClient.connect(port: bench.port)
            let before = try Self.resident()
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(Self.size)\r\n\r\n")
            let sending = Task { try await client.flood(Self.size) }
            try await Self.settled { client.floodedBytes }
            let stalled = try Self.resident()
            #expect(client.floodedBytes < 64 << 20)
            #expect(stalled - before < Self.bound)
            origin.release()
            let row = await bench.recorder.ended(1).first
            let after = try Self.resident()
            #expect(after - before < Self.bound)
            #expect(row?.summary?.ending.cause == .backendAborted)
            #expect((row?.summary?.requestBody.totalBytes ?? 0) >= Self.streamed)
            client.close()
            _ = await sending.result
        }
        #expect(origin.sunkBytes >= Self.streamed - 262_144)
        await origin.stop()
    }

    @Test("the more connections there are, the less the further ones may hold")
    func plan() {
        let plans = (0..<10_000).map { BufferPlan.beside($0) }
        #expect(plans.first == .few && plans[127] == .few && plans[128] == .many)
        #expect(plans[511] == .many && plans[512] == .crowd && plans.last == .crowd)
        #expect(zip(plans, plans.dropFirst()).allSatisfy { $0.total >= $1.total && $0.captured >= $1.captured })
        #expect(plans.allSatisfy { $0.limits.low < $0.limits.high && $0.limits.read >= 16_384 })
        // What a further 1,000 slow readers hold, with what is kept of each body for the journal.
        let further = plans[512..<1_512].reduce(0) { $0 + $1.total + $1.captured }
        #expect(further <= 64 << 20)
    }
}
