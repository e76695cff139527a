package import WorkerDomain

/// A reader's own list of the kept exchanges, brought up to date by deltas; ascending ids.
package struct TrafficList: Sendable {
    package private(set) var exchanges: [Exchange] = []

    package init() {}

    package mutating func apply(_ delta: JournalDelta) {}
}
