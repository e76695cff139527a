import CLinux

/// Sees that a loop is woken.
final class UringWaker: UringSource {
    private let waker: LoopWaker
    private unowned let engine: UringEngine

    init(_ waker: LoopWaker, engine: UringEngine) {
        self.waker = waker
        self.engine = engine
    }

    func watch() {
        if !self.engine.poll(self, self.waker.descriptor, .readable, events: EPOLLIN.rawValue, repeats: true) {
            self.engine.proceedLater(self)
        }
    }

    override func completed(_: Operation, result _: Int32, buffer _: UInt32?, hasMore: Bool, for _: EventLoop) {
        self.waker.clear()
        if !hasMore { self.watch() }
    }

    override func proceed(for _: EventLoop) { self.watch() }
}
