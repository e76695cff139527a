import ConsoleUI
import WorkerDomain

/// Which of the project's databases is open.
struct DatabaseChoice: Sendable, Equatable {
    /// ``Binding/id`` of the open database.
    private(set) var binding: String?
    /// Of the resource that is open; another one of the same binding reads something else.
    private var generation = 0

    static func databases(in world: World) -> [BoundResource] {
        world.resources.filter { if case .database = $0.reader { true } else { false } }
    }

    func resource(in world: World) -> BoundResource? {
        world.resources.first { self.isOpen($0) }
    }

    private func isOpen(_ resource: BoundResource) -> Bool {
        self.binding.map { $0.hasSameBytes(as: resource.binding.id) } ?? false
    }

    /// What keeping up with the configuration means for the screen.
    enum Change: Sendable, Equatable { case none, opened(String), closed }

    /// Keeps the open database, as it is configured now, or takes the first one.
    mutating func keepUp(with world: World) -> Change {
        let databases = Self.databases(in: world)
        guard let database = databases.first(where: { self.isOpen($0) }) ?? databases.first else {
            self.binding = nil
            return .closed
        }
        guard !self.isOpen(database) || database.generation != self.generation else { return .none }
        return self.open(database)
    }

    /// Goes to the next database, or the one before.
    mutating func step(by step: Int, in world: World) -> Change {
        let databases = Self.databases(in: world)
        guard databases.count > 1, let place = databases.firstIndex(where: { self.isOpen($0) }) else { return .none }
        return self.open(databases[(place + step + databases.count) % databases.count])
    }

    private mutating func open(_ database: BoundResource) -> Change {
        self.binding = database.binding.id
        self.generation = database.generation
        return .opened(database.binding.id)
    }
}
