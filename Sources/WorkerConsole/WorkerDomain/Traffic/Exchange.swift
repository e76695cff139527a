/// One request/response pair that passed through the proxy, or is passing.
///
/// Raw head bytes are kept as they came and parsed only when someone looks (``MessageHead``): cheap to record, exact
/// to export. The split of time follows HAProxy's `TR/Tw/Tc/Tr/Td/Ta` timers (HAProxy configuration manual, 8.4).
package struct Exchange: Sendable, Equatable, Identifiable {
    package let id: ExchangeID
    /// When the first byte of the request head arrived.
    package let startedAt: WallTime
    /// The client's address and port: `127.0.0.1:53412`.
    package let downstream: String
    /// The request line and fields exactly as received, final empty line included.
    package let requestHead: [UInt8]
    package var route: ExchangeRoute?
    /// True when the upstream connection had already carried an exchange; `nil` before one was chosen.
    package var reusedConnection: Bool?
    /// Attempts after the first.
    package var retries: Int = 0
    /// Status sent downstream; `nil` while no response head has been sent.
    package var status: Int?
    /// The response head exactly as sent downstream; empty until then.
    package var responseHead: [UInt8] = []
    package var requestBody = CapturedBody()
    package var responseBody = CapturedBody()
    package var timers = ExchangeTimers()
    /// How it ended; `nil` while it is in flight.
    package var ending: ExchangeEnding?

    package init(id: ExchangeID, beginning: ExchangeBeginning) {
        self.id = id
        self.startedAt = beginning.startedAt
        self.downstream = beginning.downstream
        self.requestHead = beginning.requestHead
        self.route = beginning.route
        if let connection = beginning.connection { self.note(connection) }
    }

    /// Request method as received, and path and query exactly as received, never percent-decoded; both are empty when
    /// the head did not parse.
    ///
    /// Read from the head anew each time, because whoever records an exchange must not wait for that: who looks at many
    /// exchanges asks each for this once.
    package var requestLine: (method: String, target: String) { MessageHead.requestLine(of: self.requestHead) }

    /// The bytes of the request line as received, without its line end: who asks many exchanges for what their request
    /// lines say can remember the answer by it.
    package var requestLineBytes: ArraySlice<UInt8> {
        self.requestHead[..<(self.requestHead.firstIndex { $0 == 0x0D || $0 == 0x0A } ?? self.requestHead.endIndex)]
    }

    package var method: String { self.requestLine.method }

    package var target: String { self.requestLine.target }

    package mutating func note(_ connection: ExchangeConnection) {
        self.timers.queue = connection.queue
        self.timers.connect = connection.connect
        self.reusedConnection = connection.reused
    }

    /// - Returns: False when there was an answer already: only an interim one may be followed by another (RFC 9110
    ///   section 15.2).
    package mutating func note(_ answer: ExchangeAnswer) -> Bool {
        guard self.status.map({ (100..<200).contains($0) && $0 != 101 }) ?? true else { return false }
        self.status = answer.status
        self.responseHead = answer.head
        self.timers.response = answer.response
        return true
    }

    package var isInFlight: Bool { self.ending == nil }

    /// The target up to its query.
    package var path: Substring { Self.path(of: self.target) }

    /// A target up to its query.
    package static func path(of target: String) -> Substring {
        target.utf8.firstIndex(of: 0x3F).map { target[..<$0] } ?? target[...]
    }
}

/// Where an exchange was sent.
package enum ExchangeRoute: Sendable, Equatable {
    /// A CORS preflight, answered by the proxy itself.
    case preflight
    /// Forwarded to the backend of this name.
    case backend(String)
    /// Answered by the proxy itself: no route, no backend, or a request that was refused.
    case local
}

/// A body's first bytes and the count of all of them.
package struct CapturedBody: Sendable, Equatable {
    /// The first bytes, up to the capture limit, framing excluded.
    package var bytes: [UInt8]
    /// Payload bytes that passed, kept or not, framing excluded.
    package var totalBytes: Int

    package init(bytes: [UInt8] = [], totalBytes: Int = 0) {
        self.bytes = bytes
        self.totalBytes = totalBytes
    }

    /// Bytes that passed and were not kept.
    package var omittedBytes: Int { self.totalBytes - self.bytes.count }
}

/// Where the time of an exchange went; each is `nil` until its phase has ended.
package struct ExchangeTimers: Sendable, Equatable {
    /// TR: from the first byte of the request to the end of its head.
    package var requestHead: Duration?
    /// Tw: waiting for a backend or for a connection of the pool.
    package var queue: Duration?
    /// Tc: establishing the upstream connection; zero when one was reused.
    package var connect: Duration?
    /// Tr: from the request sent to the end of the response head.
    package var response: Duration?
    /// Td: from the response head to the last byte.
    package var data: Duration?
    /// Ta: all of it.
    package var total: Duration?

    package init() {}
}
