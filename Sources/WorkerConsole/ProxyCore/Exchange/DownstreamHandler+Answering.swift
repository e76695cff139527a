import NIOCore
import Synchronization
import WorkerDomain

/// The way back: the backend's answer, or one of our own, and the exchange's end.
extension DownstreamHandler {
    // MARK: - The backend's answer

    func answerHead(_ head: ResponseHead, in buffer: ByteBuffer) {
        guard self.context != nil else { return }
        let now = self.loop.now
        self.since = now
        let request = self.exchange.head
        var framing = AnswerFraming.asGiven
        if head.framing == .chunked || head.framing == .untilClose {
            framing = request.isHTTP10 ? .untilClose : .chunked
        }
        // Before the whole request has come, the connection stays only where the rest will come and can go on to the
        // backend; a client that asked whether to send it may keep it now (RFC 9110 section 10.1.1).
        let takesRest = self.machine.isRequestComplete || (head.persists && !request.expectsContinue)
        let persists = self.mayPersist && framing != .untilClose && takesRest
        let action = self.machine.responseHead(
            status: head.status, upstreamPersists: head.persists, downstreamPersists: persists)
        switch action {
        case .forwardHead, .openTunnel: break
        case .forwardInformational:
            self.writeHead(head, in: buffer, framing: .asGiven, connection: .silent)
            if let context = self.context { self.output.flush(to: context, loop: self.loop) }
            return
        default:
            self.perform(action, reason: "the answer's status \(head.status) was not asked for")
            return
        }
        if let sent = self.exchange.forwardHead.take() { self.loop.giveBack(sent) }
        self.exchange.answeredAt = now
        if head.status >= 500 || self.exchange.isMeasured { self.noteAnswer(status: head.status) }
        self.exchange.framing = framing
        self.exchange.responseBody.expect(head.framing, limit: self.loop.captureLimit)
        let connection: ResponseHeadWriter.Connection =
            head.status == 101 ? .silent : !persists ? .close : request.isHTTP10 ? .keepAlive : .silent
        let bytes = self.writeHead(head, in: buffer, framing: framing, connection: connection)
        self.exchange.answer = ExchangeAnswer(
            status: head.status, head: bytes, response: self.exchange.responseTime)
        if action == .openTunnel {
            if let field = self.loop.responseParser.scanner.first(.upgrade) {
                self.exchange.tunnelled = buffer.withUnsafeReadableBytes {
                    String(decoding: $0[field.value].prefix(64), as: UTF8.self)
                }
            }
            self.openTunnel()
        }
    }

    /// The client's connection may carry another exchange after this one.
    private var mayPersist: Bool {
        self.exchange.head.persists && !self.hasEnded && !self.shared.isDraining.load(ordering: .relaxed)
            && self.exchanges < self.shared.configuration.limits.exchangesPerConnection
    }

    @discardableResult
    private func writeHead(
        _ head: ResponseHead, in buffer: ByteBuffer, framing: AnswerFraming,
        connection: ResponseHeadWriter.Connection
    ) -> [UInt8] {
        guard let context = self.context else { return [] }
        var out = self.loop.takeBuffer(capacity: head.end + 512)
        buffer.withUnsafeReadableBytes {
            ResponseHeadWriter.write(
                $0, head: head, fields: self.loop.responseParser.scanner.fields, cors: self.shared.cors,
                origin: self.exchange.origin, framing: framing, connection: connection, into: &out)
        }
        let bytes = out.withUnsafeReadableBytes { Array($0) }
        self.output.append(owned: out, to: context)
        return bytes
    }

    private func openTunnel() {
        guard let upstream = self.upstream else { return }
        upstream.openTunnel()
        if let rest = self.received.take() {
            self.tunnelBytesFromClient(rest)
            upstream.flush()
        }
        self.resumeReading()
        if let context = self.context { self.output.flush(to: context, loop: self.loop) }
    }

