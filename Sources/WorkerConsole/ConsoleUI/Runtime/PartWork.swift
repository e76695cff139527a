import WorkerDomain

/// What a part of a screen wants done: a part is a value with a state of its own, and knows nothing of its screen.
package enum PartEffect<Part: Sendable>: Sendable {
    /// Work of the part; its result comes back to the part.
    case work(PartWork<Part>)
    /// Cancels what runs in a slot.
    case cancel(any WritableKeyPath<Part, Pending> & Sendable)
    /// Something that concerns others.
    case effect(Effect)

    /// Work in a slot, and what its result does to the part.
    package static func start<Value: Sendable>(
        _ slot: any WritableKeyPath<Part, Pending> & Sendable,
        _ work: @escaping @Sendable (Services) async -> Value,
        then: @escaping @Sendable (inout Part, Value, World) -> [PartEffect<Part>]
    ) -> PartEffect<Part> {
        .work(
            PartWork(slot: slot) { services in
                let value = await work(services)
                return { then(&$0, value, $1) }
            })
    }
}

/// Work of a part of a screen.
package struct PartWork<Part: Sendable>: Sendable {
    let slot: any WritableKeyPath<Part, Pending> & Sendable
    let run: @Sendable (Services) async -> @Sendable (inout Part, World) -> [PartEffect<Part>]
}

extension Screen {
    /// Changes a part and does what it wants then.
    package mutating func change<Part: Sendable>(
        _ part: any WritableKeyPath<Self, Part> & Sendable, _ body: (inout Part) -> [PartEffect<Part>]
    ) -> [Effect] {
        let wants = body(&self[keyPath: part])
        return self.perform(wants, on: part)
    }

    /// Does what a part wants.
    package mutating func perform<Part: Sendable>(
        _ wants: [PartEffect<Part>], on part: any WritableKeyPath<Self, Part> & Sendable
    ) -> [Effect] {
        var effects: [Effect] = []
        for want in wants {
            switch want {
            case .effect(let effect): effects.append(effect)
            case .cancel(let slot):
                guard self[keyPath: part][keyPath: slot].isWaiting else { continue }
                self[keyPath: part][keyPath: slot].isWaiting = false
                effects.append(.cancel(key: self[keyPath: part][keyPath: slot].slot))
            case .work(let work): effects.append(self.start(work, on: part))
            }
        }
        return effects
    }

    private mutating func start<Part: Sendable>(
        _ work: PartWork<Part>, on part: any WritableKeyPath<Self, Part> & Sendable
    ) -> Effect {
        let slot = work.slot
        self[keyPath: part][keyPath: slot].isWaiting = true
        return .work(
            Work(self[keyPath: part][keyPath: slot].slot, work.run) { (screen: inout Self, apply, world) -> [Effect] in
                screen[keyPath: part][keyPath: slot].isWaiting = false
                let wants = apply(&screen[keyPath: part], world)
                return screen.perform(wants, on: part)
            })
    }
}
