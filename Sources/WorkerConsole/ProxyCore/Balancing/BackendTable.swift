import WorkerDomain

/// All backends at one moment; never changed, only replaced.
struct BackendTable: Sendable {
    let entries: [BackendEntry]
    /// New requests go here.
    let active: BackendEntry?

    func entry(named name: String) -> BackendEntry? {
        self.entries.first { $0.backend.name == name }
    }
}
