import NetworkIO

/// Notes what a connection tells, and reacts to it as a test wants.
final class Recorder: ConnectionHandler {
    enum Event: Equatable, Sendable {
        case opened
        /// One or more times in succession.
        case received
        case ended
        case drained
        case closed(TransportError?)
    }

    typealias Reaction = (Recorder, Event) -> Void

    let connection: Connection
    private(set) var events: [Event] = []
    private(set) var bytes: [UInt8] = []
    private(set) var closedCount = 0
    /// Called with the bytes; they are kept otherwise.
    var onBytes: ((Recorder, RawSpan) -> Void)?
    /// Called with the bytes that a relay has moved.
    var onRelayed: ((Recorder, Int) -> Void)?
    var reaction: Reaction
    /// For a test's own use.
    var count = 0
    private var waiting: [(condition: (Recorder) -> Bool, resume: () -> Void)] = []

    init(_ connection: Connection, _ reaction: @escaping Reaction) {
        self.connection = connection
        self.reaction = reaction
    }

    var isClosed: Bool { self.closedCount > 0 }

    var closingError: TransportError? {
        if case .closed(let error) = self.events.last { error } else { nil }
    }

    /// Returns the bytes and forgets them.
    func takeBytes() -> [UInt8] {
        defer { self.bytes = [] }
        return self.bytes
    }

    func opened() { self.note(.opened) }

    func received(_ bytes: RawSpan) {
        if let onBytes = self.onBytes {
            onBytes(self, bytes)
        } else {
            bytes.withUnsafeBytes { self.bytes.append(contentsOf: $0) }
        }
        self.note(.received)
    }

    func relayed(_ count: Int) { self.onRelayed?(self, count) }

    func inputEnded() { self.note(.ended) }
    func drained() { self.note(.drained) }

    func closed(_ error: TransportError?) {
        self.closedCount += 1
        self.note(.closed(error))
    }

    private func note(_ event: Event) {
        if event != .received || self.events.last != .received { self.events.append(event) }
        self.reaction(self, event)
        let ready = self.waiting.filter { $0.condition(self) }
        guard !ready.isEmpty else { return }
        self.waiting.removeAll { $0.condition(self) }
        for entry in ready { entry.resume() }
    }

    /// Resumes when the condition holds; it is looked at now and after each event.
    func wait(until condition: @escaping (Recorder) -> Bool, _ resume: @escaping () -> Void) {
        if condition(self) { resume() } else { self.waiting.append((condition, resume)) }
    }
}

extension LoopBound where Value == Recorder {
    /// Waits until the condition holds.
    func when(_ condition: @escaping @Sendable (Recorder) -> Bool) async {
        _ = await self.submit(resuming: { (recorder, continuation: CheckedContinuation<Bool?, Never>) in
            recorder.wait(until: condition) { continuation.resume(returning: true) }
        })
    }

    /// Waits for the end and returns why it came.
    func end() async -> TransportError? {
        await self.when(\.isClosed)
        return await self.submit(\.closingError) ?? nil
    }
}
