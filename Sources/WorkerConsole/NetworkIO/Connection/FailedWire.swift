import CLinux

/// Stands for a connection that failed before it began; tells so, as every other failure is told.
final class FailedWire: Wire {
    private let error: TransportError
    private unowned let loop: EventLoop

    init(_ error: TransportError, loop: EventLoop) {
        self.error = error
        self.loop = loop
    }

    func start(_ connection: Connection) {
        self.loop.later { connection.wireFailed(self.error) }
    }

    func pauseReading() {}
    func resumeReading() {}
    func send(_: UnsafeBufferPointer<iovec>) -> WireOutcome { .failed(self.error) }
    func endOutput() {}
    var hasNews: Bool { true }
    var hasFetchedNews: Bool { true }
    func close(reset _: Bool) {}
}
