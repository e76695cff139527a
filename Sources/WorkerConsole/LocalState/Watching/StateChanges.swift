package import WorkerDomain

/// Tells that the files of one binding may have changed.
package struct StateChanges: ChangeSource {
    /// The folder of the databases.
    let folder: String
    /// The databases that the binding may have, by the names of their files.
    let names: [String]
    /// What a pause is measured with.
    let clock: any Clock<Duration>

    package func watch() -> (any ChangeWatch)? { StateWatch(folder: self.folder, names: self.names, clock: self.clock) }
}

extension MiniflareState {
    /// What tells of changes of the database of a binding, also before there is one.
    package func changes(
        _ kind: MiniflareIdentity.Kind, candidates: [String], clock: any Clock<Duration> = ContinuousClock()
    ) -> StateChanges {
        StateChanges(
            folder: self.folder(kind),
            names: candidates.map { "\(MiniflareIdentity.identifier(kind, name: $0)).sqlite" }, clock: clock)
    }
}
