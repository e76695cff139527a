import WorkerDomain

extension BackendsSnapshot {
    /// True when new requests go to a backend that has just been added: the first one becomes active.
    func goesFirst(to backend: Backend) -> Bool { (self.active?.backend.name ?? backend.name) == backend.name }
}
