import WorkerDomain

/// Tells the sink of one exchange: what is known together is told together, so that an exchange that meets nothing
/// unusual costs two events.
struct ExchangeReport {
    private let sink: any TrafficSink
    private(set) var id = ExchangeID(rawValue: 0)
    /// Its begin belongs to the sink, or will, and its end was not told yet.
    private(set) var isOpen = false
    private var wallTime = WallTime(nanosecondsSinceEpoch: 0)
    private var downstream = ""
    /// Received, and not yet told: the beginning is told with what is known soon after.
    private var untoldHead: [UInt8]?
    /// Sent, and not yet told: the head of a response that ends at once is told with the exchange's end.
    private var untoldResponse: ExchangeAnswer?

    init(_ sink: any TrafficSink) {
        self.sink = sink
    }

    /// The beginning was not told yet.
    var isUntold: Bool { self.untoldHead != nil }

    mutating func begin(_ id: ExchangeID, head: [UInt8], downstream: String, at wallTime: WallTime) {
        self.id = id
        self.isOpen = true
        self.untoldHead = head
        self.untoldResponse = nil
        self.downstream = downstream
        self.wallTime = wallTime
    }

    /// Tells where the exchange goes, with its beginning when that was not told yet.
    mutating func route(_ route: ExchangeRoute?, connection: ExchangeConnection? = nil) {
        if let head = self.untoldHead.take() {
            self.sink.record(
                .began(
                    ExchangeBeginning(
                        startedAt: self.wallTime, downstream: self.downstream, requestHead: head, route: route,
                        connection: connection)),
                of: self.id)
        } else {
            if let route { self.sink.record(.routed(route), of: self.id) }
            if let connection { self.sink.record(.connected(connection), of: self.id) }
        }
    }

    func retried(_ reason: String) { self.sink.record(.retried(reason: reason), of: self.id) }

    mutating func respond(_ response: ExchangeAnswer) { self.untoldResponse = response }

    /// Tells the response's head of an exchange that goes on.
    mutating func tellResponse() {
        guard let response = self.untoldResponse.take() else { return }
        self.sink.record(.responded(response), of: self.id)
    }

    mutating func end(_ ending: ExchangeEnding, timers: ExchangeTimers, request: CapturedBody, response: CapturedBody) {
        if self.isUntold { self.route(nil) }
        self.isOpen = false
        self.sink.record(
            .ended(
                ExchangeSummary(
                    ending: ending, timers: timers, requestBody: request, responseBody: response,
                    answer: self.untoldResponse.take())),
            of: self.id)
    }
}
