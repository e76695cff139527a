import Synchronization
import WorkerDomain

@testable import ProxyCore

/// A clock that only a test moves; whoever sleeps by it wakes when it has been moved far enough.
final class SteeringClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset = Duration.zero

        func advanced(by duration: Duration) -> Instant { Instant(offset: self.offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - self.offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct Sleeper: Sendable {
        let id: Int
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State: Sendable {
        var now = Instant()
        var nextID = 0
        var cancelled: Set<Int> = []
        var sleepers: [Sleeper] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var now: Instant { self.state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// The same time for drains, canaries and faults.
    var steering: SteeringTime {
        SteeringTime(
            now: { self.now.offset.nanoseconds },
            wall: { WallTime(nanosecondsSinceEpoch: 1_700_000_000_000_000_000 + self.now.offset.nanoseconds) })
    }

    func sleep(until deadline: Instant, tolerance _: Duration?) async throws {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (isOver, watchers) = self.state.withLock { state in
                    if state.cancelled.contains(id) || deadline <= state.now {
                        return (true, [CheckedContinuation<Void, Never>]())
                    }
                    state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
                    defer { state.watchers = [] }
                    return (false, state.watchers)
                }
                for watcher in watchers { watcher.resume() }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let sleeper = self.state.withLock { state in
                state.cancelled.insert(id)
                let index = state.sleepers.firstIndex { $0.id == id }
                return index.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Waits until somebody sleeps.
    func someoneSleeps() async {
        await withCheckedContinuation { continuation in
            let isThere = self.state.withLock { state in
                if !state.sleepers.isEmpty { return true }
                state.watchers.append(continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func advance(by duration: Duration) {
        let woken = self.state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let now = state.now
            defer { state.sleepers.removeAll { $0.deadline <= now } }
            return state.sleepers.filter { $0.deadline <= now }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }
}

/// Keeps what is written down, or refuses to.
final class SteeringLedgerRecorder: SteeringLedger {
    private let state = Mutex<(records: [SteeringRecord], active: [String])>(([], []))
    private let failure: String?

    init(failure: String? = nil) { self.failure = failure }

    var records: [SteeringRecord] { self.state.withLock { $0.records } }
    var active: [String] { self.state.withLock { $0.active } }

    func append(_ record: SteeringRecord) -> String? {
        self.state.withLock { $0.records.append(record) }
        return self.failure
    }

    func remember(active name: String) -> String? {
        self.state.withLock { $0.active.append(name) }
        return self.failure
    }
}
