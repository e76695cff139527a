import NetworkIO
import Synchronization
import WorkerDomain

/// One exchange from its head to its end: where it goes, its bodies, its time limits, and what is reported of it.
///
/// The state machine decides; responses of the proxy itself take the same way as those of backends. Objects are used
/// again for later exchanges of the loop.
final class ActiveExchange {
    private let loop: LoopContext
    private let shared: SharedContext
    private var client: ClientConnection?
    private var machine: ExchangeStateMachine
    private var report: ExchangeReport
    private var times = ExchangeTimes()
    private var request = ExchangeRequest()
    private var response = ResponseStream()
    private var backend: ChosenBackend
    private var upstream: UpstreamConnection?
    private var connecting: UpstreamAttempt?
    private var delay: LoopTimer?
    /// How the exchange ends that the proxy itself responds to, when the response is out.
    private var localEnding: ExchangeEnding?
    private var tunnel = Tunnel()
    /// When something last moved, in nanoseconds of the loop's clock; time limits count from here.
    private var since: Int64 = 0
    /// When it began to wait for a descriptor; 0 when it never did.
    private var starvedSince: Int64 = 0

    init(loop: LoopContext) {
        self.loop = loop
        self.shared = loop.shared
        self.machine = ExchangeStateMachine(retryLimit: loop.shared.configuration.upstream.retryLimit)
        self.report = ExchangeReport(loop.shared.sink)
        self.backend = ChosenBackend(loop.shared.registry)
    }

    // MARK: - What the client's connection asks

    var isOpen: Bool { self.report.isOpen }
    var entry: BackendEntry? { self.backend.entry }
    var isRequestComplete: Bool { self.machine.isRequestComplete }
    var isTunnelling: Bool { self.machine.isTunnelling }
    var hasResponded: Bool { self.machine.hasResponded }
    var headAt: Int64 { self.times.head }
    /// No connection to the backend takes what the client sends.
    var isWaitingForUpstream: Bool { self.upstream == nil }
    /// The backend does not take what the client sends.
    var isUpstreamCongested: Bool { self.upstream?.connection.isCongested ?? false }

    // MARK: - The beginning

    /// Begins with a whole head.
    ///
    /// `bytes` is what was received, from the head on; `started` is when the head's first byte came.
    func begin(
        _ head: RequestHead, _ bytes: UnsafeRawBufferPointer, client: ClientConnection, started: Int64,
        wallTime: WallTime
    ) {
        self.open(
            UnsafeRawBufferPointer(rebasing: bytes[head.start..<head.end]), client: client, started: started,
            wallTime: wallTime)
        self.times.head = self.loop.loop.now
        self.request.begin(head, bytes, loop: self.loop)
        self.machine.begin(self.request.facts)
        switch RequestSteering(head, bytes, client: client.identity, isSurplus: client.isSurplus, loop: self.loop) {
        case .respond(let response, let ending, let route):
            self.respond(response, ending: ending, route: route, rest: bytes)
        case .forward(let entry, let isMeasured):
            self.forward(bytes, to: entry, isMeasured: isMeasured)
        case .fault(let rule, let entry, let isMeasured):
            self.meet(FaultPlan(rule, backend: entry.backend.name), bytes, of: entry, isMeasured: isMeasured)
        }
    }

    /// Begins with what is no acceptable head; the rest of the connection cannot be understood.
    func refuse(
        _ response: LocalResponse, _ ending: ExchangeEnding, headBytes: [UInt8], client: ClientConnection,
        started: Int64, wallTime: WallTime
    ) {
        headBytes.withUnsafeBytes { self.open($0, client: client, started: started, wallTime: wallTime) }
        self.machine.begin(ExchangeStateMachine.Request(isRepeatable: false, isComplete: false))
        self.respond(response, ending: ending, route: .local, rest: nil)
    }