    @inline(__always)
    func answerBody(_ buffer: ByteBuffer) {
        guard let context = self.context else { return }
        self.since = self.loop.now
        self.exchange.responseBody.add(buffer, limit: self.loop.captureLimit)
        if self.exchange.framing == .chunked {
            self.output.append(loop: self.loop) { ChunkedEncoder.writeSize(buffer.readableBytes, into: &$0) }
            self.output.append(buffer, to: context)
            self.output.append(loop: self.loop) { $0.writeStaticString("\r\n") }
        } else {
            self.output.append(buffer, to: context)
        }
    }

    /// The answer's trailers, as they came: they go on when the client gets chunks too, else there is no place for them.
    func answerTrailers(_ lines: [UInt8]) {
        guard self.exchange.framing == .chunked else { return }
        let trailers = TrailerFields.forwarded(lines)
        guard !trailers.isEmpty else { return }
        self.output.append(loop: self.loop) { ChunkedEncoder.writeEnd(trailers: trailers, into: &$0) }
        self.exchange.hasSentLastChunk = true
    }

    func answerEnded() {
        if self.exchange.framing == .chunked, !self.exchange.hasSentLastChunk {
            self.output.append(loop: self.loop) { $0.writeStaticString(ChunkedEncoder.end) }
            self.exchange.hasSentLastChunk = true
        }
        self.perform(self.machine.responseCompleted())
    }

    /// Everything that one read of the backend's connection gave has been handed over.
    @inline(__always)
    func upstreamReadComplete() {
        if self.exchange.answer != nil { self.reportAnswer() }
        if self.output.isFull {
            self.flushNow()
        } else if !self.output.isEmpty || self.machine.hasAnswered {
            self.loop.flushSoon(self)
        }
    }

    /// Reports the answer's head of an exchange that goes on.
    private func reportAnswer() {
        guard let answer = self.exchange.answer.take() else { return }
        self.shared.sink.record(.responded(answer), of: self.exchange.id)
    }

    func flushNow() {
        self.isFlushDue = false
        if let context = self.context { self.output.flush(to: context, loop: self.loop) }
    }

    // MARK: - Actions

    /// Does what the state machine has decided.
    func perform(_ action: ExchangeStateMachine.Action, status: Int? = nil, reason: String? = nil) {
        switch action {
        case .none, .send, .forwardHead, .forwardInformational, .openTunnel:
            break
        case .retry:
            self.retry(reason: reason)
        case .finish(let keepUpstream, let keepDownstream):
            self.finish(keepUpstream: keepUpstream, keepDownstream: keepDownstream)
        case .answer(let cause, let phase):
            self.dropUpstream()
            var answer = LocalAnswer(cause: cause, phase: phase)
            if let status { answer = LocalAnswer(RequestRefusal(status, reason ?? answer.message)) }
            self.answer(
                answer, ending: ExchangeEnding(cause: cause, phase: phase, reason: reason),
                keep: self.machine.isRequestComplete)
        case .cut(let cause, let phase):
            self.dropUpstream()
            self.end(ExchangeEnding(cause: cause, phase: phase, reason: reason))
            self.cut()
        case .drop(let cause, let phase):
            self.dropUpstream()
            self.end(ExchangeEnding(cause: cause, phase: phase, reason: reason))
            self.closeNow()
        }
    }

    /// Leaves the backend's connection; it is in the middle of an exchange and cannot be used again.
    private func dropUpstream() {
        if let entry = self.exchange.entry { self.loop.pool.cancel(entry, for: self) }
        self.connecting?.abandon()
        self.connecting = nil
        self.upstream?.close()
        self.upstream = nil
    }

