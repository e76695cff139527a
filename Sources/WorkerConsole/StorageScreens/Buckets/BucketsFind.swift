import ConsoleUI
import WorkerDomain

/// Keys of a whole bucket, or below a prefix, whose name holds a text: they come as they are found.
struct BucketsFind: Sendable {
    enum Phase: Sendable, Equatable {
        case running
        case complete
        /// More may exist: so many were found that the rest was not looked for.
        case full
        case stopped
        case failed(StorageError)
    }

    /// Results that are held.
    static let maximum = 10_000

    /// What is looked for, and where.
    struct Query: Sendable, Equatable {
        let binding: String
        let text: String
        /// Empty for the whole bucket.
        let prefix: String
    }

    /// `nil` while nothing was looked for.
    private(set) var query: Query?
    private(set) var phase = Phase.complete
    /// The results stand in place of the listing.
    private(set) var isShown = false
    private(set) var items: [BucketsItem] = []
    /// Keys that were looked at.
    private(set) var looked = 0
    private(set) var cursor = 0
    fileprivate var pending = Pending("find")
    private var place: String?
    private var circle = CursorCircle()

    var selected: BucketsItem? { self.items.indices.contains(self.cursor) ? self.items[self.cursor] : nil }

    var isRunning: Bool { self.phase == .running && self.query != nil }

    mutating func move(by rows: Int) { self.move(to: self.cursor + rows) }

    mutating func move(to row: Int) { self.cursor = max(0, min(row, self.items.count - 1)) }

    mutating func hide() { self.isShown = false }

    fileprivate mutating func begin(_ query: Query) {
        let pending = self.pending
        self = BucketsFind()
        self.pending = pending
        self.query = query
        self.phase = .running
        self.isShown = true
    }

    /// What is looked at next; `nil` when there is nothing more to do.
    fileprivate var next: (Query, cursor: String?, time: Duration)? {
        guard let query = self.query, self.isRunning else { return nil }
        // The first results are to be seen at once.
        return (query, self.place, self.looked == 0 ? .milliseconds(15) : .milliseconds(80))
    }

    fileprivate mutating func take(_ reply: Result<BucketsFindWork.Part, StorageError>) {
        switch reply {
        case .failure(let error): self.phase = .failed(error)
        case .success(let part):
            self.looked += part.looked
            self.items += part.items.prefix(Self.maximum - self.items.count)
            if self.items.count == Self.maximum {
                self.phase = .full
            } else if let next = part.nextCursor {
                if self.circle.closes(at: next, from: self.place) {
                    self.phase = .failed(CursorCircle.error(below: self.query?.prefix ?? ""))
                }
                self.place = next
            } else {
                self.phase = .complete
            }
        }
    }

    fileprivate mutating func stop() { if self.isRunning { self.phase = .stopped } }
}

/// The calls that a search makes.
enum BucketsFindWork {
    struct Part: Sendable {
        let items: [BucketsItem]
        let looked: Int
        let nextCursor: String?
    }

    static func run(
        _ services: Services, _ query: BucketsFind.Query, cursor: String?, time: Duration
    ) async -> Result<Part, StorageError> {
        let operation = "search \(query.binding)/\(query.prefix)"
        guard let resource = services.resources.first(where: { $0.binding.id.hasSameBytes(as: query.binding) }) else {
            let reason = "the binding is no longer configured"
            return .failure(StorageError(.notFound, operation: operation, reason: reason))
        }
        let name = NamePart(query.text)
        return await Result { () async throws(StorageError) in
            switch resource.reader {
            case .bucket(let store):
                let found = try await store.find(
                    name, in: ObjectScan(prefix: query.prefix, cursor: cursor, time: time))
                return Part(
                    items: found.objects.map { .object($0) }, looked: found.looked, nextCursor: found.nextCursor)
            case .namespace(let store):
                let page = try await store.list(prefix: query.prefix, cursor: cursor, limit: 1_000)
                let start = query.prefix.utf8.count
                let items = page.entries.filter { entry in
                    let key = Array(entry.key.utf8)
                    return name.isIn(key.span.bytes, from: start)
                }
                return Part(
                    items: items.map { .name($0) }, looked: page.entries.count, nextCursor: page.nextCursor)
            case .database:
                throw StorageError(.invalid, operation: operation, reason: "it is not a bucket")
            }
        }
    }
}

/// What the screen does with a search.
enum BucketsFinding {
    /// Looks below a prefix, or everywhere with the empty one.
    static func begin(_ text: String, below prefix: String, in screen: inout BucketsScreen) -> [Effect] {
        guard !text.isEmpty, let binding = screen.listing?.binding else { return [] }
        screen.find.begin(BucketsFind.Query(binding: binding, text: text, prefix: prefix))
        return self.goOn(&screen)
    }

    static func again(_ screen: inout BucketsScreen) -> [Effect] {
        guard let query = screen.find.query else { return [] }
        screen.find.begin(query)
        return self.goOn(&screen)
    }

    /// Keeps what was found so far.
    static func stop(_ screen: inout BucketsScreen) -> [Effect] {
        screen.find.stop()
        return screen.cancel(\.find.pending)
    }

    static func close(_ screen: inout BucketsScreen) -> [Effect] {
        screen.find.hide()
        return self.stop(&screen)
    }

    /// Lists the level of the selected result, with it selected; the results can be come back to.
    static func openSelected(in screen: inout BucketsScreen) -> [Effect] {
        guard let key = screen.find.selected?.key else { return [] }
        let stopped = self.close(&screen)
        return stopped + BucketsBrowsing.reveal(key: key, &screen)
    }

    /// Goes to the level of a result before or behind.
    static func step(_ step: Int, in screen: inout BucketsScreen) -> [Effect] {
        guard !screen.find.items.isEmpty else { return [] }
        let count = screen.find.items.count
        screen.find.move(to: (screen.find.cursor + step + count) % count)
        return self.openSelected(in: &screen)
    }

    private static func goOn(_ screen: inout BucketsScreen) -> [Effect] {
        guard let (query, cursor, time) = screen.find.next else { return [] }
        return [
            screen.start(\.find.pending) {
                await BucketsFindWork.run($0, query, cursor: cursor, time: time)
            } then: { screen, reply, _ in
                screen.find.take(reply)
                return self.goOn(&screen)
            }
        ]
    }
}
