/// Something that is made to go wrong with a backend on purpose, for a limited time.
package struct BackendFault: Sendable, Equatable {
    /// What goes wrong.
    package enum Kind: Sendable, Hashable {
        /// Every request waits this long before it goes on.
        case latency(Duration)
        /// Every request gets this status, 500 to 599, and never reaches the backend.
        case status(Int)
        /// Every request meets a backend that resets the connection.
        case reset
        /// Bodies of responses reach the client at this many bytes a second.
        case slowBody(bytesPerSecond: Int)
    }

    /// How long a fault lasts.
    package static let duration = Duration.seconds(120)
    /// The longest wait that can be asked for.
    package static let latencyLimit = Duration.seconds(30)

    package let kind: Kind
    /// When it ends by itself.
    package let until: WallTime

    package init(kind: Kind, until: WallTime) {
        self.kind = kind
        self.until = until
    }
}

extension BackendFault.Kind {
    /// The usual one of each kind, in the order in which they are offered.
    package static let usual: [BackendFault.Kind] = [
        .latency(.seconds(1)), .status(503), .reset, .slowBody(bytesPerSecond: 1_024),
    ]

    /// A word for programs and logs: `latency`.
    package var name: String {
        switch self {
        case .latency: "latency"
        case .status: "status"
        case .reset: "reset"
        case .slowBody: "slow body"
        }
    }
}