    /// Reports a head that never became whole.
    func abort(
        _ cause: ExchangeEnding.Cause, headBytes: [UInt8], client: ClientConnection, started: Int64,
        wallTime: WallTime
    ) {
        headBytes.withUnsafeBytes { self.open($0, client: client, started: started, wallTime: wallTime) }
        self.report.route(.local, head: self.request.headBytes)
        self.end(ExchangeEnding(cause: cause, phase: .requestHead))
    }

    private func open(
        _ head: UnsafeRawBufferPointer, client: ClientConnection, started: Int64, wallTime: WallTime
    ) {
        self.client = client
        self.times = ExchangeTimes()
        self.times.started = started
        self.starvedSince = 0
        self.since = self.loop.loop.now
        self.request.open(head)
        self.report.begin(
            self.shared.nextID(), downstream: client.identity.text, at: wallTime, now: self.since)
        self.shared.inFlight.wrappingAdd(1, ordering: .relaxed)
    }

    private func meet(
        _ fault: FaultPlan, _ bytes: UnsafeRawBufferPointer, of entry: BackendEntry, isMeasured: Bool
    ) {
        switch fault {
        case .delay(let nanoseconds):
            self.backend.choose(entry, isMeasured: isMeasured)
            self.report.route(entry.route, head: self.request.headBytes)
            // The time limit of the queue counts from the end of the wait.
            self.since = self.loop.loop.now + nanoseconds
            self.delay = self.loop.loop.schedule(after: nanoseconds) { [weak self] in
                guard let self else { return }
                self.delay = nil
                self.acquire(nil, fresh: false)
            }
        case .respond(let response, let ending, let status):
            self.backend.choose(entry, isMeasured: isMeasured)
            // Counted before, because a response that is out at once ends the exchange.
            if let status { self.backend.responded(status: status, nanoseconds: nil) }
            self.respond(response, ending: ending, route: entry.route, rest: bytes)
        case .slowResponse(let rate):
            self.client?.connection.outputRate = rate
            self.forward(bytes, to: entry, isMeasured: isMeasured)
        }
    }

    // MARK: - The way to the backend

    private func forward(_ bytes: UnsafeRawBufferPointer, to entry: BackendEntry, isMeasured: Bool) {
        self.backend.choose(entry, isMeasured: isMeasured)
        self.acquire(bytes, fresh: false)
        // No connection was there at once: the row shows what the request waits for.
        if self.report.isUntold, self.report.isOpen { self.report.route(entry.route, head: self.request.headBytes) }
    }

    /// Gets a connection; `bytes` is what was received, from the head on, when the parser has just read it.
    private func acquire(_ bytes: UnsafeRawBufferPointer?, fresh: Bool) {
        guard let entry = self.entry else { return }
        let use: UpstreamPool.Use = fresh ? .fresh : self.request.head.isRepeatable ? .any : .recent
        guard let upstream = self.loop.pool.acquire(entry, for: self, loop: self.loop, use) else { return }
        self.send(on: upstream, reused: true, bytes)
    }

    /// The pool has begun to establish a connection.
    func upstreamConnecting(_ attempt: UpstreamAttempt) {
        self.connecting = attempt
        self.times.connecting = self.loop.loop.tick()
        self.since = self.times.connecting
        self.machine.connecting()
    }

    /// A connection stands that this exchange has waited for.
    func upstreamReady(_ upstream: UpstreamConnection, reused: Bool) {
        self.send(on: upstream, reused: reused, nil)
    }

    /// There was no descriptor for a connection: the wait goes on where it began.
    func upstreamStarved() {
        self.connecting = nil
        if self.starvedSince == 0 { self.starvedSince = self.since }
        self.since = self.starvedSince
        self.machine.queuedAgain()
    }

    func upstreamFailed(_ reason: String) {
        self.connecting = nil
        self.perform(self.machine.connectFailed(), reason: "connect to \(self.backend.place): \(reason)")
    }

