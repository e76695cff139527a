package import TrafficJournal
package import WorkerDomain

/// The ports that effects work with.
package struct Services: Sendable {
    package let journal: Journal
    package let backends: any BackendControl
    package let worker: any WorkerStatusSource
    package let project: any ProjectSource
    package let checks: any CheckRunner
    package let files: any ObjectFiles
    /// Statements of SQL that are kept between runs.
    package var statements: any StatementKeeper = NoStatementKeeper()
    /// Writes rows and values to files.
    package var rowFiles: any RowSaving = NoRowSaving()

    /// The bindings as they are configured now.
    package var resources: [BoundResource] { self.project.resources }

    package init(
        journal: Journal, backends: any BackendControl, worker: any WorkerStatusSource, resources: [BoundResource],
        checks: any CheckRunner, files: any ObjectFiles = NoObjectFiles()
    ) {
        self.init(
            journal: journal, backends: backends, worker: worker, project: FixedProject(resources), checks: checks,
            files: files)
    }

    package init(
        journal: Journal, backends: any BackendControl, worker: any WorkerStatusSource, project: any ProjectSource,
        checks: any CheckRunner, files: any ObjectFiles = NoObjectFiles()
    ) {
        self.journal = journal
        self.backends = backends
        self.worker = worker
        self.project = project
        self.checks = checks
        self.files = files
    }
}
