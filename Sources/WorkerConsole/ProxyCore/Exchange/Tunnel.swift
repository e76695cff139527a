import WorkerDomain

/// What is known of the tunnel that an exchange has become.
struct Tunnel {
    /// What the backend has changed to: `websocket`.
    var name: String?
    var clientHasEnded = false
    var backendHasEnded = false

    var hasEnded: Bool { self.clientHasEnded || self.backendHasEnded }

    /// How a tunnel ends that nobody cut.
    var ending: ExchangeEnding {
        let who = self.clientHasEnded ? (self.backendHasEnded ? "both sides" : "the client") : "the backend"
        return ExchangeEnding(cause: .completed, phase: .tunnel, reason: "\(self.name ?? "tunnel"): \(who) closed it")
    }
}
