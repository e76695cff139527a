/// How an exchange ended: who or what ended it, and in which phase it then was.
package struct ExchangeEnding: Sendable, Equatable {
    /// What ended an exchange. The words follow HAProxy's termination states (configuration manual, 8.5).
    package enum Cause: String, Sendable, Equatable, CaseIterable {
        /// The whole response was sent.
        case completed
        /// The client closed or reset its connection.
        case clientAborted
        /// The client sent or read too slowly.
        case clientTimeout
        /// The request could not be accepted: malformed, too large, no such route.
        case requestRefused
        /// No connection to the backend could be made.
        case backendUnreachable
        /// The backend closed or reset its connection too early.
        case backendAborted
        /// The backend did not respond in time.
        case backendTimeout
        /// The backend's response was not valid HTTP.
        case backendMalformed
        /// No backend is configured or none may be used.
        case noBackend
        /// The proxy stopped.
        case shutdown
        /// The proxy failed; a defect.
        case internalError
    }

    /// The phases of an exchange, in order.
    package enum Phase: String, Sendable, Equatable, CaseIterable {
        case requestHead, queue, connect, requestBody, responseHead, responseBody, tunnel, done
    }

    package let cause: Cause
    package let phase: Phase
    /// One line for a person: `connect to 127.0.0.1:9000: connection refused`; `nil` when the cause says it all.
    package let reason: String?

    package init(cause: Cause, phase: Phase, reason: String? = nil) {
        self.cause = cause
        self.phase = phase
        self.reason = reason
    }

    package static let completed = ExchangeEnding(cause: .completed, phase: .done)

    /// True when the proxy itself had to respond: it ended before the head of a backend's response was there, and not
    /// because of the client. HAProxy parts the two the same way (configuration manual, 8.5: states `S` and `P`).
    package var isProxyAnswer: Bool {
        switch self.cause {
        case .completed, .clientAborted: false
        case .requestRefused, .noBackend: true
        case .clientTimeout, .backendUnreachable, .backendAborted, .backendTimeout, .backendMalformed, .shutdown,
            .internalError:
            switch self.phase {
            case .requestHead, .queue, .connect, .requestBody, .responseHead: true
            case .responseBody, .tunnel, .done: false
            }
        }
    }
}
