import NIOCore
import Synchronization
import WorkerDomain

/// The way to the backend: the request's head and body, and the connection that takes them.
extension DownstreamHandler {
    func forward(_ head: RequestHead, in buffer: ByteBuffer, to entry: BackendEntry) {
        let shared = self.shared
        let id = self.exchange.id
        self.exchange.entry = entry
        entry.inFlight.wrappingAdd(1, ordering: .relaxed)
        entry.requests.wrappingAdd(1, ordering: .relaxed)
        var out = self.loop.takeBuffer(capacity: head.end + 512)
        buffer.withUnsafeReadableBytes {
            self.loop.requestWriter.write(
                $0, head: head, fields: self.loop.requestParser.scanner.fields, entry: entry, client: self.client,
                ray: Self.ray(of: id, seed: shared.raySeed), into: &out)
        }
        self.exchange.forwardHead = out
        self.exchange.requestBody.expect(head.framing, limit: self.loop.captureLimit)
        if buffer.readableBytes == head.end {
            self.received = nil
        } else {
            self.received?.moveReaderIndex(forwardBy: head.end)
        }
        self.machine.begin(
            ExchangeStateMachine.Request(
                isRepeatable: head.isRepeatable, isComplete: !head.framing.hasBody, wantsUpgrade: head.wantsUpgrade,
                expectsContinue: head.expectsContinue, takesInformational: !head.isHTTP10))
        self.acquire(entry, fresh: false)
        // No connection was there at once: the row shows what the request waits for.
        if self.exchange.unreported != nil, self.exchange.isOpen { self.report(entry.route) }
    }

    private func acquire(_ entry: BackendEntry, fresh: Bool) {
        if let upstream = self.loop.pool.acquire(entry, for: self, fresh: fresh) {
            self.upstreamReady(upstream, reused: true)
        }
    }

    /// The pool has begun to establish a connection.
    func upstreamConnecting(_ upstream: UpstreamHandler) {
        self.connecting = upstream
        self.exchange.connectingAt = self.loop.tick()
        self.since = self.exchange.connectingAt
        self.machine.connecting()
    }

    /// A connection stands.
    func upstreamReady(_ upstream: UpstreamHandler, reused: Bool) {
        self.connecting = nil
        guard self.machine.connected(reused: reused) == .send else {
            upstream.release(keep: false, now: self.loop.tick())
            return
        }
        self.upstream = upstream
        upstream.attach(self, toHead: self.exchange.head.method == .head)
        // A request that took a connection at once has waited for nothing since it was read.
        let now = self.exchange.unreported == nil ? self.loop.tick() : self.loop.now
        self.since = now
        self.exchange.connectedAt = now
        self.exchange.sentAt = now
        if reused { self.exchange.connectingAt = 0 }
        let begin = self.exchange.connectingAt > 0 ? self.exchange.connectingAt : now
        self.report(
            self.exchange.unreported == nil ? nil : self.exchange.entry?.route,
            connection: ExchangeConnection(
                queue: .nanoseconds(begin - self.exchange.headAt), connect: .nanoseconds(now - begin), reused: reused))
        guard let head = self.exchange.forwardHead else { return }
        self.machine.sent()
        upstream.send(head: head)
        if !self.machine.isRequestComplete {
            self.pumpBody()
            self.resumeReading()
        }
        if !self.isReading || self.machine.isRequestComplete { self.upstream?.flush() }
    }

    func upstreamFailed(_: UpstreamHandler, reason: String) {
        self.connecting = nil
        let place = self.exchange.entry?.backend.url.place ?? ""
        self.perform(self.machine.connectFailed(), reason: "connect to \(place): \(reason)")
    }

