import WorkerDomain

/// Tells the sink of one exchange: what is known together is told together, so that an exchange that meets nothing
/// unusual costs two events.
struct ExchangeReport {
    private let sink: any TrafficSink
    private(set) var id = ExchangeID(rawValue: 0)
    /// Its begin belongs to the sink, or will, and its end was not told yet.
    private(set) var isOpen = false
    private var wallTime = WallTime(nanosecondsSinceEpoch: 0)
    /// Nanoseconds of the monotonic clock when it began.
    private var instant: Int64 = 0
    private var downstream = ""
    /// Received, and not yet told: the beginning is told with what is known soon after.
    private var untoldHead: [UInt8]?
    /// Sent, and not yet told: the head of a response that ends at once is told with the exchange's end.
    private var untoldResponse: (known: ExchangeResponse, head: [UInt8])?

    init(_ sink: any TrafficSink) {
        self.sink = sink
    }

    /// The beginning was not told yet.
    var isUntold: Bool { self.untoldHead != nil }

    mutating func begin(_ id: ExchangeID, head: [UInt8], downstream: String, at wallTime: WallTime, now: Int64) {
        self.id = id
        self.isOpen = true
        self.untoldHead = head
        self.untoldResponse = nil
        self.downstream = downstream
        self.wallTime = wallTime
        self.instant = now
    }

    /// Tells where the exchange goes, with its beginning when that was not told yet.
    mutating func route(_ route: ExchangeRoute?, connection: ExchangeConnection? = nil) {
        if let head = self.untoldHead.take() {
            self.sink.begin(
                self.id,
                ExchangeBeginning(
                    startedAt: self.wallTime, downstream: self.downstream, route: route, connection: connection),
                head: head.span.bytes, at: UInt64(bitPattern: self.instant))
        } else {
            if let route { self.sink.route(self.id, to: route) }
            if let connection { self.sink.connect(self.id, connection) }
        }
    }

    func retried(_ reason: String) { self.sink.retry(self.id, reason: reason) }

    mutating func respond(_ response: ExchangeResponse, head: [UInt8]) { self.untoldResponse = (response, head) }

    /// Tells the response's head of an exchange that goes on.
    mutating func tellResponse() {
        guard let response = self.untoldResponse.take() else { return }
        self.sink.respond(self.id, response.known, head: response.head.span.bytes)
    }

    mutating func end(
        _ ending: ExchangeEnding, timers: ExchangeTimers, request: CapturedBody, response: CapturedBody, now: Int64
    ) {
        if self.isUntold { self.route(nil) }
        self.isOpen = false
        let untold = self.untoldResponse.take()
        let head = untold?.head ?? []
        let (requestBytes, responseBytes) = (request.bytes, response.bytes)
        self.sink.end(
            self.id,
            ExchangeSummary(
                ending: ending, timers: timers, requestBytes: request.totalBytes, responseBytes: response.totalBytes,
                response: untold?.known),
            head: head.span.bytes, requestBody: requestBytes.span.bytes, responseBody: responseBytes.span.bytes,
            at: UInt64(bitPattern: now))
    }
}
