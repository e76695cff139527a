/// Work that waits, and what its result does to who asked for it.
package struct Work: Sendable {
    /// Of one slot only the newest counts: starting cancels what runs there, and a late result is dropped.
    package let slot: String
    package let run: @Sendable (Services) async -> any Reply

    /// - Parameters:
    ///   - slot: Its name among the works of one owner.
    ///   - work: Does it.
    ///   - then: What the result does.
    package init<Subject: Sendable, Value: Sendable, Outcome: Sendable>(
        _ slot: String, _ work: @escaping @Sendable (Services) async -> Value,
        then: @escaping @Sendable (inout Subject, Value, World) -> [Outcome]
    ) {
        self.slot = slot
        self.run = { services in
            let value = await work(services)
            return TypedReply<Subject, Outcome> { then(&$0, value, $1) }
        }
    }
}

/// The result of a ``Work``, for its owner.
package protocol Reply: Sendable {}

/// What a result does to one kind of owner.
package struct TypedReply<Subject: Sendable, Outcome: Sendable>: Reply {
    let apply: @Sendable (inout Subject, World) -> [Outcome]
}

/// Whether the work of a slot is on its way.
package struct Pending: Sendable, Equatable {
    package let slot: String
    package internal(set) var isWaiting = false

    package init(_ slot: String) { self.slot = slot }
}

extension Screen {
    /// Starts work in a slot; what ran there is cancelled.
    package mutating func start<Value: Sendable>(
        _ slot: any WritableKeyPath<Self, Pending> & Sendable,
        _ work: @escaping @Sendable (Services) async -> Value,
        then: @escaping @Sendable (inout Self, Value, World) -> [Effect]
    ) -> Effect {
        self[keyPath: slot].isWaiting = true
        return .work(
            Work(self[keyPath: slot].slot, work) { (screen: inout Self, value: Value, world: World) -> [Effect] in
                screen[keyPath: slot].isWaiting = false
                return then(&screen, value, world)
            })
    }

    /// Cancels what runs in a slot.
    package mutating func cancel(_ slot: WritableKeyPath<Self, Pending>) -> [Effect] {
        guard self[keyPath: slot].isWaiting else { return [] }
        self[keyPath: slot].isWaiting = false
        return [.cancel(key: self[keyPath: slot].slot)]
    }

    /// Takes the result of work that this screen has started.
    package mutating func receive(_ reply: any Reply, in world: World) -> [Effect] {
        (reply as? TypedReply<Self, Effect>)?.apply(&self, world) ?? []
    }
}
