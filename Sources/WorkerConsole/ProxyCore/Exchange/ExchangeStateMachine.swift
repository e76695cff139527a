import WorkerDomain

/// Decides what happens next in one exchange: whether to repeat, how to respond, which connection may be kept.
///
/// Inputs are method calls, outputs actions; it performs no I/O and reads no clock. After the exchange is over every
/// input gets ``Action/none``, so that late events of a connection cannot end it twice.
struct ExchangeStateMachine: Sendable, Equatable {
    /// What the exchange must do next.
    enum Action: Sendable, Equatable {
        case none
        /// Send the request on the connection that was got.
        case send
        /// Send the request again on a fresh connection; nothing of a response has been seen.
        case retry
        /// Pass the response's head on.
        case forwardHead
        /// Pass a 1xx head on and wait for the next one.
        case forwardInformational
        /// Pass the 101 on; from now on bytes go both ways untouched.
        case openTunnel
        /// The response is complete.
        case finish(keepUpstream: Bool, keepDownstream: Bool)
        /// Respond with an error of our own, then call ``responded(downstreamPersists:)``.
        case respond(ExchangeEnding.Cause, ExchangeEnding.Phase)
        /// The response has begun and cannot be completed: end the client's connection so that nobody takes it for whole.
        case cut(ExchangeEnding.Cause, ExchangeEnding.Phase)
        /// Nobody is there to respond to.
        case drop(ExchangeEnding.Cause, ExchangeEnding.Phase)
    }

    /// What is known of the request when its head has been read.
    struct Request: Sendable, Equatable {
        /// The method is idempotent and there is no body.
        var isRepeatable = true
        /// There is no body, or all of it is here.
        var isComplete = true
        var wantsUpgrade = false
        /// The client expects `100 Continue`.
        var expectsContinue = false
        /// The client understands 1xx responses: HTTP/1.1.
        var takesInformational = true
    }

    private enum Progress: Sendable, Equatable {
        case idle, queued, connecting, awaitingHead, responding, responded, tunnelling
        /// The proxy itself responds.
        case local
        case over
    }

    /// 1xx heads that are passed on for one request; more look like an attack on the client.
    static let informationalLimit = 16

    let retryLimit: Int
    private(set) var retries = 0
    private var progress = Progress.idle
    private var request = Request()
    private var isReused = false
    private var hasSeenResponse = false
    private var informationals = 0
    private var upstreamPersists = false
    private var downstreamPersists = false

    init(retryLimit: Int) {
        self.retryLimit = retryLimit
    }

    /// The phase that the exchange is in.
    var phase: ExchangeEnding.Phase {
        switch self.progress {
        case .idle: .requestHead
        case .queued: .queue
        case .connecting: .connect
        case .awaitingHead: self.request.isComplete ? .responseHead : .requestBody
        case .responding: .responseBody
        // The response was whole before the request was.
        case .responded: .requestBody
        case .tunnelling: .tunnel
        case .local, .over: .done
        }
    }

    var isOver: Bool { self.progress == .over }
    var isRequestComplete: Bool { self.request.isComplete }
    /// The head of the final response has gone downstream.
    var hasResponded: Bool {
        self.progress == .responding || self.progress == .responded || self.progress == .tunnelling
    }
    var isTunnelling: Bool { self.progress == .tunnelling }

    /// The request head was accepted and will be forwarded.
    mutating func begin(_ request: Request) {
        self = ExchangeStateMachine(retryLimit: self.retryLimit)
        self.request = request
        self.progress = .queued
    }

    /// A connection is being established.
    mutating func connecting() {
        if self.progress == .queued { self.progress = .connecting }
    }

    /// No connection could be begun for want of a descriptor: the exchange waits for one again.
    mutating func queuedAgain() {
        if self.progress == .connecting { self.progress = .queued }
    }

    mutating func connected(reused: Bool) -> Action {
        guard self.progress == .queued || self.progress == .connecting else { return .none }
        self.isReused = reused
        self.progress = .awaitingHead
        return .send
    }

    /// No connection could be made. Nothing was sent, but a second try at once would meet the same.
    mutating func connectFailed() -> Action {
        self.fail(.backendUnreachable)
    }

    /// The proxy itself responds to the request: a preflight, or a refusal.
    mutating func respondLocally() {
        guard self.progress == .queued else { return }
        self.progress = .local
    }

    /// The whole response of the proxy itself was written.
    ///
    /// - Parameter downstreamPersists: The client's connection may be used again, when the request has been read.
    /// - Returns: ``Action/finish(keepUpstream:keepDownstream:)``, once.
    mutating func responded(downstreamPersists: Bool) -> Action {
        guard self.progress == .local else { return .none }
        self.progress = .over
        return .finish(keepUpstream: false, keepDownstream: downstreamPersists && self.request.isComplete)
    }

