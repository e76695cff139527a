package import WorkerDomain

/// Says how a binding is by reading a little of it.
package struct BindingProbe: Sendable {
    /// Names of a namespace that are counted; behind them the count is a lower limit.
    private static let countedNames = 10_000
    private let clock = ContinuousClock()
    private let now: @Sendable () -> WallTime

    /// - Parameter now: The wall clock that stamps what was found.
    package init(now: @escaping @Sendable () -> WallTime = { MiniflareNamespaceStore.wallClock() }) {
        self.now = now
    }

    /// Reads a little of the resource.
    ///
    /// What does not respond within `timeout` has failed; its read is cancelled.
    package func health(of resource: BoundResource, timeout: Duration) async -> BindingHealth {
        let start = self.clock.now
        let reader = resource.reader
        let clock = self.clock
        var health = await withTaskGroup(of: BindingHealth?.self) { group in
            group.addTask {
                var health = await Self.probe(reader)
                health.findings = await resource.findings()
                health.place = await resource.locate()
                return health
            }
            group.addTask {
                try? await clock.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            let first = await group.next() ?? nil
            return first ?? BindingHealth(state: .failed("no response within \(timeout)"))
        }
        health.latency = start.duration(to: self.clock.now)
        health.probedAt = self.now()
        health.since = health.probedAt
        return health
    }

    private static func probe(_ reader: BoundResource.Reader) async -> BindingHealth {
        do throws(StorageError) {
            switch reader {
            case .bucket(let bucket):
                let usage = try await bucket.usage()
                return BindingHealth(
                    state: usage.objects == 0 ? .empty : .healthy, items: usage.objects, bytes: usage.bytes,
                    isComplete: usage.isComplete)
            case .database(let database):
                let overview = try await database.overview()
                // The same count that the D1 screen shows: everything that it lists.
                let tables = overview.tables.count
                return BindingHealth(
                    state: tables == 0 ? .empty : .healthy, items: tables, bytes: overview.bytes)
            case .namespace(let namespace):
                return try await self.probe(namespace)
            }
        } catch {
            return BindingHealth(
                state: error.code == .locked ? .locked : error.code == .remote ? .remote : .failed(error.reason))
        }
    }

    private static func probe(_ namespace: any KeyValueStore) async throws(StorageError) -> BindingHealth {
        var names = 0
        var cursor: String?
        repeat {
            let page = try await namespace.list(prefix: "", cursor: cursor, limit: 1_000)
            names += page.entries.count
            cursor = page.nextCursor
        } while cursor != nil && names < self.countedNames && !Task.isCancelled
        return BindingHealth(state: names == 0 ? .empty : .healthy, items: names, isComplete: cursor == nil)
    }
}