    private func send(on upstream: UpstreamConnection, reused: Bool, _ bytes: UnsafeRawBufferPointer?) {
        self.connecting = nil
        guard self.machine.connected(reused: reused) == .send else {
            upstream.release(keep: false)
            return
        }
        self.upstream = upstream
        upstream.serve(self, toHead: self.request.head.method == .head)
        // A request that took a connection at once has waited for nothing since it was read.
        let now = self.report.isUntold ? self.loop.loop.now : self.loop.loop.tick()
        self.since = now
        self.times.connected = now
        self.times.sent = now
        if reused { self.times.connecting = 0 }
        self.report.route(
            self.report.isUntold ? self.entry?.route : nil, connection: self.times.connection(reused: reused),
            head: self.request.headBytes)
        if let entry = self.entry, let client = self.client {
            self.request.send(
                bytes, to: upstream.connection, entry: entry, client: client.identity.address,
                ray: self.shared.ray(of: self.report.id), loop: self.loop)
        }
        if !self.machine.isRequestComplete, bytes == nil { self.client?.inputMayGoOn() }
    }

    /// Passes on what has been received of the request's body.
    /// - Returns: The bytes that were taken.
    func takeInput(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let upstream = self.upstream else { return 0 }
        self.since = self.loop.loop.now
        if self.machine.isTunnelling {
            self.request.note(bytes, captureLimit: self.loop.captureLimit)
            upstream.connection.send(bytes)
            return bytes.count
        }
        var position = 0
        let limit = self.shared.configuration.limits.body
        switch self.request.pass(bytes, &position, to: upstream.connection, limit: limit) {
        case .needsMore: break
        case .tooLong:
            self.perform(
                self.machine.requestRefused(), status: 413,
                reason: "the request body is longer than \(Counted.text(limit, "byte"))")
        case .malformed(let reason):
            self.perform(self.machine.requestRefused(), status: 400, reason: reason)
        case .complete:
            self.times.sent = self.since
            self.perform(self.machine.requestCompleted())
        }
        return position
    }

    /// Sends the request again on a fresh connection.
    private func retry(reason: String?) {
        self.report.retried(reason ?? "the connection was closed")
        self.times.connecting = 0
        self.acquire(nil, fresh: true)
    }

    // MARK: - The backend's response

    func responseBegan() { self.machine.responseBegan() }

    /// A head of the backend is complete.
    func responseHead(_ head: ResponseHead, _ bytes: UnsafeRawBufferPointer) {
        guard let client = self.client else { return }
        let now = self.loop.loop.now
        self.since = now
        if head.status == 101, self.request.head.wantsUpgrade,
            !self.request.asked(for: bytes, self.loop.responseParser.scanner.fields)
        {
            self.perform(
                self.machine.backendMalformed(), reason: "the backend switched to a protocol that was not requested")
            return
        }
        let plan = ResponsePlan(
            head, to: self.request.head, isRequestComplete: self.machine.isRequestComplete,
            mayPersist: self.mayPersist)
        let action = self.machine.responseHead(
            status: head.status, upstreamPersists: head.persists, downstreamPersists: plan.persists)
        switch action {
        case .forwardHead, .openTunnel: break
        case .forwardInformational:
            self.writeHead(head, bytes, framing: .asGiven, connection: .silent, to: client) { _ in }
            return
        default:
            self.perform(action, reason: "unexpected response status \(head.status)")
            return
        }
        self.request.forgetHead()
        self.times.responded = now
        self.backend.responded(
            status: head.status, nanoseconds: self.times.sent > 0 ? self.times.responseNanoseconds : nil)
        self.response.begin(plan.framing, body: head.framing, captureLimit: self.loop.captureLimit)
        let response = ExchangeResponse(status: head.status, nanoseconds: self.times.responseNanoseconds)
        self.writeHead(head, bytes, framing: plan.framing, connection: plan.connection, to: client) {
            self.report.respond(response, head: $0)
        }
        if action == .openTunnel { self.openTunnel(bytes, client) }
    }

    /// The client's connection may carry another exchange after this one.
    private var mayPersist: Bool { self.request.head.persists && self.client?.mayPersist == true }

