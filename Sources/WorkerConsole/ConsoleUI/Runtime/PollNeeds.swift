import Synchronization
import TrafficJournal
import WorkerDomain

/// Says whether the console has anything to do, without waking it.
///
/// The timer asks 20 times a second; an idle console is woken twice a second, for the clock and the status.
final class PollNeeds: Sendable {
    private let journal: Journal
    private let pollsPerStatus: Int
    private let now: @Sendable () -> WallTime
    private let isAsked = Atomic<Bool>(true)
    private let isStatusDue = Atomic<Bool>(false)
    private let seenVersion = Atomic<UInt64>(0)
    private let second = Atomic<Int64>(0)
    private let polls = Atomic<Int>(0)

    /// - Parameters:
    ///   - services: Whose journal is looked at.
    ///   - pollsPerStatus: After so many looks the status is read anew.
    ///   - now: The clock that is shown.
    init(services: Services, pollsPerStatus: Int, now: @escaping @Sendable () -> WallTime) {
        self.journal = services.journal
        self.pollsPerStatus = pollsPerStatus
        self.now = now
    }

    /// Something waits for the next poll.
    func ask() { self.isAsked.store(true, ordering: .relaxed) }

    /// The console knows the journal up to this version.
    func sawJournal(_ version: UInt64) { self.seenVersion.store(version, ordering: .relaxed) }

    /// True once each time that the status is to be read.
    func takeStatusDue() -> Bool { self.isStatusDue.exchange(false, ordering: .relaxed) }

    /// Called by the timer: true when the console is to be woken.
    func isDue() -> Bool {
        var isDue = self.isAsked.exchange(false, ordering: .relaxed)
        if self.polls.wrappingAdd(1, ordering: .relaxed).newValue % self.pollsPerStatus == 0 {
            self.isStatusDue.store(true, ordering: .relaxed)
            isDue = true
        }
        let second = self.now().nanosecondsSinceEpoch / 1_000_000_000
        if self.second.exchange(second, ordering: .relaxed) != second { isDue = true }
        return isDue || self.journal.version != self.seenVersion.load(ordering: .relaxed)
    }
}
