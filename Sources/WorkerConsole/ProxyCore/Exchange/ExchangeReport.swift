import WorkerDomain

/// Tells the sink of one exchange: what is known together is told together, so that an exchange that meets nothing
/// unusual costs two events.
struct ExchangeReport {
    /// Bytes of memory that are kept for the next head.
    private static let keptRoom = 1_024

    private let sink: any TrafficSink
    private(set) var id = ExchangeID(rawValue: 0)
    /// Its begin belongs to the sink, or will, and its end was not told yet.
    private(set) var isOpen = false
    private var wallTime = WallTime(nanosecondsSinceEpoch: 0)
    /// Nanoseconds of the monotonic clock when it began.
    private var instant: Int64 = 0
    private var downstream = ""
    /// The beginning was not told yet: it is told with what is known soon after.
    private(set) var isUntold = false
    /// Sent, and not yet told: the head of a response that ends at once is told with the exchange's end.
    private var untoldResponse: ExchangeResponse?
    private var responseHead: [UInt8] = []

    init(_ sink: any TrafficSink) {
        self.sink = sink
    }

    mutating func begin(_ id: ExchangeID, downstream: String, at wallTime: WallTime, now: Int64) {
        self.id = id
        self.isOpen = true
        self.isUntold = true
        self.untoldResponse = nil
        self.downstream = downstream
        self.wallTime = wallTime
        self.instant = now
    }

    /// Tells where the exchange goes, with its beginning, which is `head`, when that was not told yet.
    mutating func route(_ route: ExchangeRoute?, connection: ExchangeConnection? = nil, head: [UInt8]) {
        if self.isUntold {
            self.isUntold = false
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

    /// Notes the response's head as it was sent.
    @inline(__always)
    mutating func respond(_ response: ExchangeResponse, head: UnsafeRawBufferPointer) {
        self.untoldResponse = response
        self.responseHead.empty(keeping: Self.keptRoom)
        self.responseHead.append(contentsOf: head)
    }

    /// Tells the response's head of an exchange that goes on.
    mutating func tellResponse() {
        guard let response = self.untoldResponse.take() else { return }
        self.sink.respond(self.id, response, head: self.responseHead.span.bytes)
    }

    /// Tells the end, with the beginning, which is `head`, when that was not told yet.
    mutating func end(
        _ ending: ExchangeEnding, timers: ExchangeTimers, request: CapturedBody, response: CapturedBody, head: [UInt8],
        now: Int64
    ) {
        if self.isUntold { self.route(nil, head: head) }
        self.isOpen = false
        let untold = self.untoldResponse.take()
        if untold == nil { self.responseHead.empty(keeping: Self.keptRoom) }
        self.sink.end(
            self.id,
            ExchangeSummary(
                ending: ending, timers: timers, requestBytes: request.totalBytes, responseBytes: response.totalBytes,
                response: untold),
            head: self.responseHead.span.bytes, requestBody: request.bytes, responseBody: response.bytes,
            at: UInt64(bitPattern: now))
    }
}