    @inline(__always)
    private func writeHead(
        _ head: ResponseHead, _ bytes: UnsafeRawBufferPointer, framing: ResponseFraming,
        connection: ResponseHeadWriter.Persistence, to client: ClientConnection,
        sent: (UnsafeRawBufferPointer) -> Void
    ) {
        ResponseHeadWriter.send(
            bytes, head: head, fields: self.loop.responseParser.scanner.fields, cors: self.loop.cors,
            origin: self.request.origin, framing: framing, connection: connection,
            rewriting: self.shared.configuration.redirects == .rewrite ? self.entry?.backend.url : nil,
            to: client.connection, sent: sent)
    }

    @inline(__always)
    func responseBody(_ payload: UnsafeRawBufferPointer) {
        guard let client = self.client else { return }
        self.since = self.loop.loop.now
        self.response.send(payload, to: client.connection)
    }

    /// Lets the kernel move the next `count` bytes of the body to the client, when nobody needs to see them.
    func relayResponse(_ count: Int, from upstream: Connection) -> Bool {
        guard let client = self.client, self.response.isRelayable, self.loop.mayRelay else { return false }
        return upstream.relay(count, to: client.connection)
    }

    func responseRelayed(_ count: Int) {
        self.since = self.loop.loop.now
        self.response.skip(count)
    }

    func responseTrailers(_ lines: [UInt8]) {
        guard let client = self.client else { return }
        self.response.sendTrailers(lines, to: client.connection)
    }

    func responseEnded() {
        guard let client = self.client else { return }
        self.response.end(to: client.connection)
        self.perform(self.machine.responseCompleted())
    }

    /// Everything that one read of the backend's connection gave has been handed over.
    @inline(__always)
    func upstreamReadComplete() {
        self.report.tellResponse()
        if let client = self.client, client.connection.isCongested { self.upstream?.connection.pauseReading() }
    }

    /// The client's connection takes more of the response.
    func clientDrained() {
        self.since = self.loop.loop.now
        self.upstream?.connection.resumeReading()
    }

    /// The backend's connection takes more of the request.
    func upstreamDrained() {
        self.since = self.loop.loop.now
        self.client?.inputMayGoOn()
    }

    /// The backend's connection is gone, and with it what it had not yet said.
    func upstreamClosed(_ upstream: UpstreamConnection, reason: String?, wasDelivered: Bool) {
        guard self.upstream === upstream else { return }
        self.upstream = nil
        if self.machine.isTunnelling {
            if let reason { return self.perform(self.machine.backendClosed(), reason: reason) }
            self.tunnel.backendHasEnded = true
            return self.perform(self.machine.tunnelClosed())
        }
        let action = self.machine.backendClosed(
            wasDelivered: wasDelivered, canResend: self.request.canResend)
        self.perform(action, reason: reason ?? "the backend closed the connection")
    }

    func upstreamMalformed(_ reason: String) {
        self.perform(self.machine.backendMalformed(), reason: reason)
    }

    // MARK: - Tunnel

    private func openTunnel(_ bytes: UnsafeRawBufferPointer, _ client: ClientConnection) {
        if let field = self.loop.responseParser.scanner.fields.first(.upgrade) {
            self.tunnel.name = String(decoding: bytes[field.value].prefix(64), as: UTF8.self)
        }
        self.upstream?.openTunnel()
        client.inputMayGoOn()
    }

    func tunnelReceived(_ bytes: UnsafeRawBufferPointer) {
        guard let client = self.client else { return }
        self.since = self.loop.loop.now
        self.response.note(bytes, captureLimit: self.loop.captureLimit)
        client.connection.send(bytes)
    }

    /// The backend sends nothing more; what the client sends still goes on.
    func tunnelBackendEnded() {
        self.tunnel.backendHasEnded = true
        self.since = self.loop.loop.now
        if self.tunnel.clientHasEnded {
            self.perform(self.machine.tunnelClosed())
        } else {
            self.client?.connection.closeOutput()
        }
    }

    // MARK: - The client

