/// One request/response pair that passed through the proxy, or is passing.
///
/// Raw head bytes are kept as they came and parsed only when someone looks (``MessageHead``): cheap to record, exact
/// to export. The split of time follows HAProxy's `TR/Tw/Tc/Tr/Td/Ta` timers (HAProxy configuration manual, 8.4).
package struct Exchange: Sendable, Equatable, Identifiable {
    package var id: ExchangeID
    /// When the first byte of the request head arrived.
    package var startedAt: WallTime
    /// The client's address and port: `127.0.0.1:53412`.
    package var downstream: String
    /// The request line and fields exactly as received, final empty line included.
    package var requestHead: [UInt8]
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

    package init(id: ExchangeID, startedAt: WallTime, downstream: String, requestHead: [UInt8]) {
        self.id = id
        self.startedAt = startedAt
        self.downstream = downstream
        self.requestHead = requestHead
    }

    /// Request method as received, and path and query exactly as received, never percent-decoded; both are empty when
    /// the head did not parse.
    ///
    /// Read from the head anew each time, because whoever records an exchange must not wait for that: who looks at many
    /// exchanges asks each for this once.
    package var requestLine: (method: String, target: String) { MessageHead.requestLine(of: self.requestHead) }

    /// The bytes of the request line as received, without its line end: who asks many exchanges for what their request
    /// lines say can remember the response by it.
    package var requestLineBytes: ArraySlice<UInt8> {
        self.requestHead[..<(self.requestHead.firstIndex { $0 == 0x0D || $0 == 0x0A } ?? self.requestHead.endIndex)]
    }

    package var method: String { self.requestLine.method }

    package var target: String { self.requestLine.target }

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
    /// A CORS preflight, handled by the proxy itself.
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
