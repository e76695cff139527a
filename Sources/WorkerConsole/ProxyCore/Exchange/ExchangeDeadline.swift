import WorkerDomain

/// Decides whether an exchange has lasted too long in its phase; pure.
struct ExchangeDeadline {
    /// Who has kept it waiting, and a line for a person.
    enum Verdict: Equatable {
        case none
        case backend(String)
        case client(String)
    }

    var phase: ExchangeEnding.Phase
    /// Since something last moved.
    var elapsed: Duration
    /// The backend's `host:port`.
    var place = ""
    /// The backend does not take what is sent to it.
    var isUpstreamCongested = false
    /// The client does not take what is sent to it.
    var isDownstreamCongested = false
    var clientHasEnded = false
    var backendHasEnded = false
    /// What the tunnel carries.
    var tunnel = "tunnel"

    func judge(_ limits: ProxyTimeouts) -> Verdict {
        switch self.phase {
        case .queue:
            return self.elapsed > limits.queue ? .backend("all connections to the backend are in use") : .none
        case .connect:
            return self.elapsed > limits.connect ? .backend("connect to \(self.place): timed out") : .none
        case .requestBody:
            if self.isUpstreamCongested {
                return self.elapsed > limits.responseHead
                    ? .backend("the backend does not read the request body") : .none
            }
            return self.elapsed > limits.requestBody ? .client("the request body did not arrive in time") : .none
        case .responseHead:
            return self.elapsed > limits.responseHead ? .backend("no response in time") : .none
        case .responseBody:
            if self.isDownstreamCongested {
                return self.elapsed > limits.write ? .client("the client does not read the response") : .none
            }
            return self.elapsed > limits.responseBody ? .backend("the response stalled") : .none
        case .tunnel: return self.judgeTunnel(limits)
        case .requestHead, .done: return .none
        }
    }

    /// A tunnel that one side has ended may have lost the other one too, which would not show for an hour.
    private func judgeTunnel(_ limits: ProxyTimeouts) -> Verdict {
        let isHalf = self.clientHasEnded || self.backendHasEnded
        guard self.elapsed > (isHalf ? min(limits.tunnelEnd, limits.tunnel) : limits.tunnel) else { return .none }
        if self.clientHasEnded {
            return .backend("\(self.tunnel): idle for too long after the client closed its side")
        }
        if self.backendHasEnded {
            return .client("\(self.tunnel): idle for too long after the backend closed its side")
        }
        return .backend("\(self.tunnel): idle for too long")
    }
}
