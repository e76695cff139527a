import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Many slow clients", .everyEngine, .timeLimit(.minutes(2)))
struct DribbleTests {
    private static let count = 1_000

    @Test("1,000 clients that dribble their heads keep no ordinary one waiting, and each is told 408 in the end")
    func dribblers() async throws {
        let origin = try await ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await Bench.run([origin.backend]) { bench in
            var dribblers: [RawClient] = []
            for _ in 0..<Self.count {
                let client = try await RawClient.connect(port: bench.port)
                try await client.send(Array("GET /slow HTTP/1.1\r\nX-A: ".utf8))
                dribblers.append(client)
            }
            while bench.server.connections < Self.count { await Task.yield() }
            await bench.turn()
            var worst = Duration.zero
            var ordinary = 0
            let clock = ContinuousClock()
            // The limit is 10 s from the first byte: a byte every second must not put it off.
            repeat {
                for client in dribblers { client.post([0x61]) }
                let start = clock.now
                #expect(try await bench.get("/ordinary").status == 200)
                worst = max(worst, start.duration(to: clock.now))
                ordinary += 1
                _ = await bench.recorder.ended(ordinary)
                if ordinary <= 10 { #expect(bench.ended == ordinary) }
                await bench.advance(by: .seconds(1))
            } while bench.ended < Self.count + ordinary
            #expect(ordinary > 10)
            #expect(worst < .seconds(1), "an ordinary request took \(worst)")
            for client in dribblers {
                #expect(try await client.answer().status == 408)
                client.close()
            }
            let rows = await bench.recorder.ended(Self.count + ordinary)
            let slow = rows.filter { $0.status == 408 }
            #expect(slow.count == Self.count && rows.count == Self.count + ordinary)
            #expect(
                slow.allSatisfy {
                    $0.summary?.ending
                        == ExchangeEnding(
                            cause: .clientTimeout, phase: .requestHead,
                            reason: "the request head did not arrive in time")
                })
        }
        #expect(origin.requests.allSatisfy { $0.target == "/ordinary" })
        await origin.stop()
    }
}
