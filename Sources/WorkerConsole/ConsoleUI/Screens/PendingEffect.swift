/// An effect of which only the newest counts: starting it again cancels the one before, and a late answer is told by
/// its key.
struct PendingEffect: Sendable, Equatable {
    private let name: String
    private var serial = 0
    /// The key of the effect that is on its way; `nil` when none is.
    private(set) var key: String?

    init(_ name: String) {
        self.name = name
    }

    var isWaiting: Bool { self.key != nil }

    /// Starts the effect; `what` says what is asked for, to tell effects apart: `r2:UPLOADS_BUCKET img/`.
    mutating func start(
        _ what: String, _ work: @escaping @Sendable (Services) async -> any Sendable
    ) -> [Effect] {
        var effects = self.cancel()
        self.serial += 1
        let key = "\(self.name) \(self.serial) \(what)"
        self.key = key
        effects.append(.run(key: key, work))
        return effects
    }

    mutating func cancel() -> [Effect] {
        defer { self.key = nil }
        return self.key.map { [.cancel(key: $0)] } ?? []
    }

    /// True when this is the answer that is waited for, which then is waited for no more.
    mutating func takes(_ key: String) -> Bool {
        guard key == self.key else { return false }
        self.key = nil
        return true
    }
}
