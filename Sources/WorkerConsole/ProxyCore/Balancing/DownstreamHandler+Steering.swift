import NIOCore
import Synchronization
import WorkerDomain

/// Requests that do not simply go to the active backend.
extension DownstreamHandler {
    /// Chooses the backend of a request by policy, canary, or the request's own wish, and lets faults happen.
    func steer(_ head: RequestHead, in buffer: ByteBuffer) {
        let table = self.shared.registry.table
        var isWished = false
        var chosen: BackendEntry?
        if table.takesTargetField, ClientKey.isLoopback(self.client.address),
            let field = self.loop.requestParser.scanner.first(.target)
        {
            let name = buffer.withUnsafeReadableBytes { String(decoding: $0[field.value], as: UTF8.self) }
            isWished = true
            chosen = table.entry(named: name)
            guard chosen != nil else {
                let reason = "X-WorkerConsole-Target names no backend"
                self.beginLocal(
                    LocalAnswer(status: 400, error: "unknown_target", message: reason), route: .local,
                    ending: ExchangeEnding(cause: .requestRefused, phase: .requestHead, reason: reason))
                return
            }
        }
        guard let entry = chosen ?? table.choose(self.clientKey(in: buffer)) else {
            self.beginLocal(
                LocalAnswer(cause: .noBackend, phase: .queue), route: .local,
                ending: ExchangeEnding(cause: .noBackend, phase: .queue, reason: "no backend is configured"))
            return
        }
        self.exchange.isMeasured = table.canary != nil && !isWished
        if let fault = table.faults[entry.slot], self.shared.registry.settings.time.now() < fault.until {
            self.meet(fault, head, in: buffer, of: entry)
        } else {
            self.forward(head, in: buffer, to: entry)
        }
    }

    private func clientKey(in buffer: ByteBuffer) -> UInt64 {
        let field = self.loop.requestParser.scanner.fields.last { $0.kind == .forwardedFor }
        return buffer.withUnsafeReadableBytes { bytes in
            ClientKey.of(
                address: self.client.address, connection: self.client.text,
                forwardedFor: field.map { UnsafeRawBufferPointer(rebasing: bytes[$0.value]) })
        }
    }

    /// Counts a 5xx answer, and every answer while a canary runs.
    func noteAnswer(status: Int) {
        guard let entry = self.exchange.entry else { return }
        let isServerError = (500...599).contains(status)
        let registry = self.shared.registry
        if isServerError {
            entry.serverErrors.wrappingAdd(1, ordering: .relaxed)
            registry.requestFailed(entry, atOnce: false)
        }
        guard self.exchange.isMeasured else { return }
        registry.table.canary?.note(
            entry, isServerError: isServerError, duration: self.exchange.sentAt > 0 ? self.exchange.responseTime : nil,
            now: registry.settings.time.now())
    }

    /// Counts an exchange that the backend failed.
    func noteFailure(_ ending: ExchangeEnding, of entry: BackendEntry) {
        let registry = self.shared.registry
        registry.requestFailed(entry, atOnce: ending.cause == .backendUnreachable)
        guard self.exchange.isMeasured, self.exchange.answeredAt == 0 else { return }
        registry.table.canary?.note(
            entry, isServerError: true, duration: nil, now: registry.settings.time.now())
    }

    /// Ends what a person no longer waits for.
    func cutByPerson() {
        let reason = "cut by a person: the backend was drained"
        if self.phase == .finishing {
            self.end(ExchangeEnding(cause: .shutdown, phase: .responseBody, reason: reason))
            self.closeNow()
        } else {
            self.perform(self.machine.shutDown(), status: 503, reason: reason)
        }
    }
}

extension LoopContext {
    /// Ends every exchange with the backend of this slot.
    /// - Returns: How many.
    func cut(slot: Int) -> Int {
        self.tick()
        let running = self.connections.filter { $0.exchange.isOpen && $0.exchange.entry?.slot == slot }
        for handler in running { handler.cutByPerson() }
        return running.count
    }
}
