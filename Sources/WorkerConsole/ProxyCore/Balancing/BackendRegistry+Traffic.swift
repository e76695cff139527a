import Synchronization
import WorkerDomain

/// What the data plane tells of the exchanges with a backend.
extension BackendRegistry {
    /// A response's head came, or a fault took its place.
    ///
    /// `response` is how long it took; `nil` when nothing was sent to the backend. It counts while a canary runs.
    func responded(_ entry: BackendEntry, status: Int, isMeasured: Bool, response: Duration?) {
        let isServerError = (500...599).contains(status)
        if isServerError {
            entry.serverErrors.wrappingAdd(1, ordering: .relaxed)
            self.requestFailed(entry, atOnce: false)
        }
        guard isMeasured else { return }
        self.table.canary?.note(
            entry, isServerError: isServerError, duration: response, now: self.time.now())
    }

    /// An exchange ended in a way that the backend is to blame for.
    func failed(_ entry: BackendEntry, cause: ExchangeEnding.Cause, isMeasured: Bool, hasResponded: Bool) {
        entry.failures.wrappingAdd(1, ordering: .relaxed)
        self.requestFailed(entry, atOnce: cause == .backendUnreachable)
        guard isMeasured, !hasResponded else { return }
        self.table.canary?.note(entry, isServerError: true, duration: nil, now: self.time.now())
    }

    /// The slow responses that were asked for of this backend are still asked for.
    func isSlow(_ entry: BackendEntry) -> Bool {
        guard let rule = self.table.faults[entry.slot], case .slowBody = rule.kind else { return false }
        return self.time.now() < rule.until
    }
}
