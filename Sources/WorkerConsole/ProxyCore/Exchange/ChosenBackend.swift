import Synchronization
import WorkerDomain

/// The backend that an exchange goes to, and what is counted for it.
struct ChosenBackend {
    private let registry: BackendRegistry
    private(set) var entry: BackendEntry?
    /// A canary runs: the response is counted for one side.
    private(set) var isMeasured = false

    init(_ registry: BackendRegistry) {
        self.registry = registry
    }

    /// Its `host:port`.
    var place: String { self.entry?.backend.url.place ?? "" }

    @inline(__always)
    mutating func choose(_ entry: BackendEntry, isMeasured: Bool) {
        self.entry = entry
        self.isMeasured = isMeasured
        entry.inFlight.wrappingAdd(1, ordering: .relaxed)
        entry.requests.wrappingAdd(1, ordering: .relaxed)
    }

    /// A response's head came after so many nanoseconds; `nil` when nothing was sent.
    @inline(__always)
    func responded(status: Int, nanoseconds: Int64?) {
        guard status >= 500 || self.isMeasured, let entry = self.entry else { return }
        self.registry.responded(
            entry, status: status, isMeasured: self.isMeasured, response: nanoseconds.map { .nanoseconds($0) })
    }

    /// The exchange has ended.
    @inline(__always)
    func ended(_ cause: ExchangeEnding.Cause, hasResponded: Bool) {
        guard let entry = self.entry else { return }
        entry.inFlight.wrappingSubtract(1, ordering: .relaxed)
        switch cause {
        case .backendUnreachable, .backendAborted, .backendTimeout, .backendMalformed:
            self.registry.failed(entry, cause: cause, isMeasured: self.isMeasured, hasResponded: hasResponded)
        default: break
        }
    }

    @inline(__always)
    mutating func reset() {
        self.entry = nil
        self.isMeasured = false
    }
}
