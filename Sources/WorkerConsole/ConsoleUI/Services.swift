package import TrafficJournal
package import WorkerDomain

/// The ports that effects work with.
package struct Services: Sendable {
    package let journal: Journal
    package let backends: any BackendControl
    package let worker: any WorkerStatusSource
    package let resources: [BoundResource]
    package let checks: any CheckRunner

    package init(
        journal: Journal, backends: any BackendControl, worker: any WorkerStatusSource, resources: [BoundResource],
        checks: any CheckRunner
    ) {
        self.journal = journal
        self.backends = backends
        self.worker = worker
        self.resources = resources
        self.checks = checks
    }
}