    /// The client has closed its sending side.
    func clientEnded(isHalfClose: Bool) {
        if self.machine.isTunnelling {
            self.tunnel.clientHasEnded = true
            self.since = self.loop.loop.now
            if self.tunnel.backendHasEnded {
                self.perform(self.machine.tunnelClosed())
            } else {
                self.upstream?.connection.closeOutput()
            }
        } else if !isHalfClose {
            self.perform(self.machine.clientClosed())
        }
    }

    /// The client's connection is gone.
    func clientGone(reason: String? = nil) {
        if self.machine.isTunnelling, self.tunnel.backendHasEnded || self.tunnel.clientHasEnded {
            _ = self.machine.tunnelClosed()
            self.dropUpstream()
            self.end(self.tunnel.ending)
        } else {
            self.perform(self.machine.clientClosed(), reason: reason)
        }
    }

    // MARK: - Time and people

    /// Lets the rest of a response out at full speed once the fault that slowed it has ended.
    func endSlowness() {
        if self.client?.connection.outputRate != nil, let entry = self.entry, !self.shared.registry.isSlow(entry) {
            self.client?.connection.outputRate = nil
        }
    }

    /// Ends what has lasted too long.
    func check(now: Int64) {
        self.endSlowness()
        let sent = self.client?.connection.lastSent ?? 0
        let deadline = ExchangeDeadline(
            phase: self.machine.phase, elapsed: .nanoseconds(now - max(self.since, sent)), place: self.backend.place,
            isUpstreamCongested: self.upstream?.connection.isCongested ?? false,
            isDownstreamCongested: self.client?.connection.isCongested ?? false,
            clientHasEnded: self.tunnel.clientHasEnded, backendHasEnded: self.tunnel.backendHasEnded,
            tunnel: self.tunnel.name ?? "tunnel")
        switch deadline.judge(self.loop.timeouts) {
        case .none: break
        case .backend(let reason): self.perform(self.machine.backendTimedOut(), reason: reason)
        case .client(let reason): self.perform(self.machine.clientTimedOut(), reason: reason)
        }
    }

    func shutDown(status: Int? = nil, reason: String? = nil) {
        self.perform(self.machine.shutDown(), status: status, reason: reason)
    }

    // MARK: - Actions

    /// Does what the state machine has decided.
    private func perform(_ action: ExchangeStateMachine.Action, status: Int? = nil, reason: String? = nil) {
        switch action {
        case .none, .send, .forwardHead, .forwardInformational, .openTunnel:
            break
        case .retry:
            self.retry(reason: reason)
        case .finish(let keepUpstream, let keepDownstream):
            self.finish(keepUpstream: keepUpstream, keepDownstream: keepDownstream)
        case .respond(let cause, let phase):
            self.dropUpstream()
            var response = LocalResponse(cause: cause, phase: phase)
            if let status { response = LocalResponse(RequestRefusal(status, reason ?? response.message)) }
            self.write(response, ending: ExchangeEnding(cause: cause, phase: phase, reason: reason))
        case .cut(let cause, let phase):
            self.dropUpstream()
            self.end(ExchangeEnding(cause: cause, phase: phase, reason: reason))
            // With a length or chunks the missing end says that the response is not whole; without them only a reset does.
            let end: ClientConnection.ExchangeEnd = self.response.framing == .untilClose ? .reset : .cut
            self.leave { $0.exchangeEnded(end) }
        case .drop(let cause, let phase):
            self.dropUpstream()
            self.end(ExchangeEnding(cause: cause, phase: phase, reason: reason))
            self.leave { $0.exchangeEnded(.drop) }
        }
    }

    /// Leaves the backend's connection; it is in the middle of an exchange and cannot be used again.
    private func dropUpstream() {
        if let delay = self.delay.take() { self.loop.loop.cancel(delay) }
        if let entry = self.entry { self.loop.pool.cancel(entry, for: self) }
        self.connecting.take()?.abandon()
        self.upstream.take()?.release(keep: false)
    }

