/// Receives what happens to every exchange, from any event loop, at once.
///
/// The calls are synchronous and must never wait: they stand in the path of every request.
/// For one exchange they come from one event loop, in order: `began`, then any of the middle ones, then `ended`
/// exactly once, aborted exchanges included.
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
    case connected(queue: Duration, connect: Duration, reused: Bool)
    /// The attempt failed before anything was sent, and another one starts.
    case retried(reason: String)
    /// The response head was sent downstream, byte for byte this.
    case responded(status: Int, head: [UInt8], response: Duration)
    /// It is over; nothing follows.
    case ended(ExchangeSummary)
}

/// What is known of an exchange when it begins.
package struct ExchangeBeginning: Sendable, Equatable {
    package let startedAt: WallTime
    package let downstream: String
    package let requestHead: [UInt8]

    package init(startedAt: WallTime, downstream: String, requestHead: [UInt8]) {
        self.startedAt = startedAt
        self.downstream = downstream
        self.requestHead = requestHead
    }
}

/// What is known of an exchange when it has ended.
package struct ExchangeSummary: Sendable, Equatable {
    package let ending: ExchangeEnding
    package let timers: ExchangeTimers
    package let requestBody: CapturedBody
    package let responseBody: CapturedBody

    package init(
        ending: ExchangeEnding, timers: ExchangeTimers, requestBody: CapturedBody, responseBody: CapturedBody
    ) {
        self.ending = ending
        self.timers = timers
        self.requestBody = requestBody
        self.responseBody = responseBody
    }
}
