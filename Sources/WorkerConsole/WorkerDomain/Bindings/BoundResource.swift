/// A binding together with what reads it.
package struct BoundResource: Sendable {
    package enum Reader: Sendable {
        case bucket(any ObjectStore)
        case database(any SQLDatabase)
        case namespace(any KeyValueStore)
    }
    package let binding: Binding
    package let reader: Reader
    /// Where the data was when the resource was made, for a person: a path below the project, or an endpoint.
    package let place: String
    /// Where it is now: another file may be used once it is there.
    package let locate: @Sendable () async -> String
    /// Differs between resources of one binding that read something else: it was configured anew meanwhile.
    package var generation = 0
    /// `nil` where changes are not told.
    package let changes: (any ChangeSource)?
    /// Says why what is shown may not be what is expected; looks anew each time.
    package let findings: @Sendable () async -> [StoreFinding]
    /// The host that is asked for the data; `nil` when it lies on this machine.
    package var host: String?
    /// Changes the data; `nil` unless the binding was opened for writing, so that nothing else can write.
    package var writer: (any ObjectWriter)?
    /// Changes the database; `nil` unless it was opened for writing, so that nothing else can write.
    package var databaseWriter: (any SQLWriter)?
    /// Tells the migrations of a database; `nil` for what has none.
    package var migrations: (any MigrationReader)?
    /// Makes URLs of single objects; `nil` where the store has none.
    package var sharing: (any ObjectSharing)?

    package init(
        binding: Binding, reader: Reader, place: String, changes: (any ChangeSource)? = nil,
        locate: (@Sendable () async -> String)? = nil,
        findings: @escaping @Sendable () async -> [StoreFinding] = { [] }
    ) {
        self.findings = findings
        self.binding = binding
        self.reader = reader
        self.place = place
        self.locate = locate ?? { place }
        self.changes = changes
    }
}
