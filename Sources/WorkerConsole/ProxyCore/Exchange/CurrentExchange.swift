import NIOCore
import WorkerDomain

/// What a client connection keeps of the exchange that it carries.
struct CurrentExchange {
    var id = ExchangeID(rawValue: 0)
    /// Its begin was reported and its end was not.
    var isOpen = false
    /// Received, and not yet handed to the sink: the beginning is reported with what is known soon after.
    var unreported: [UInt8]?
    /// Sent, and not yet handed to the sink: the head of an answer that ends at once is reported with its end.
    var answer: ExchangeAnswer?
    var head = RequestHead()
    /// The request's Origin, when the answer depends on it.
    var origin: [UInt8]?
    var decoder = BodyDecoder.ended
    var entry: BackendEntry?
    /// A canary runs: its answer is counted for one side.
    var isMeasured = false
    /// The head for the backend; kept while the request might have to be sent again.
    var forwardHead: ByteBuffer?
    var framing = AnswerFraming.asGiven
    /// The last chunk of the answer was written, with trailers.
    var hasSentLastChunk = false
    var requestBody = BodyCapture()
    var responseBody = BodyCapture()
    var wallTime = WallTime(nanosecondsSinceEpoch: 0)
    // Nanoseconds of the monotonic clock; 0 for what has not happened.
    var startedAt: Int64 = 0
    var headAt: Int64 = 0
    var connectingAt: Int64 = 0
    var connectedAt: Int64 = 0
    var sentAt: Int64 = 0
    var answeredAt: Int64 = 0
    /// What the backend has changed to: `websocket`.
    var tunnelled: String?
    var clientHasEnded = false
    var backendHasEnded = false

    /// How a tunnel ended that nobody cut.
    var tunnelEnding: ExchangeEnding {
        let who = self.clientHasEnded ? (self.backendHasEnded ? "both sides" : "the client") : "the backend"
        return ExchangeEnding(
            cause: .completed, phase: .tunnel, reason: "\(self.tunnelled ?? "tunnel"): \(who) closed it")
    }

    /// Where the time went, as HAProxy splits it.
    @inline(__always)
    func timers(now: Int64) -> ExchangeTimers {
        var timers = ExchangeTimers()
        if self.headAt > 0 { timers.requestHead = .nanoseconds(self.headAt - self.startedAt) }
        if self.connectedAt > 0 {
            let begin = self.connectingAt > 0 ? self.connectingAt : self.connectedAt
            timers.queue = .nanoseconds(begin - self.headAt)
            timers.connect = .nanoseconds(self.connectedAt - begin)
        }
        if self.answeredAt > 0 {
            if self.sentAt > 0 { timers.response = self.responseTime }
            timers.data = .nanoseconds(now - self.answeredAt)
        }
        timers.total = .nanoseconds(now - self.startedAt)
        return timers
    }

    /// From the request sent to the head of the answer; zero when the answer came before the request was sent, or
    /// when nothing was sent because the proxy answered by itself.
    @inline(__always)
    var responseTime: Duration {
        guard self.sentAt > 0 else { return .zero }
        return .nanoseconds(max(0, self.answeredAt - max(self.sentAt, self.connectedAt)))
    }
}
