/// Which backend is probed when. Pure: it is told the time.
struct ProbeSchedule: Sendable, Equatable {
    private struct Place: Sendable, Equatable {
        /// Nanoseconds of the monotonic clock.
        var due: Int64
        var begun: Int64?
        var isRunning = false
    }

    private var places: [String: Place] = [:]

    /// Marks what is due among all backends as running and gives it back; one that is new is due at once.
    mutating func start(among names: [String], now: Int64) -> [String] {
        var started: [String] = []
        for name in names {
            var place = self.places[name] ?? Place(due: now)
            guard !place.isRunning, place.due <= now else { continue }
            place.isRunning = true
            place.begun = now
            self.places[name] = place
            started.append(name)
        }
        return started
    }

    /// A probe has ended; the next one is due after `wait` nanoseconds.
    mutating func finished(_ name: String, now: Int64, wait: Int64) {
        self.places[name]?.isRunning = false
        self.places[name]?.due = now + max(1, wait)
    }

    /// Brings the next probe of a backend forward, to no sooner than `distance` after the begin of the last one.
    mutating func bringForward(_ name: String, now: Int64, distance: Int64) {
        guard let place = self.places[name], !place.isRunning else { return }
        self.places[name]?.due = min(place.due, max(now, (place.begun ?? now - distance) + distance))
    }

    /// Makes the next probe of every backend due now.
    mutating func bringAllForward(now: Int64) {
        for (name, place) in self.places { self.places[name]?.due = min(place.due, now) }
    }

    var isRunning: Bool { self.places.values.contains { $0.isRunning } }

    /// Nanoseconds until something is due; `nil` when nothing waits.
    func wait(now: Int64) -> Int64? {
        self.places.values.filter { !$0.isRunning }.map { max(0, $0.due - now) }.min()
    }
}
