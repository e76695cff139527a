/// A named resource that the Worker is given.
package struct Binding: Sendable, Hashable, Identifiable {
    package enum Kind: String, Sendable, Hashable, CaseIterable { case d1, r2, kv }

    /// The name that the Worker's code uses: `UPLOADS_BUCKET`.
    package let name: String
    package let kind: Kind
    /// database_name, bucket_name or nothing; `nil` when the configuration leaves it out.
    package let resource: String?
    /// database_id or namespace id; `nil` when the configuration leaves it out.
    package let identifier: String?

    package init(name: String, kind: Kind, resource: String? = nil, identifier: String? = nil) {
        self.name = name
        self.kind = kind
        self.resource = resource
        self.identifier = identifier
    }

    /// Kind and name in ASCII, so that it can be compared and looked up as a text: `d1:DB`.
    ///
    /// Two names that look alike and are other bytes have two of them.
    package var id: String {
        var id = "\(self.kind.rawValue):"
        for byte in self.name.utf8 {
            if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "%") {
                id.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                id += byte < 16 ? "%0\(String(byte, radix: 16))" : "%\(String(byte, radix: 16))"
            }
        }
        return id
    }
}

/// What a cheap read of a binding said.
package struct BindingHealth: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case unknown
        case healthy
        /// Reachable, and nothing has been stored yet.
        case empty
        /// Somebody else holds the file.
        case locked
        case failed(String)
        /// Development uses the resource at Cloudflare, which is not read here.
        case remote
    }
    package var state: State
    package var latency: Duration?
    /// Objects of a bucket, tables of a database, names of a namespace; `nil` when it is not known.
    package var items: Int?
    package var bytes: Int64?
    /// False when `items` and `bytes` are lower limits.
    package var isComplete: Bool
    package var probedAt: WallTime?
    /// When it was first found in this state; `nil` before the first probe.
    package var since: WallTime?
    /// Where the data is now, for a person; `nil` when nobody has looked.
    package var place: String?
    /// Why what is shown may not be what is expected.
    package var findings: [StoreFinding]

    package init(
        state: State = .unknown, latency: Duration? = nil, items: Int? = nil, bytes: Int64? = nil,
        isComplete: Bool = true, probedAt: WallTime? = nil, findings: [StoreFinding] = []
    ) {
        self.findings = findings
        self.state = state
        self.latency = latency
        self.items = items
        self.bytes = bytes
        self.isComplete = isComplete
        self.probedAt = probedAt
        self.since = probedAt
    }

    /// The same, in its state since `earlier` was when that says the same of it.
    package func continuing(_ earlier: BindingHealth?) -> BindingHealth {
        guard let earlier else { return self }
        let isSame =
            switch (earlier.state, self.state) {
            // What a failing read says may differ each time: a moment, a path, how far it came.
            case (.failed, .failed), (.locked, .locked): true
            default: earlier.state == self.state && earlier.findings == self.findings
            }
        guard isSame else { return self }
        var health = self
        health.since = earlier.since
        return health
    }
}
