package import WorkerDomain

/// One act of steering, for the audit file.
package struct SteeringRecord: Sendable, Equatable {
    /// What was done.
    package enum Action: String, Sendable, Equatable, CaseIterable {
        case switched = "switch"
        case canary
        case canaryEnd = "canary-end"
        case drain, resume, cut, fault
        case faultEnd = "fault-end"
    }

    package let action: Action
    /// The backend that requests went to before, where that has changed.
    package let from: String?
    package let to: String
    package let at: WallTime
    /// The operating system's user, or `guard` for what the canary's rule did.
    package let by: String
    package let why: String

    package init(action: Action, from: String? = nil, to: String, at: WallTime, by: String, why: String = "") {
        self.action = action
        self.from = from
        self.to = to
        self.at = at
        self.by = by
        self.why = why
    }
}

/// Where acts of steering are written down. What fails is told and stops nothing.
package protocol SteeringLedger: Sendable {
    /// Appends a record. - Returns: Why it could not be written; `nil` when it was.
    func append(_ record: SteeringRecord) -> String?
    /// Remembers the active backend for the next start. - Returns: Why not; `nil` when it was.
    func remember(active name: String) -> String?
}
