/// What an event loop does at a later time, the earliest first.
///
/// For a handful of things: retries, probes, faults, and the one sweep that looks at every connection's time limits.
struct TimerQueue {
    private struct Entry {
        let deadline: Int64
        let id: UInt64
        let action: () -> Void
    }

    /// A binary heap: no entry is due before its parent.
    private var heap: [Entry] = []
    private var lastID: UInt64 = 0

    /// When the next one is due; `nil` without one.
    var nextDeadline: Int64? { self.heap.first?.deadline }

    var isEmpty: Bool { self.heap.isEmpty }

    mutating func add(deadline: Int64, _ action: @escaping () -> Void) -> LoopTimer {
        self.lastID += 1
        self.heap.append(Entry(deadline: deadline, id: self.lastID, action: action))
        self.siftUp(self.heap.count - 1)
        return LoopTimer(id: self.lastID)
    }

    /// Does nothing for one that has run.
    mutating func cancel(_ timer: LoopTimer) {
        guard let index = self.heap.firstIndex(where: { $0.id == timer.id }) else { return }
        self.remove(at: index)
    }

    /// Takes out the next one that is due at `now`.
    mutating func popDue(now: Int64) -> (() -> Void)? {
        guard let first = self.heap.first, first.deadline <= now else { return nil }
        self.remove(at: 0)
        return first.action
    }

    mutating func removeAll() { self.heap.removeAll() }

    private mutating func remove(at index: Int) {
        self.heap.swapAt(index, self.heap.count - 1)
        self.heap.removeLast()
        guard index < self.heap.count else { return }
        self.siftDown(index)
        self.siftUp(index)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.isBefore(self.heap[child], self.heap[parent]) else { return }
            self.heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < self.heap.count && Self.isBefore(self.heap[child], self.heap[least]) {
                least = child
            }
            guard least != parent else { return }
            self.heap.swapAt(parent, least)
            parent = least
        }
    }

    /// Of two with the same deadline the one that was added first comes first.
    private static func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        (left.deadline, left.id) < (right.deadline, right.id)
    }
}

/// Names one planned action of an event loop, to cancel it.
package struct LoopTimer: Hashable {
    let id: UInt64
}