    /// The last byte of the request was read.
    mutating func requestCompleted() -> Action {
        self.request.isComplete = true
        guard self.progress == .responded else { return .none }
        self.progress = .over
        return .finish(keepUpstream: self.upstreamPersists, keepDownstream: self.downstreamPersists)
    }

    /// Bytes of a response came that are no whole head yet.
    mutating func responseBegan() {
        self.hasSeenResponse = true
    }

    /// The head of a response came.
    ///
    /// - Parameters:
    ///   - status: 100 to 999.
    ///   - upstreamPersists: The backend's connection may be used again after this response.
    ///   - downstreamPersists: The client's connection may be, when the request has then been read.
    /// - Returns: ``Action/none`` for a 1xx that the client does not want.
    mutating func responseHead(status: Int, upstreamPersists: Bool, downstreamPersists: Bool) -> Action {
        guard self.progress == .awaitingHead else { return .none }
        self.hasSeenResponse = true
        if status == 101 {
            guard self.request.wantsUpgrade else { return self.fail(.backendMalformed) }
            self.progress = .tunnelling
            return .openTunnel
        }
        if status < 200 {
            self.informationals += 1
            guard self.informationals <= Self.informationalLimit else { return self.fail(.backendMalformed) }
            let isWanted = status != 100 || self.request.expectsContinue
            return self.request.takesInformational && isWanted ? .forwardInformational : .none
        }
        self.upstreamPersists = upstreamPersists
        self.downstreamPersists = downstreamPersists
        self.progress = .responding
        return .forwardHead
    }

    /// The last byte of the response came.
    ///
    /// When the client was told that its connection stays, the rest of its request still has to pass: to close now
    /// would lose the request that it sends next.
    mutating func responseCompleted() -> Action {
        guard self.progress == .responding else { return .none }
        if !self.request.isComplete, self.downstreamPersists {
            self.progress = .responded
            return .none
        }
        self.progress = .over
        // A request that has not been read to its end leaves bytes on both connections that belong to nothing.
        return .finish(
            keepUpstream: self.upstreamPersists && self.request.isComplete, keepDownstream: self.downstreamPersists)
    }

    /// Both directions of the tunnel have ended.
    mutating func tunnelClosed() -> Action {
        guard self.progress == .tunnelling else { return .none }
        self.progress = .over
        return .finish(keepUpstream: false, keepDownstream: false)
    }

    /// The backend's connection ended before the response was complete.
    ///
    /// A pooled connection may have been closed by the backend while the request was on its way. The request is then sent
    /// again when that cannot have a second effect (RFC 9110 section 9.2.2): its method is idempotent, or nothing of it
    /// was delivered (RFC 9112 section 9.3.1).
    /// - Parameters:
    ///   - wasDelivered: The system has taken bytes of the request.
    ///   - canResend: Everything of the request that was read is still there to be sent again.
    /// - Returns: ``Action/retry``, or how the exchange ends.
    mutating func backendClosed(wasDelivered: Bool = true, canResend: Bool = true) -> Action {
        let isSafe = self.request.isRepeatable || (self.isReused && !wasDelivered && canResend)
        if self.progress == .awaitingHead, !self.hasSeenResponse, self.retries < self.retryLimit, isSafe {
            self.retries += 1
            self.progress = .queued
            return .retry
        }
        return self.fail(.backendAborted)
    }

    mutating func backendMalformed() -> Action { self.fail(.backendMalformed) }

    mutating func backendTimedOut() -> Action {
        self.fail(self.progress == .connecting ? .backendUnreachable : .backendTimeout)
    }

    /// The request's body is malformed or too large.
    mutating func requestRefused() -> Action { self.fail(.requestRefused) }

    mutating func clientTimedOut() -> Action { self.fail(.clientTimeout) }

    mutating func clientClosed() -> Action {
        guard self.progress != .over, self.progress != .idle, self.progress != .local else { return .none }
        if self.progress == .responded { return self.endResponded() }
        let phase = self.phase
        self.progress = .over
        return .drop(.clientAborted, phase)
    }

    mutating func shutDown() -> Action { self.fail(.shutdown) }

    private mutating func fail(_ cause: ExchangeEnding.Cause) -> Action {
        let phase = self.phase
        switch self.progress {
        case .over, .idle, .local: return .none
        case .responded: return self.endResponded()
        case .responding, .tunnelling:
            self.progress = .over
            return .cut(cause, phase)
        case .queued, .connecting, .awaitingHead:
            self.progress = .local
            return .respond(cause, phase)
        }
    }

    /// The response was whole; what is missing is only the rest of a request that nobody needs any more.
    private mutating func endResponded() -> Action {
        self.progress = .over
        return .finish(keepUpstream: false, keepDownstream: false)
    }
}
