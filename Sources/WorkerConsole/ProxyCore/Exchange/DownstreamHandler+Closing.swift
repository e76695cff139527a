import NIOCore
import WorkerDomain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a client connection ends: by its client, by a time limit, by us.
extension DownstreamHandler {
    // MARK: - The client

    /// The client has closed its sending side.
    func inputClosed() {
        self.loop.tick()
        self.hasEnded = true
        self.endedAt = self.loop.now
        switch self.phase {
        case .idle, .lingering:
            self.closeNow()
        case .head:
            self.abortHead(.clientAborted)
            self.closeNow()
        case .exchange where self.machine.isTunnelling:
            self.tunnelClientEnded()
        case .exchange:
            // Who closes right after a whole request wants the answer; who closes later does not wait any more.
            let isHalfClose =
                self.machine.isRequestComplete && !self.machine.hasAnswered
                && self.loop.now - self.exchange.headAt < self.loop.timeouts.halfClose
            if !isHalfClose { self.perform(self.machine.clientClosed()) }
        case .finishing, .closing, .closed:
            break
        }
    }

    /// The connection is gone.
    func clientGone() {
        switch self.phase {
        case .head: self.abortHead(.clientAborted)
        case .exchange:
            if self.machine.isTunnelling, self.exchange.backendHasEnded || self.exchange.clientHasEnded {
                self.endTunnel()
            } else {
                self.perform(self.machine.clientClosed())
            }
        case .finishing: self.end(ExchangeEnding(cause: .clientAborted, phase: .responseBody))
        case .idle, .closing, .lingering, .closed: break
        }
    }

    private func endTunnel() {
        _ = self.machine.tunnelClosed()
        self.upstream?.close()
        self.upstream = nil
        self.end(self.exchange.tunnelEnding)
    }

    /// Reports a head that never became whole.
    private func abortHead(_ cause: ExchangeEnding.Cause) {
        self.open(head: self.received.map { Array($0.readableBytesView) } ?? [])
        self.received = nil
        self.phase = .closing
        self.report(.local)
        self.end(ExchangeEnding(cause: cause, phase: .requestHead))
    }

    // MARK: - Time

    /// Ends what has lasted too long.
    func check(now: Int64) {
        let elapsed = now - self.since
        let timeouts = self.loop.timeouts
        switch self.phase {
        case .idle:
            if elapsed > timeouts.idle { self.closeNow() }
        case .head:
            if elapsed > timeouts.requestHead { self.refuseSlowHead() }
        case .exchange:
            if self.hasEnded, !self.machine.hasAnswered, now - self.endedAt > timeouts.halfClosed {
                self.perform(self.machine.clientClosed(), reason: "the client closed its side before its answer came")
            } else {
                self.checkExchange(elapsed, timeouts)
            }
        case .finishing:
            guard elapsed > timeouts.write else { return }
            self.end(ExchangeEnding(cause: .clientTimeout, phase: .responseBody))
            self.reset()
        case .closing:
            if elapsed > min(timeouts.write, timeouts.linger) { self.reset() }
        case .lingering:
            if elapsed > timeouts.linger { self.closeNow() }
        case .closed:
            break
        }
    }

    private func checkExchange(_ elapsed: Int64, _ timeouts: TimeoutTable) {
        switch self.machine.phase {
        case .queue:
            if elapsed > timeouts.queue {
                self.perform(self.machine.backendTimedOut(), reason: "all connections to the backend are in use")
            }
        case .connect:
            if elapsed > timeouts.connect {
                let place = self.exchange.entry?.backend.url.place ?? ""
                self.perform(self.machine.backendTimedOut(), reason: "connect to \(place): no answer in time")
            }
        case .requestBody:
            if self.upstream?.isWritable == false {
                if elapsed > timeouts.responseHead {
                    self.perform(self.machine.backendTimedOut(), reason: "the backend does not take the request body")
                }
            } else if elapsed > timeouts.requestBody {
                self.perform(self.machine.clientTimedOut(), reason: "the request body did not come in time")
            }
        case .responseHead:
            if elapsed > timeouts.responseHead {
                self.perform(self.machine.backendTimedOut(), reason: "no answer in time")
            }
        case .responseBody:
            if !self.isWritable {
                if elapsed > timeouts.write {
                    self.perform(self.machine.clientTimedOut(), reason: "the client does not take its answer")
                }
            } else if elapsed > timeouts.responseBody {
                self.perform(self.machine.backendTimedOut(), reason: "the answer stopped coming")
            }
        case .tunnel:
            self.checkTunnel(elapsed, timeouts)
        case .requestHead, .done:
            break
        }
    }

