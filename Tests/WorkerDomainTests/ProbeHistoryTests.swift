import Testing
import WorkerDomain

@Suite("ProbeHistory")
struct ProbeHistoryTests {
    private static func probe(_ second: Int, _ code: String) -> HealthProbeResult {
        HealthProbeResult(
            code: code, detail: "", passed: code.hasSuffix("OK"), latency: .zero,
            at: WallTime(nanosecondsSinceEpoch: Int64(second) * 1_000_000_000))
    }

    private static func history(_ codes: [String]) -> ProbeHistory {
        ProbeHistory(codes.enumerated().map { self.probe($0.offset, $0.element) })
    }

    @Test("a run keeps its start and its count when its first probes are no longer kept")
    func longRun() {
        let history = Self.history(["L7OK"] + [String](repeating: "L4CON", count: 500))
        #expect(
            history.newest.count == ProbeHistory.limit
                && history.newest.first?.at.nanosecondsSinceEpoch == 481_000_000_000)
        #expect(history.run?.passed == false && history.run?.count == 500)
        #expect(history.run?.since.nanosecondsSinceEpoch == 1_000_000_000)
        #expect(history.turns.map(\.code) == ["L7OK", "L4CON"])
    }

    @Test("another code is a turn, and only another verdict begins a run")
    func turns() {
        let history = Self.history(["L4CON", "L4CON", "L4TOUT", "L7OK", "L4OK", "L7STS"])
        #expect(history.turns.map(\.code) == ["L4CON", "L4TOUT", "L7OK", "L4OK", "L7STS"])
        #expect(history.run?.count == 1 && history.run?.since.nanosecondsSinceEpoch == 5_000_000_000)
        #expect(Self.history(["L4CON", "L4TOUT", "L4CON"]).run?.count == 3)
    }

    @Test("the newest turns are kept")
    func manyTurns() {
        let history = Self.history((0..<100).map { $0.isMultiple(of: 2) ? "L7OK" : "L4CON" })
        #expect(history.turns.count == ProbeHistory.limit && history.turns.last?.code == "L4CON")
        #expect(ProbeHistory().run == nil)
    }
}
