package import WorkerDomain

/// What a key is for; the help lists keys in this order.
package enum KeyGroup: Int, Sendable, CaseIterable, Comparable {
    case open, find, copy, change, view, move, frame

    package static func < (left: KeyGroup, right: KeyGroup) -> Bool { left.rawValue < right.rawValue }

    package var title: Phrase {
        switch self {
        case .open: KeyPhrases.groupOpen
        case .find: KeyPhrases.groupFind
        case .copy: KeyPhrases.groupCopy
        case .change: KeyPhrases.groupChange
        case .view: KeyPhrases.groupView
        case .move: KeyPhrases.groupMove
        case .frame: KeyPhrases.groupFrame
        }
    }
}

/// What pressing a key can cost.
package enum KeyDanger: Sendable, Equatable {
    /// Changes what is shown.
    case harmless
    /// Changes something outside, and can be undone.
    case reversible
    /// Changes something outside for good, after a question.
    case destructive
}
