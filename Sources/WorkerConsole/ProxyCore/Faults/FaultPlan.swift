import WorkerDomain

/// What an injected fault does to one request.
enum FaultPlan: Equatable {
    /// Forward it after so many nanoseconds.
    case delay(Int64)
    /// Respond in the backend's place; a status counts as one of the backend's.
    case respond(LocalResponse, ExchangeEnding, status: Int?)
    /// Let the response out at so many bytes a second.
    case slowResponse(bytesPerSecond: Int)

    init(_ rule: FaultRule, backend name: String) {
        switch rule.kind {
        case .latency(let duration): self = .delay(duration.nanoseconds)
        case .status(let status):
            self = .respond(
                LocalResponse(status: status, error: "fault_injected", message: "this failure was injected on purpose"),
                ExchangeEnding(
                    cause: .completed, phase: .done, reason: "fault injected into \(name): status \(status)"),
                status: status)
        case .reset:
            self = .respond(
                LocalResponse(cause: .backendAborted, phase: .responseHead),
                ExchangeEnding(
                    cause: .backendAborted, phase: .responseHead,
                    reason: "fault injected into \(name): connection reset"),
                status: nil)
        case .slowBody(let rate): self = .slowResponse(bytesPerSecond: rate)
        }
    }
}
