import NIOCore
import Synchronization
import WorkerDomain

/// What goes wrong on purpose.
extension DownstreamHandler {
    /// Lets a request meet a fault of its backend.
    func meet(_ fault: FaultRule, _ head: RequestHead, in buffer: ByteBuffer, of entry: BackendEntry) {
        switch fault.kind {
        case .latency(let duration):
            self.forwardLater(duration, head, to: entry)
        case .status(let status):
            self.count(entry)
            let reason = "fault injected into \(entry.backend.name): status \(status)"
            self.beginLocal(
                LocalAnswer(status: status, error: "fault_injected", message: "this failure was asked for"),
                route: entry.route, ending: ExchangeEnding(cause: .completed, phase: .done, reason: reason))
            self.noteAnswer(status: status)
        case .reset:
            self.count(entry)
            self.beginLocal(
                LocalAnswer(cause: .backendAborted, phase: .responseHead), route: entry.route,
                ending: ExchangeEnding(
                    cause: .backendAborted, phase: .responseHead,
                    reason: "fault injected into \(entry.backend.name): connection reset"))
        case .slowBody(let rate):
            if let context = self.context {
                SlowBodyHandler.insert(before: self, context: context, bytesPerSecond: rate, entry: entry)
            }
            self.forward(head, in: buffer, to: entry)
        }
    }

    private func count(_ entry: BackendEntry) {
        self.exchange.entry = entry
        entry.inFlight.wrappingAdd(1, ordering: .relaxed)
        entry.requests.wrappingAdd(1, ordering: .relaxed)
    }

    /// Holds a request in the queue, with its client free to leave.
    private func forwardLater(_ duration: Duration, _ head: RequestHead, to entry: BackendEntry) {
        let id = self.exchange.id
        self.report(entry.route)
        self.machine.begin(
            ExchangeStateMachine.Request(
                isRepeatable: head.isRepeatable, isComplete: !head.framing.hasBody, wantsUpgrade: head.wantsUpgrade,
                expectsContinue: head.expectsContinue, takesInformational: !head.isHTTP10))
        // The time limit of the queue counts from the end of the wait.
        self.since = SystemTime.now() + duration.nanoseconds
        self.loop.loop.assumeIsolated().scheduleTask(in: .nanoseconds(duration.nanoseconds)) {
            guard self.phase == .exchange, self.exchange.id == id, self.exchange.isOpen, self.machine.phase == .queue,
                let buffer = self.received
            else { return }
            // Another connection's head has been read since: the places of this one's fields are read anew.
            let outcome = buffer.withUnsafeReadableBytes { self.loop.requestParser.parse($0, searched: 0) }
            guard case .complete(let head) = outcome else { return }
            self.forward(head, in: buffer, to: entry)
        }
    }
}
