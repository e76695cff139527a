import WorkerDomain

/// A property of an exchange that `flag:` names.
enum FilterFlag: String, Sendable, Equatable, CaseIterable {
    /// A CORS preflight, handled by the proxy.
    case preflight
    /// It failed: status 500 or above, or it ended otherwise than with a whole response and not by the client's will.
    case error
    /// The proxy responded itself because no backend's response came.
    case proxy
    /// An attempt failed and another one was made.
    case retried
    /// The connection to the backend had carried an exchange before.
    case reused
    /// The client went away before the end.
    case aborted
    /// A limit of time ended it.
    case timeout
    /// It has not ended yet.
    case inflight
    /// The request had a body.
    case upload
    /// Not all of a body was kept.
    case truncated

    func isSet(on exchange: Exchange) -> Bool {
        switch self {
        case .preflight: exchange.route == .preflight
        case .error: (exchange.status ?? 0) >= 500 || Self.isFailure(exchange.ending?.cause)
        case .proxy: exchange.ending?.isProxyAnswer == true
        case .retried: exchange.retries > 0
        case .reused: exchange.reusedConnection == true
        case .aborted: exchange.ending?.cause == .clientAborted
        case .timeout: exchange.ending?.cause == .clientTimeout || exchange.ending?.cause == .backendTimeout
        case .inflight: exchange.isInFlight
        case .upload: exchange.requestBody.totalBytes > 0
        case .truncated: exchange.requestBody.omittedBytes > 0 || exchange.responseBody.omittedBytes > 0
        }
    }

    private static func isFailure(_ cause: ExchangeEnding.Cause?) -> Bool {
        switch cause {
        case nil, .completed, .clientAborted: false
        case .clientTimeout, .requestRefused, .backendUnreachable, .backendAborted, .backendTimeout, .backendMalformed,
            .noBackend, .shutdown, .internalError:
            true
        }
    }
}