    /// The response is complete.
    private func finish(keepUpstream: Bool, keepDownstream: Bool) {
        guard let client = self.client else { return }
        let upstream = self.upstream.take()
        let connection = client.connection
        let isShort =
            self.response.total <= 65_536 && !connection.isCongested && !connection.isStalled
            && connection.outputRate == nil
        let waits = !isShort || (!keepDownstream && self.localEnding == nil)
        if !waits { self.end(self.finalEnding) }
        upstream?.release(keep: keepUpstream)
        if waits {
            // A long response is complete when the system has taken all of it; until then the client may still leave.
            self.report.tellResponse()
            client.exchangeFinishes(keep: keepDownstream)
        } else {
            let isComplete = self.machine.isRequestComplete
            self.leave { $0.exchangeEnded(keepDownstream ? .keep : .close(linger: !isComplete)) }
        }
    }

    /// How it ends when nothing more goes wrong.
    private var finalEnding: ExchangeEnding {
        self.localEnding ?? (self.tunnel.hasEnded ? self.tunnel.ending : .completed)
    }

    /// The system has taken the whole response.
    func delivered(keep: Bool) {
        self.end(self.finalEnding)
        let isComplete = self.machine.isRequestComplete
        self.leave { $0.exchangeEnded(keep ? .keep : .close(linger: !isComplete)) }
    }

    /// The response was complete, and the system has not taken all of it.
    func notDelivered(_ cause: ExchangeEnding.Cause, reason: String? = nil) {
        self.end(ExchangeEnding(cause: cause, phase: .responseBody, reason: reason))
        self.leave { $0.exchangeEnded(.reset) }
    }

    // MARK: - Responses of the proxy itself

    /// Responds without a backend.
    ///
    /// `rest` is what was received, from the head on: a body that is here already is taken off, else the connection ends.
    private func respond(
        _ response: LocalResponse, ending: ExchangeEnding, route: ExchangeRoute, rest: UnsafeRawBufferPointer?
    ) {
        self.report.route(route, head: self.request.headBytes)
        if let rest, self.request.head.framing.hasBody {
            let start = self.request.head.end
            var position = start
            let outcome = self.request.pass(rest, &position, to: nil, limit: .max)
            if outcome == .complete { _ = self.machine.requestCompleted() }
            self.client?.took(position - start)
        }
        self.machine.respondLocally()
        self.write(response, ending: ending)
    }

    private func write(_ response: LocalResponse, ending: ExchangeEnding) {
        guard let client = self.client else { return }
        let style = self.shared.configuration.errors
        let keeps = self.machine.isRequestComplete && self.mayPersist && !client.isSurplus
        let (head, body) = response.bytes(
            style: style, id: self.report.id, toHead: self.request.head.method == .head, cors: self.loop.cors,
            origin: self.request.origin,
            connection: !keeps ? .close : self.request.head.isHTTP10 ? .keepAlive : .silent)
        let known = ExchangeResponse(status: response.status(in: style), nanoseconds: 0)
        head.withUnsafeBytes { self.report.respond(known, head: $0) }
        self.times.responded = self.loop.loop.tick()
        client.connection.send(head)
        client.connection.send(body)
        body.withUnsafeBytes { self.response.note($0, captureLimit: self.loop.captureLimit) }
        self.localEnding = ending
        self.perform(self.machine.responded(downstreamPersists: keeps))
    }

    // MARK: - The end

    /// Reports the exchange's end, once.
    private func end(_ ending: ExchangeEnding) {
        guard self.report.isOpen else { return }
        self.shared.inFlight.wrappingSubtract(1, ordering: .relaxed)
        self.backend.ended(ending.cause, hasResponded: self.times.responded > 0)
        self.report.end(
            ending, timers: self.times.timers(now: self.loop.loop.now), request: self.request.captured,
            response: self.response.capture.body, head: self.request.headBytes, now: self.loop.loop.now)
    }

    /// Gives itself back to the loop, then tells the client's connection what follows.
    private func leave(_ tell: (ClientConnection) -> Void) {
        guard let client = self.client.take() else { return }
        client.connection.outputRate = nil
        self.request.reset()
        self.response.reset()
        self.backend.reset()
        self.localEnding = nil
        self.tunnel = Tunnel()
        tell(client)
        self.loop.giveBack(self)
    }
}
