/// Receives what happens to every exchange, from any event loop, at once.
///
/// The calls are synchronous and must never wait: they stand in the path of every request. Bytes are borrowed and are
/// copied before a call returns. For one exchange the calls come from one event loop, in order: `begin`, then any of
/// the middle ones, then `end` exactly once, aborted exchanges included. What is known together is said together: where
/// an exchange goes and on which connection can stand in its beginning, and the response head in its end, instead of
/// in calls of their own.
package protocol TrafficSink: AnyObject, Sendable {
    /// The request head is complete, or what there is of it could not be accepted.
    /// - Parameters:
    ///   - id: The exchange; never one that has begun before.
    ///   - beginning: What is known of it.
    ///   - head: The request line and fields exactly as received, final empty line included.
    ///   - instant: Now, in nanoseconds of the monotonic clock; with `nil` the sink reads a clock itself.
    func begin(_ id: ExchangeID, _ beginning: ExchangeBeginning, head: RawSpan, at instant: UInt64?)
    /// It is known where the exchange goes.
    func route(_ id: ExchangeID, to route: ExchangeRoute)
    /// A connection to the backend stands.
    func connect(_ id: ExchangeID, _ connection: ExchangeConnection)
    /// The attempt failed before anything was sent, and another one starts.
    func retry(_ id: ExchangeID, reason: String)
    /// A response head was sent downstream, byte for byte `head`.
    func respond(_ id: ExchangeID, _ response: ExchangeResponse, head: RawSpan)
    /// It is over; nothing follows.
    /// - Parameters:
    ///   - id: The exchange.
    ///   - summary: How it ended.
    ///   - head: The response head of `summary.response`, byte for byte as sent; empty without one.
    ///   - requestBody: The first bytes of the request body, up to the capture limit; an array, so that a large one can be
    ///     kept without being copied.
    ///   - responseBody: The first bytes of the response body, up to the capture limit.
    ///   - instant: Now, in nanoseconds of the monotonic clock; with `nil` the sink reads a clock itself.
    func end(
        _ id: ExchangeID, _ summary: ExchangeSummary, head: RawSpan, requestBody: [UInt8], responseBody: [UInt8],
        at instant: UInt64?)
}

/// What is known of an exchange when it begins.
package struct ExchangeBeginning: Sendable, Equatable {
    package let startedAt: WallTime
    /// The client's address and port: `127.0.0.1:53412`.
    package let downstream: String
    /// Where it goes; `nil` when a call will say so.
    package let route: ExchangeRoute?
    /// The connection that was there for it at once; `nil` when a call will say so, or there is none.
    package let connection: ExchangeConnection?

    package init(
        startedAt: WallTime, downstream: String, route: ExchangeRoute? = nil, connection: ExchangeConnection? = nil
    ) {
        self.startedAt = startedAt
        self.downstream = downstream
        self.route = route
        self.connection = connection
    }
}

/// The connection to the backend that an exchange has got.
package struct ExchangeConnection: Sendable, Equatable {
    /// Tw: waiting for it.
    package let queueNanoseconds: Int64
    /// Tc: establishing it; zero when it was reused.
    package let connectNanoseconds: Int64
    /// It had carried an exchange before.
    package let reused: Bool

    package init(queueNanoseconds: Int64, connectNanoseconds: Int64, reused: Bool) {
        self.queueNanoseconds = queueNanoseconds
        self.connectNanoseconds = connectNanoseconds
        self.reused = reused
    }
}

/// The response that the client got, as far as its head says it.
package struct ExchangeResponse: Sendable, Equatable {
    /// 100 to 999.
    package let status: Int
    /// Tr: from the request sent to the end of the backend's head; zero for a response of the proxy itself.
    package let nanoseconds: Int64

    package init(status: Int, nanoseconds: Int64) {
        self.status = status
        self.nanoseconds = nanoseconds
    }
}

/// What is known of an exchange when it has ended.
package struct ExchangeSummary: Sendable, Equatable {
    package let ending: ExchangeEnding
    package let timers: ExchangeTimers
    /// Payload bytes of the request that passed, kept or not, framing excluded.
    package let requestBytes: Int
    /// Payload bytes of the response that passed, kept or not, framing excluded.
    package let responseBytes: Int
    /// The response; `nil` when a call has said it, or there was none.
    package let response: ExchangeResponse?

    package init(
        ending: ExchangeEnding, timers: ExchangeTimers, requestBytes: Int = 0, responseBytes: Int = 0,
        response: ExchangeResponse? = nil
    ) {
        self.ending = ending
        self.timers = timers
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.response = response
    }
}
