import ConsoleUI
import WorkerDomain

/// The beginning of a watch, as it comes back with the first reading of a binding.
struct WatchStart: Sendable, Equatable {
    let binding: String
    /// `nil` when changes cannot be watched.
    let watch: (any ChangeWatch)?

    static func == (left: WatchStart, right: WatchStart) -> Bool {
        left.binding.hasSameBytes(as: right.binding) && left.watch === right.watch
    }

    /// Begins to watch, before anything is read; `nil` for a binding whose changes are not told.
    init?(_ resource: BoundResource) {
        guard let changes = resource.changes else { return nil }
        self.binding = resource.binding.id
        self.watch = changes.watch()
    }
}

/// What a screen holds to hear of changes of the binding that it shows, while it is shown.
struct ChangeListener: Sendable {
    /// So many readings of the store are made in a second at most, whatever is written.
    static let readsPerSecond = 4

    /// Of waiting for the next change.
    var pending = Pending("watch")
    private var start: WatchStart?

    /// True when nothing listens to this binding yet.
    func isNeeded(for binding: String) -> Bool { self.start?.binding.hasSameBytes(as: binding) != true }

    /// Changes of the binding would be told, and cannot be watched.
    var isBlind: Bool { self.start.map { $0.watch == nil } ?? false }

    /// Takes over what a reading has begun.
    mutating func take(_ start: WatchStart?) { if let start { self.start = start } }

    /// Forgets the watch; what waits for it has to be cancelled as well.
    mutating func end() { self.start = nil }

    /// Waits for the next change, as long as the readings before ask for; `nil` when there is none to wait for.
    func waiting(afterReads reads: Int) -> (@Sendable (Services) async -> Bool)? {
        guard let watch = self.start?.watch else { return nil }
        let pause = Duration.seconds(1) * max(1, reads) / Self.readsPerSecond
        return { _ in await watch.next(pause: pause) }
    }
}