    private func finish(keepUpstream: Bool, keepDownstream: Bool) {
        guard let context = self.context else { return }
        let now = self.loop.now
        let ending =
            self.exchange.clientHasEnded || self.exchange.backendHasEnded ? self.exchange.tunnelEnding : .completed
        let upstream = self.upstream.take()
        let keep = keepDownstream && !self.hasEnded
        if keep, self.isWritable, self.exchange.responseBody.total <= 65_536 {
            self.loop.flushSoon(self)
            self.end(ending)
            upstream?.release(keep: keepUpstream, now: now)
            self.becomeIdle(now: now)
            return
        }
        // A long answer is complete when the system has taken all of it; until then the client may still leave.
        self.reportAnswer()
        self.phase = .finishing
        self.since = now
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { result in
            guard self.phase == .finishing else { return }
            self.loop.tick()
            switch result {
            case .success:
                self.end(ending)
                if keep {
                    self.becomeIdle(now: self.loop.now)
                } else {
                    self.closeOrLinger()
                }
            case .failure:
                self.end(ExchangeEnding(cause: .clientAborted, phase: .responseBody))
                self.closeNow()
            }
        }
        self.output.flush(to: context, loop: self.loop, promise: promise)
        upstream?.release(keep: keepUpstream, now: now)
    }

    /// Waits for the next request, which may be here already.
    private func becomeIdle(now: Int64) {
        self.phase = .idle
        self.since = now
        self.resumeReading()
        self.processInput()
    }

    // MARK: - Our own answers

    /// Answers and ends the exchange; with `keep` the request has been read to its end, so another one may follow.
    func answer(_ answer: LocalAnswer, ending: ExchangeEnding, keep: Bool) {
        guard let context = self.context else {
            self.end(ending)
            return
        }
        let configuration = self.shared.configuration
        let keeps = keep && self.mayPersist
        let isHTTP10 = self.exchange.head.isHTTP10
        var out = self.loop.takeBuffer(capacity: 1_024)
        let (head, body) = answer.write(
            style: configuration.errors, id: self.exchange.id, toHead: self.exchange.head.method == .head,
            cors: self.shared.cors, origin: self.exchange.origin,
            connection: !keeps ? .close : isHTTP10 ? .keepAlive : .silent, into: &out)
        out.withUnsafeReadableBytes { bytes in
            self.exchange.answer = ExchangeAnswer(
                status: answer.status(in: configuration.errors), head: Array(bytes[..<head]), response: .zero)
        }
        if body > 0, let slice = out.getSlice(at: out.readerIndex + head, length: body) {
            self.exchange.responseBody.add(slice, limit: self.loop.captureLimit)
        }
        self.exchange.answeredAt = self.loop.tick()
        self.output.append(owned: out, to: context)
        self.end(ending)
        if keeps {
            self.loop.flushSoon(self)
            self.phase = .idle
            self.since = self.exchange.answeredAt
            self.resumeReading()
            self.processInput()
        } else {
            self.closeAfterFlush(linger: !keep)
        }
    }

    /// Reports the exchange's end, once.
    func end(_ ending: ExchangeEnding) {
        guard self.exchange.isOpen else { return }
        self.exchange.isOpen = false
        self.shared.inFlight.wrappingSubtract(1, ordering: .relaxed)
        if let entry = self.exchange.entry {
            entry.inFlight.wrappingSubtract(1, ordering: .relaxed)
            switch ending.cause {
            case .backendUnreachable, .backendAborted, .backendTimeout, .backendMalformed:
                entry.failures.wrappingAdd(1, ordering: .relaxed)
                self.noteFailure(ending, of: entry)
            default: break
            }
        }
        self.exchange.forwardHead = nil
        if self.exchange.unreported != nil { self.report(nil) }
        self.shared.sink.record(
            .ended(
                ExchangeSummary(
                    ending: ending, timers: self.exchange.timers(now: self.loop.now),
                    requestBody: self.exchange.requestBody.body, responseBody: self.exchange.responseBody.body,
                    answer: self.exchange.answer.take())),
            of: self.exchange.id)
        self.exchange.requestBody = BodyCapture()
        self.exchange.responseBody = BodyCapture()
    }
}
