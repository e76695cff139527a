import NetworkIO
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Engines")
struct EngineTests {
    @Test(
        "every test of the transport also runs on io_uring",
        .enabled(if: EveryEngine.uringObstacle == nil, "\(EveryEngine.uringObstacle ?? "")"))
    func uring() {
        #expect(EveryEngine.allowed == [.epoll, .uring])
    }

    @Test("a proxy has the engine of its run", .everyEngine)
    func current() async throws {
        let asked = try #require(EveryEngine.current)
        try await Bench.run([]) { bench in #expect(bench.server.engineName == asked.rawValue) }
    }
}
