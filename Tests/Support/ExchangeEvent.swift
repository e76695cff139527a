package import WorkerDomain

/// What a traffic sink is told, as values that tests can make up, keep and compare.
package enum ExchangeEvent: Sendable, Equatable {
    case began(Beginning)
    case routed(ExchangeRoute)
    case connected(ExchangeConnection)
    case retried(reason: String)
    case responded(Response)
    case ended(Summary)

    package struct Beginning: Sendable, Equatable {
        package let known: ExchangeBeginning
        package let requestHead: [UInt8]

        package init(
            startedAt: WallTime, downstream: String, requestHead: [UInt8], route: ExchangeRoute? = nil,
            connection: ExchangeConnection? = nil
        ) {
            self.init(
                ExchangeBeginning(startedAt: startedAt, downstream: downstream, route: route, connection: connection),
                requestHead: requestHead)
        }

        package init(_ known: ExchangeBeginning, requestHead: [UInt8]) {
            self.known = known
            self.requestHead = requestHead
        }

        package var route: ExchangeRoute? { self.known.route }
        package var connection: ExchangeConnection? { self.known.connection }
    }

    package struct Response: Sendable, Equatable {
        package let status: Int
        package let head: [UInt8]
        package let nanoseconds: Int64

        package init(status: Int, head: [UInt8], nanoseconds: Int64) {
            self.status = status
            self.head = head
            self.nanoseconds = nanoseconds
        }
    }

    package struct Summary: Sendable, Equatable {
        package let ending: ExchangeEnding
        package let timers: ExchangeTimers
        package let requestBody: CapturedBody
        package let responseBody: CapturedBody
        package let response: Response?

        package init(
            ending: ExchangeEnding, timers: ExchangeTimers = ExchangeTimers(),
            requestBody: CapturedBody = CapturedBody(), responseBody: CapturedBody = CapturedBody(),
            response: Response? = nil
        ) {
            self.ending = ending
            self.timers = timers
            self.requestBody = requestBody
            self.responseBody = responseBody
            self.response = response
        }
    }
}

extension TrafficSink {
    /// Tells the sink one event.
    package func record(_ event: ExchangeEvent, of id: ExchangeID) {
        switch event {
        case .began(let beginning):
            self.begin(id, beginning.known, head: beginning.requestHead.span.bytes, at: nil)
        case .routed(let route): self.route(id, to: route)
        case .connected(let connection): self.connect(id, connection)
        case .retried(let reason): self.retry(id, reason: reason)
        case .responded(let response):
            let known = ExchangeResponse(status: response.status, nanoseconds: response.nanoseconds)
            self.respond(id, known, head: response.head.span.bytes)
        case .ended(let summary):
            let head = summary.response?.head ?? []
            let known = ExchangeSummary(
                ending: summary.ending, timers: summary.timers, requestBytes: summary.requestBody.totalBytes,
                responseBytes: summary.responseBody.totalBytes,
                response: summary.response.map { ExchangeResponse(status: $0.status, nanoseconds: $0.nanoseconds) })
            let (request, response) = (summary.requestBody.bytes, summary.responseBody.bytes)
            self.end(
                id, known, head: head.span.bytes, requestBody: request, responseBody: response,
                at: nil)
        }
    }
}

/// A sink that gets whole events.
package protocol EventSink: TrafficSink {
    func note(_ event: ExchangeEvent, of id: ExchangeID)
}

extension EventSink {
    package func begin(_ id: ExchangeID, _ beginning: ExchangeBeginning, head: RawSpan, at instant: UInt64?) {
        self.note(.began(ExchangeEvent.Beginning(beginning, requestHead: head.array)), of: id)
    }

    package func route(_ id: ExchangeID, to route: ExchangeRoute) { self.note(.routed(route), of: id) }

    package func connect(_ id: ExchangeID, _ connection: ExchangeConnection) {
        self.note(.connected(connection), of: id)
    }

    package func retry(_ id: ExchangeID, reason: String) { self.note(.retried(reason: reason), of: id) }

    package func respond(_ id: ExchangeID, _ response: ExchangeResponse, head: RawSpan) {
        self.note(.responded(Self.response(response, head)), of: id)
    }

    package func end(
        _ id: ExchangeID, _ summary: ExchangeSummary, head: RawSpan, requestBody: [UInt8], responseBody: [UInt8],
        at instant: UInt64?
    ) {
        let event = ExchangeEvent.Summary(
            ending: summary.ending, timers: summary.timers,
            requestBody: CapturedBody(bytes: requestBody, totalBytes: summary.requestBytes),
            responseBody: CapturedBody(bytes: responseBody, totalBytes: summary.responseBytes),
            response: summary.response.map { Self.response($0, head) })
        self.note(.ended(event), of: id)
    }

    private static func response(_ response: ExchangeResponse, _ head: RawSpan) -> ExchangeEvent.Response {
        ExchangeEvent.Response(status: response.status, head: head.array, nanoseconds: response.nanoseconds)
    }
}

extension RawSpan {
    fileprivate var array: [UInt8] { self.withUnsafeBytes { Array($0) } }
}

extension ExchangeConnection {
    package init(queue: Duration, connect: Duration, reused: Bool) {
        self.init(
            queueNanoseconds: Int64(queue / .nanoseconds(1)), connectNanoseconds: Int64(connect / .nanoseconds(1)),
            reused: reused)
    }
}

extension ExchangeTimers {
    package init(
        requestHead: Duration? = nil, queue: Duration? = nil, connect: Duration? = nil, response: Duration? = nil,
        data: Duration? = nil, total: Duration? = nil
    ) {
        func nanoseconds(_ duration: Duration?) -> Int64 {
            duration.map { Int64(clamping: $0.attoseconds / 1_000_000_000) } ?? .min
        }
        self.init()
        self.requestHeadNanoseconds = nanoseconds(requestHead)
        self.queueNanoseconds = nanoseconds(queue)
        self.connectNanoseconds = nanoseconds(connect)
        self.responseNanoseconds = nanoseconds(response)
        self.dataNanoseconds = nanoseconds(data)
        self.totalNanoseconds = nanoseconds(total)
    }
}
