import Testing
import WorkerDomain

@Suite("WallTime")
struct WallTimeTests {
    @Test("times beyond what fits stop at the ends instead of trapping")
    func bounds() {
        #expect(WallTime(millisecondsSinceEpoch: .max).nanosecondsSinceEpoch == .max)
        #expect(WallTime(millisecondsSinceEpoch: .min).nanosecondsSinceEpoch == .min)
        #expect(WallTime(millisecondsSinceEpoch: 1).nanosecondsSinceEpoch == 1_000_000)
    }

    @Test("the time between two is signed")
    func since() {
        let (early, late) = (WallTime(millisecondsSinceEpoch: 1), WallTime(millisecondsSinceEpoch: 3))
        #expect(late.since(early) == .milliseconds(2) && early.since(late) == .milliseconds(-2))
        #expect(early < late)
    }
}
