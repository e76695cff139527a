import FileWatching
package import WorkerDomain

/// Tells that the files of one binding may have changed.
package struct StateChanges: ChangeSource {
    /// The databases that the binding may have, by their paths.
    let databases: [String]
    /// What a pause is measured with.
    let clock: any Clock<Duration>

    package func watch() -> (any ChangeWatch)? { PathWatch(databases: self.databases, clock: self.clock) }
}

extension MiniflareState {
    /// What tells of changes of the database of a binding, also before there is one.
    package func changes(
        _ kind: MiniflareIdentity.Kind, candidates: [String], clock: any Clock<Duration> = ContinuousClock()
    ) -> StateChanges {
        StateChanges(databases: candidates.map { self.database(kind, name: $0) }, clock: clock)
    }
}