    /// A tunnel that one side has ended may have lost the other one too, which would not show for an hour.
    private func checkTunnel(_ elapsed: Int64, _ timeouts: TimeoutTable) {
        let name = self.exchange.tunnelled ?? "tunnel"
        let isHalf = self.exchange.clientHasEnded || self.exchange.backendHasEnded
        guard elapsed > (isHalf ? min(timeouts.tunnelEnd, timeouts.tunnel) : timeouts.tunnel) else { return }
        if self.exchange.clientHasEnded {
            self.perform(
                self.machine.backendTimedOut(), reason: "\(name): nothing came for too long after the client's end")
        } else if self.exchange.backendHasEnded {
            self.perform(
                self.machine.clientTimedOut(), reason: "\(name): nothing came for too long after the backend's end")
        } else {
            self.perform(self.machine.backendTimedOut(), reason: "\(name): nothing came for too long")
        }
    }

    private func refuseSlowHead() {
        self.open(head: self.received.map { Array($0.readableBytesView) } ?? [])
        self.received = nil
        self.report(.local)
        self.answer(
            LocalAnswer(cause: .clientTimeout, phase: .requestHead),
            ending: ExchangeEnding(
                cause: .clientTimeout, phase: .requestHead, reason: "the request head did not come in time"),
            keep: false)
    }

    // MARK: - Us

    /// Closes when nothing is going on; otherwise the exchange's answer will be the last one.
    func drain() {
        if self.phase == .idle { self.closeNow() }
    }

    /// Ends at once, whatever is going on.
    func stop() {
        self.loop.tick()
        switch self.phase {
        case .head: self.abortHead(.shutdown)
        case .exchange: self.perform(self.machine.shutDown())
        case .finishing: self.end(ExchangeEnding(cause: .shutdown, phase: .responseBody))
        case .idle, .closing, .lingering, .closed: break
        }
        self.closeNow()
    }

    func closeNow() {
        guard self.phase != .closed else { return }
        self.phase = .closed
        if self.isFlushDue { self.flushNow() }
        self.context?.close(promise: nil)
    }

    /// Sends what is there, then closes.
    ///
    /// - Parameter linger: The client may still be sending. Closing then would make its system throw away the answer
    ///   before it is read (RFC 9112 section 9.6), so only the sending side is closed at first.
    func closeAfterFlush(linger: Bool) {
        guard let context = self.context else { return }
        self.phase = .closing
        self.since = SystemTime.now()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            guard self.phase == .closing else { return }
            if linger, !self.hasEnded {
                self.lingerNow()
            } else {
                self.closeNow()
            }
        }
        self.output.flush(to: context, loop: self.loop, promise: promise)
    }

    /// After an answer that ends the connection: the request may not have been read to its end.
    func closeOrLinger() {
        if self.machine.isRequestComplete || self.hasEnded {
            self.closeNow()
        } else {
            self.lingerNow()
        }
    }

    private func lingerNow() {
        self.phase = .lingering
        self.since = SystemTime.now()
        self.received = nil
        self.context?.close(mode: .output, promise: nil)
        self.resumeReading()
    }

    /// Ends the connection so that the answer cannot be taken for whole.
    ///
    /// With a length or chunks its missing end says so, and what came still goes out. Without them only a reset does.
    func cut() {
        if self.exchange.framing == .untilClose {
            self.reset()
        } else {
            self.closeAfterFlush(linger: false)
        }
    }

    private func reset() {
        guard self.phase != .closed, let context = self.context else { return }
        // Closing with a linger time of zero sends a reset instead of an orderly end.
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        self.closeNow()
    }
}
