import Testing

@testable import NetworkIO

@Suite("TimerQueue")
struct TimerQueueTests {
    /// Runs what is due and returns what ran.
    private static func run(_ queue: inout TimerQueue, now: Int64) {
        while let action = queue.popDue(now: now) { action() }
    }

    @Test("what is due runs by deadline, and in the order of adding when deadlines are equal")
    func order() {
        var queue = TimerQueue()
        var ran: [Int] = []
        for (deadline, name) in [(30, 1), (10, 2), (20, 3), (10, 4), (30, 5), (10, 6)] {
            _ = queue.add(deadline: Int64(deadline)) { ran.append(name) }
        }
        #expect(queue.nextDeadline == 10)
        Self.run(&queue, now: 9)
        #expect(ran.isEmpty)
        Self.run(&queue, now: 20)
        #expect(ran == [2, 4, 6, 3])
        #expect(queue.nextDeadline == 30)
        Self.run(&queue, now: 30)
        #expect(ran == [2, 4, 6, 3, 1, 5])
        #expect(queue.nextDeadline == nil)
    }

    @Test("one that was cancelled does not run, and cancelling one that ran does nothing")
    func cancelling() {
        var queue = TimerQueue()
        var ran: [Int] = []
        let timers = (0..<20).map { index in queue.add(deadline: Int64(100 - index)) { ran.append(index) } }
        for index in stride(from: 0, to: 20, by: 3) { queue.cancel(timers[index]) }
        Self.run(&queue, now: 100)
        #expect(ran == (0..<20).reversed().filter { $0 % 3 != 0 })
        queue.cancel(timers[1])
        #expect(queue.nextDeadline == nil)
    }

    @Test("any mix of adding and cancelling leaves the deadlines in order", arguments: 0..<20 as Range<UInt64>)
    func mix(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: UInt64) -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state % bound
        }
        var queue = TimerQueue()
        var wanted: [LoopTimer: Int64] = [:]
        var ran: [Int64] = []
        for _ in 0..<500 {
            if random(3) == 0, let timer = wanted.keys.min(by: { $0.id < $1.id }) {
                wanted[timer] = nil
                queue.cancel(timer)
            } else {
                let deadline = Int64(random(50))
                wanted[queue.add(deadline: deadline) { ran.append(deadline) }] = deadline
            }
        }
        Self.run(&queue, now: 50)
        #expect(ran == wanted.values.sorted())
    }
}
