/// Receives what happens to every exchange, from any event loop, at once.
///
/// The calls are synchronous and must never wait: they stand in the path of every request.
/// For one exchange they come from one event loop, in order: `began`, then any of the middle ones, then `ended`
/// exactly once, aborted exchanges included. What is known together is said together: where an exchange goes and on
/// which connection can stand in its beginning, and the answer's head in its summary, instead of in events of their own.
package protocol TrafficSink: Sendable {
    func record(_ event: ExchangeEvent, of id: ExchangeID)
}

/// One thing that happened to an exchange.
package enum ExchangeEvent: Sendable {
    /// The request head is complete, or what there is of it could not be accepted.
    case began(ExchangeBeginning)
    /// It is known where the exchange goes.
    case routed(ExchangeRoute)
    /// A connection to the backend stands: the time it took, and whether it was reused.
    case connected(ExchangeConnection)
    /// The attempt failed before anything was sent, and another one starts.
    case retried(reason: String)
    /// The response head was sent downstream, byte for byte this.
    case responded(ExchangeAnswer)
    /// It is over; nothing follows.
    case ended(ExchangeSummary)
}

/// What is known of an exchange when it begins.
package struct ExchangeBeginning: Sendable, Equatable {
    package let startedAt: WallTime
    package let downstream: String
    package let requestHead: [UInt8]
    /// Where it goes; `nil` when an event will say so.
    package let route: ExchangeRoute?
    /// The connection that was there for it at once; `nil` when an event will say so, or there is none.
    package let connection: ExchangeConnection?

    package init(
        startedAt: WallTime, downstream: String, requestHead: [UInt8], route: ExchangeRoute? = nil,
        connection: ExchangeConnection? = nil
    ) {
        self.startedAt = startedAt
        self.downstream = downstream
        self.requestHead = requestHead
        self.route = route
        self.connection = connection
    }
}

/// The connection to the backend that an exchange has got.
package struct ExchangeConnection: Sendable, Equatable {
    /// Tw: waiting for it.
    package let queue: Duration
    /// Tc: establishing it; zero when it was reused.
    package let connect: Duration
    /// It had carried an exchange before.
    package let reused: Bool

    package init(queue: Duration, connect: Duration, reused: Bool) {
        self.queue = queue
        self.connect = connect
        self.reused = reused
    }
}

/// The head of the answer that the client got.
package struct ExchangeAnswer: Sendable, Equatable {
    /// 100 to 999.
    package let status: Int
    /// Byte for byte as sent.
    package let head: [UInt8]
    /// Tr: from the request sent to the end of the backend's head; zero for an answer of the proxy itself.
    package let response: Duration

    package init(status: Int, head: [UInt8], response: Duration) {
        self.status = status
        self.head = head
        self.response = response
    }
}

/// What is known of an exchange when it has ended.
package struct ExchangeSummary: Sendable, Equatable {
    package let ending: ExchangeEnding
    package let timers: ExchangeTimers
    package let requestBody: CapturedBody
    package let responseBody: CapturedBody
    /// The answer's head; `nil` when an event has said it, or there was none.
    package let answer: ExchangeAnswer?

    package init(
        ending: ExchangeEnding, timers: ExchangeTimers, requestBody: CapturedBody, responseBody: CapturedBody,
        answer: ExchangeAnswer? = nil
    ) {
        self.ending = ending
        self.timers = timers
        self.requestBody = requestBody
        self.responseBody = responseBody
        self.answer = answer
    }
}
