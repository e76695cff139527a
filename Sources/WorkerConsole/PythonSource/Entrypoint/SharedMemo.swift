import Synchronization

/// Makes each value once, whoever asks for it, and on whatever thread: who comes later waits for the one that makes it.
///
/// It is bounded by the weight of what it keeps; the oldest goes first.
final class SharedMemo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private final class Entry: Sendable { let value = Mutex<Value?>(nil) }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// What is made already, the oldest first.
        var finished: [(key: Key, weight: Int)] = []
        var weight = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: The weight that all values together may have.
    init(limit: Int) { self.limit = limit }

    /// - Parameters:
    ///   - key: What the value is of.
    ///   - weight: How much a value weighs, its key included.
    ///   - make: Makes the value; it must not ask this memo.
    /// - Returns: The value, and whether it was made for this call.
    func value(of key: Key, weight: (Value) -> Int, make: () -> Value) -> (value: Value, isNew: Bool) {
        let entry = self.state.withLock { state in
            if let known = state.entries[key] { return known }
            let entry = Entry()
            state.entries[key] = entry
            return entry
        }
        let (value, isNew) = entry.value.withLock { slot in
            if let known = slot { return (known, false) }
            let made = make()
            slot = made
            return (made, true)
        }
        if isNew { self.keep(key, weight: weight(value)) }
        return (value, isNew)
    }

    private func keep(_ key: Key, weight: Int) {
        self.state.withLock { state in
            state.finished.append((key, weight))
            state.weight += weight
            var gone = 0
            while state.weight > self.limit, gone < state.finished.count {
                let oldest = state.finished[gone]
                state.entries[oldest.key] = nil
                state.weight -= oldest.weight
                gone += 1
            }
            state.finished.removeFirst(gone)
        }
    }
}
