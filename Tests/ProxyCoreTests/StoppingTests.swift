import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("A proxy that stops", .serialized, .timeLimit(.minutes(1)))
struct StoppingTests {
    @Test("closes what it had opened, also while it connects", .everyEngine, arguments: [false, true])
    func connecting(isSilent: Bool) async throws {
        let full = try LoopbackSocket.full()
        let closed = try LoopbackSocket.closed()
        let backend = isSilent ? full.listener.backend : closed.backend
        try await Self.run(backend, isSilent: isSilent)
        // What the first run leaves is for the whole process: threads, the reserve of descriptors.
        let before = try OpenDescriptors.count()
        let runs = 12
        for _ in 0..<runs { try await Self.run(backend, isSilent: isSilent) }
        // Tasks that end let go of the last ones a bit later; one that stays open stays for ever.
        while try OpenDescriptors.count() >= before + runs {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private static func run(_ backend: Backend, isSilent: Bool) async throws {
        try await Bench.run([backend]) { bench in
            let answer = Task { try? await bench.get() }
            if isSilent {
                while bench.recorder.records.isEmpty { await bench.turn() }
            } else {
                #expect(await answer.value?.status == 502)
            }
            await bench.server.stop()
            _ = await answer.value
        }
    }
}
