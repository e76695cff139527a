import Glibc
import TestNetwork
import Testing

@testable import NetworkIO

/// An event loop that is turned by the test, on its thread.
final class LoopBench {
    let clock = ManualClock()
    let loop: EventLoop

    init(_ engine: EngineChoice = .epoll) throws {
        self.loop = EventLoop(engine: try Engines.make(engine), clock: self.clock)
    }

    /// Turns until `condition` holds; it fails after some seconds of the system's clock.
    func turn(until condition: () -> Bool, _ location: SourceLocation = #_sourceLocation) {
        let end = SystemClock.monotonic() + 10_000_000_000
        while !condition() {
            guard SystemClock.monotonic() < end else {
                Issue.record("what was waited for did not happen", sourceLocation: location)
                return
            }
            self.loop.turn(mayWait: false)
            sched_yield()
        }
    }

    /// Turns often enough that what could happen has happened.
    func turn(times: Int = 50) {
        for _ in 0..<times {
            self.loop.turn(mayWait: false)
            sched_yield()
        }
    }
}

/// Writes down what happens to a connection.
final class EventRecorder: ConnectionHandler {
    private(set) var events: [String] = []
    private let connection: Connection
    private let closesAfterInput: Bool

    /// Starts the connection.
    init(_ connection: Connection, sends text: StaticString = "", closesAfterInput: Bool = false) {
        self.connection = connection
        self.closesAfterInput = closesAfterInput
        connection.start(self)
        connection.send(text)
    }

    var isClosed: Bool { self.events.last?.hasPrefix("closed") == true }

    func close() { self.connection.close() }

    func opened() { self.events.append("opened") }

    func received(_ bytes: RawSpan) {
        self.events.append(bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }

    func inputEnded() {
        self.events.append("ended")
        if self.closesAfterInput { self.connection.close() }
    }

    func drained() { self.events.append("drained") }

    func closed(_ error: TransportError?) { self.events.append(error.map { "closed: \($0)" } ?? "closed") }
}
