import ConsoleUI
import WorkerDomain

/// How much lies below prefixes, counted in the background and kept while the console runs.
struct BucketsSums: Sendable {
    struct Sum: Sendable, Equatable {
        var objects = 0
        var bytes: Int64 = 0
        var isComplete = false
        var problem: StorageError?
    }

    private struct Place: Hashable {
        let binding: ByteString
        let prefix: ByteString
    }

    private var sums: [Place: Sum] = [:]
    private var running: (place: Place, scan: ObjectScan, circle: CursorCircle)?
    private var waiting: [Place] = []
    fileprivate var pending = Pending("sum")

    var isRunning: Bool { self.running != nil }

    func sum(of prefix: String, in binding: String) -> Sum? {
        self.sums.isEmpty ? nil : self.sums[Place(binding: ByteString(binding), prefix: ByteString(prefix))]
    }

    /// Counts anew, behind what is counted already.
    fileprivate mutating func ask(_ prefix: String, in binding: String) {
        let place = Place(binding: ByteString(binding), prefix: ByteString(prefix))
        guard self.running?.place != place, !self.waiting.contains(place) else { return }
        self.sums[place] = Sum()
        self.waiting.append(place)
    }

    /// What is counted next; `nil` when everything is.
    fileprivate mutating func next() -> (binding: String, scan: ObjectScan)? {
        if self.running == nil, !self.waiting.isEmpty {
            let place = self.waiting.removeFirst()
            let scan = ObjectScan(prefix: place.prefix.text, time: .milliseconds(150))
            self.running = (place, scan, CursorCircle())
        }
        return self.running.map { ($0.place.binding.text, $0.scan) }
    }

    fileprivate mutating func take(_ result: Result<ObjectScan.Sum, StorageError>) {
        guard var running = self.running else { return }
        var sum = self.sums[running.place] ?? Sum()
        self.running = nil
        switch result {
        case .failure(let error): sum.problem = error
        case .success(let part):
            sum.objects += part.objects
            let (bytes, isOver) = sum.bytes.addingReportingOverflow(part.bytes)
            sum.bytes = isOver ? .max : bytes
            if let cursor = part.nextCursor {
                if running.circle.closes(at: cursor, from: running.scan.cursor) {
                    sum.problem = CursorCircle.error(below: running.scan.prefix)
                } else {
                    running.scan.cursor = cursor
                    self.running = running
                }
            } else {
                sum.isComplete = true
            }
        }
        self.sums[running.place] = sum
    }

    /// Keeps what was counted so far.
    fileprivate mutating func stop() {
        self.running = nil
        self.waiting = []
    }

    /// Forgets what was counted of a bucket that was written to.
    mutating func forget(_ binding: String) {
        let binding = ByteString(binding)
        self.sums = self.sums.filter { $0.key.binding != binding }
        self.waiting.removeAll { $0.binding == binding }
        if self.running?.place.binding == binding { self.running = nil }
    }
}

/// What the screen does with sums.
enum BucketsSumming {
    /// Counts what is selected or marked: prefixes, or all that is listed where none is.
    static func begin(_ screen: inout BucketsScreen) -> [Effect] {
        guard let listing = screen.listing else { return [] }
        var prefixes = screen.targets.compactMap { target -> String? in
            if case .prefix(let prefix) = target { prefix } else { nil }
        }
        if prefixes.isEmpty { prefixes = [listing.prefix] }
        for prefix in prefixes { screen.sums.ask(prefix, in: listing.binding) }
        return screen.sums.pending.isWaiting ? [] : self.goOn(&screen)
    }

    static func stop(_ screen: inout BucketsScreen) -> [Effect] {
        screen.sums.stop()
        return screen.cancel(\.sums.pending)
    }

    private static func goOn(_ screen: inout BucketsScreen) -> [Effect] {
        guard let (binding, scan) = screen.sums.next() else { return [] }
        return [
            screen.start(\.sums.pending) { services in
                await self.sum(services, binding, scan)
            } then: { screen, result, _ in
                screen.sums.take(result)
                return self.goOn(&screen)
            }
        ]
    }

    private static func sum(
        _ services: Services, _ binding: String, _ scan: ObjectScan
    ) async -> Result<ObjectScan.Sum, StorageError> {
        await Result { () async throws(StorageError) in
            let resource = services.resources.first { $0.binding.id.hasSameBytes(as: binding) }
            guard case .bucket(let store)? = resource?.reader else {
                throw StorageError(
                    .notFound, operation: "count \(binding)", reason: "the binding is no longer configured")
            }
            return try await store.sum(scan)
        }
    }
}
