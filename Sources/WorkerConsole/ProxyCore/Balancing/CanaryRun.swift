import Synchronization
import WorkerDomain

/// A running canary: who belongs to it, and what both sides have done.
final class CanaryRun: Sendable {
    private struct State: Sendable {
        var stable = SideRecord()
        var canary = SideRecord()
        var watch: CanaryGuard
    }

    let entry: BackendEntry
    let plan: CanaryPlan
    let startedAt: WallTime
    private let state: Mutex<State>

    init(entry: BackendEntry, plan: CanaryPlan, startedAt: WallTime) {
        self.entry = entry
        self.plan = plan
        self.startedAt = startedAt
        self.state = Mutex(State(watch: CanaryGuard(plan.rule)))
    }

    /// The client belongs to the canary. A higher percentage takes new clients and keeps the old ones.
    func takes(_ key: UInt64) -> Bool {
        StableHash.mix(key ^ self.entry.nameHash) % 10_000 < UInt64(self.plan.percent) * 100
    }

    /// Counts a response, or with no duration a request that got none.
    func note(_ entry: BackendEntry, isServerError: Bool, duration: Duration?, now: Int64) {
        self.state.withLock { state in
            if entry === self.entry {
                state.canary.add(isServerError: isServerError, duration: duration, now: now)
            } else {
                state.stable.add(isServerError: isServerError, duration: duration, now: now)
            }
        }
    }

    func judge(now: Int64) -> CanaryGuard.Verdict {
        self.state.withLock { state in
            state.watch.judge(stable: state.stable.window(now: now), canary: state.canary.window(now: now), now: now)
        }
    }

    /// What it has come to, with `stable` as the name of the backend that keeps the rest; `now` and `wall` are the
    /// same moment.
    func status(stable: String, now: Int64, wall: WallTime) -> CanaryStatus {
        let state = self.state.withLock { $0 }
        return CanaryStatus(
            plan: self.plan, startedAt: self.startedAt, stable: Self.side(stable, state.stable.total),
            canary: Self.side(self.plan.target, state.canary.total), breach: state.watch.breach,
            rollsBackAt: state.watch.actsAt.map {
                WallTime(nanosecondsSinceEpoch: wall.nanosecondsSinceEpoch + $0 - now)
            })
    }

    private static func side(_ name: String, _ tally: SideTally) -> CanarySide {
        CanarySide(
            name: name, count: tally.count, serverErrors: tally.serverErrors, p50: tally.latency.percentile(50),
            p95: tally.latency.percentile(95))
    }
}
