import WorkerDomain

/// A fault with its end in nanoseconds of the monotonic clock.
struct FaultRule: Sendable, Equatable {
    let kind: BackendFault.Kind
    let until: Int64

    /// What can be asked for: waits up to 30 s, statuses 500 to 599, 1 byte to 1 GB a second.
    static func isValid(_ kind: BackendFault.Kind) -> Bool {
        switch kind {
        case .latency(let duration): duration > .zero && duration <= BackendFault.latencyLimit
        case .status(let status): (500...599).contains(status)
        case .reset: true
        case .slowBody(let rate): (1...1_000_000_000).contains(rate)
        }
    }
}
