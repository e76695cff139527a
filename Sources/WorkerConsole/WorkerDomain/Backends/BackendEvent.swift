/// Something that happened to the backends and that a person should know of.
package struct BackendEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case switched(from: String?, to: String)
        /// The health of a backend settled: up or down, with the reason code of the last probe.
        case health(isUp: Bool, code: String)
        /// It is down and still gets requests, because no other backend is there to take them.
        case keptAsLast
        /// Requests failed, so it was probed out of turn.
        case probedEarly
        case drainEnded(seconds: Int)
        /// The deadline of the drain has passed and this many are still running; nothing was cut.
        case drainOverdue(left: Int)
        case cut(count: Int)
        case canaryStarted(percent: Int)
        /// The guard's rule is broken: the canary is taken back in so many seconds unless that ends.
        case canaryWarned(CanaryBreach, seconds: Int)
        case canaryRecovered
        case canaryRolledBack(CanaryBreach?)
        case canaryPromoted
        case faultStarted(BackendFault.Kind)
        case faultEnded
        /// A switch could not be written to the audit file.
        case auditFailed(reason: String)
    }

    package let at: WallTime
    /// The backend that it is about.
    package let backend: String
    package let kind: Kind

    package init(at: WallTime, backend: String, kind: Kind) {
        self.at = at
        self.backend = backend
        self.kind = kind
    }

    /// It needs a person's attention.
    package var isTrouble: Bool {
        switch self.kind {
        case .health(let isUp, _): !isUp
        case .keptAsLast, .drainOverdue, .canaryWarned, .auditFailed: true
        case .canaryRolledBack(let breach): breach != nil
        case .switched, .probedEarly, .drainEnded, .cut, .canaryStarted, .canaryRecovered, .canaryPromoted,
            .faultStarted, .faultEnded:
            false
        }
    }
}