    /// The backend's connection is gone, and with it what it had not yet said.
    func upstreamClosed(_ upstream: UpstreamHandler, reason: String?) {
        guard self.upstream === upstream else { return }
        self.upstream = nil
        if self.machine.isTunnelling {
            if let reason {
                self.perform(self.machine.backendClosed(), reason: reason)
                return
            }
            self.exchange.backendHasEnded = true
            self.perform(self.machine.tunnelClosed())
            return
        }
        let text = reason ?? "the backend closed the connection"
        self.perform(self.machine.backendClosed(), reason: text)
    }

    func upstreamMalformed(_ reason: String) {
        self.perform(self.machine.backendMalformed(), reason: reason)
    }

    /// Sends the request again on a fresh connection.
    func retry(reason: String?) {
        self.shared.sink.record(.retried(reason: reason ?? "the connection was closed"), of: self.exchange.id)
        guard let entry = self.exchange.entry else { return }
        self.exchange.connectingAt = 0
        self.acquire(entry, fresh: true)
    }

    // MARK: - Body

    /// Passes on what has been received of the request's body.
    func pumpBody() {
        let limit = self.shared.configuration.limits.body
        let isChunked = self.exchange.head.framing == .chunked
        var trailers: [UInt8] = []
        self.since = self.loop.now
        while !self.exchange.decoder.hasEnded, let upstream = self.upstream, var buffer = self.received.take() {
            let event = self.exchange.decoder.next(&buffer)
            self.received = buffer.readableBytes > 0 ? buffer : nil
            switch event {
            case .needsMore:
                return
            case .data(let slice):
                self.exchange.requestBody.add(slice, limit: self.loop.captureLimit)
                guard self.exchange.requestBody.total <= limit else {
                    self.perform(
                        self.machine.requestRefused(), status: 413,
                        reason: "the request body is longer than \(limit) bytes")
                    return
                }
                upstream.send(slice, chunked: isChunked)
            case .end:
                break
            case .trailers(let lines):
                trailers = TrailerFields.forwarded(lines)
            case .malformed(let reason):
                self.perform(self.machine.requestRefused(), status: 400, reason: reason)
                return
            }
        }
        guard self.exchange.decoder.hasEnded, let upstream = self.upstream else { return }
        if isChunked { upstream.sendLastChunk(trailers: trailers) }
        let action = self.machine.requestCompleted()
        guard action == .none else {
            // The answer is out already: the backend's connection must have the whole request before it is used again.
            upstream.flush()
            self.perform(action)
            return
        }
        self.exchange.sentAt = self.since
        if !self.isReading { upstream.flush() }
    }

    // MARK: - Tunnel

    func tunnelBytesFromClient(_ buffer: ByteBuffer) {
        self.since = self.loop.now
        self.exchange.requestBody.add(buffer, limit: self.loop.captureLimit)
        self.upstream?.send(buffer, chunked: false)
    }

    func tunnelBytesFromBackend(_ buffer: ByteBuffer) {
        guard let context = self.context else { return }
        self.since = self.loop.now
        self.exchange.responseBody.add(buffer, limit: self.loop.captureLimit)
        self.output.append(buffer, to: context)
    }

    /// The backend sends nothing more; what the client sends still goes on.
    func tunnelBackendEnded() {
        self.exchange.backendHasEnded = true
        self.since = self.loop.now
        if let context = self.context { self.output.flush(to: context, loop: self.loop) }
        if self.exchange.clientHasEnded {
            self.perform(self.machine.tunnelClosed())
        } else {
            self.context?.close(mode: .output, promise: nil)
        }
    }

    /// The client sends nothing more; what the backend sends still goes on.
    func tunnelClientEnded() {
        self.exchange.clientHasEnded = true
        self.since = self.loop.now
        if self.exchange.backendHasEnded {
            self.perform(self.machine.tunnelClosed())
        } else {
            self.upstream?.endTunnelInput()
        }
    }

    /// Sixteen digits that differ between exchanges and runs (SplitMix64).
    private static func ray(of id: ExchangeID, seed: UInt64) -> UInt64 {
        var value = seed &+ id.rawValue &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
