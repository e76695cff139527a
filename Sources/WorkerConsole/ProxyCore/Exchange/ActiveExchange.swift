import NetworkIO
import Synchronization
import WorkerDomain

/// One exchange from its head to its end: where it goes, its bodies, its time limits, and what is reported of it.
///
/// The state machine decides; responses of the proxy itself take the same way as those of backends. Objects are used
/// again for later exchanges of the loop.
final class ActiveExchange {
    /// Bytes of memory that are kept for the next head.
    private static let keptRoom = 1_024

    private let loop: LoopContext
    private let shared: SharedContext
    private var client: ClientConnection?
    private var machine: ExchangeStateMachine
    private var report: ExchangeReport
    private var times = ExchangeTimes()
    private var request = RequestStream()
    private var response = ResponseStream()
    private var head = RequestHead()
    /// The request's head as received; kept while it might have to be sent again.
    private var headBytes: [UInt8] = []
    /// The request's Origin, when the response depends on it.
    private var origin: [UInt8]?
    private(set) var entry: BackendEntry?
    /// A canary runs: the response is counted for one side.
    private var isMeasured = false
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
    /// The protocols that the client asks to change to.
    private var askedProtocols: [[UInt8]] = []

    init(loop: LoopContext) {
        self.loop = loop
        self.shared = loop.shared
        self.machine = ExchangeStateMachine(retryLimit: loop.shared.configuration.upstream.retryLimit)
        self.report = ExchangeReport(loop.shared.sink)
    }

    // MARK: - What the client's connection asks

    var isOpen: Bool { self.report.isOpen }
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
        self.head = head
        self.times.head = self.loop.loop.now
        if self.shared.cors.variesByOrigin, let origin = self.loop.requestParser.scanner.first(.origin) {
            self.origin = Array(bytes[origin.value])
        }
        if head.wantsUpgrade {
            self.askedProtocols = UpgradeProtocols.asked(bytes, self.loop.requestParser.scanner.fields)
        }
        self.request.begin(
            head.framing, trailerLimit: self.loop.requestParser.headLimit, captureLimit: self.loop.captureLimit)
        self.machine.begin(
            ExchangeStateMachine.Request(
                isRepeatable: head.isRepeatable, isComplete: !head.framing.hasBody, wantsUpgrade: head.wantsUpgrade,
                expectsContinue: head.expectsContinue, takesInformational: !head.isHTTP10))
        let isRouted =
            head.isAsterisk
            || self.shared.routes.matches(UnsafeRawBufferPointer(rebasing: bytes[head.targetStart..<head.targetEnd]))
        if head.method == .options, isRouted {
            self.respond(.preflight, ending: .completed, route: .preflight, rest: bytes)
        } else if let refusal = RequestAdmission.refusal(
            of: head, bytes, fields: self.loop.requestParser.scanner, isRouted: isRouted, isSurplus: client.isSurplus,
            self.shared.configuration)
        {
            let ending = ExchangeEnding(cause: .requestRefused, phase: .requestHead, reason: refusal.message)
            self.respond(refusal, ending: ending, route: .local, rest: bytes)
        } else if let entry = self.shared.registry.direct {
            self.forward(bytes, to: entry)
        } else {
            self.steer(bytes)
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
        self.report.route(.local, head: self.headBytes)
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
        self.head = RequestHead()
        self.headBytes.append(contentsOf: head)
        self.report.begin(
            self.shared.nextID(), downstream: client.identity.text, at: wallTime, now: self.since)
        self.shared.inFlight.wrappingAdd(1, ordering: .relaxed)
    }

    private func steer(_ bytes: UnsafeRawBufferPointer) {
        guard let client = self.client else { return }
        let steering = RequestSteering(
            bytes, fields: self.loop.requestParser.scanner, client: client.identity, registry: self.shared.registry)
        switch steering {
        case .respond(let response, let ending):
            self.respond(response, ending: ending, route: .local, rest: bytes)
        case .forward(let entry, let isMeasured):
            self.isMeasured = isMeasured
            self.forward(bytes, to: entry)
        case .fault(let rule, let entry, let isMeasured):
            self.isMeasured = isMeasured
            self.meet(FaultPlan(rule, backend: entry.backend.name), bytes, of: entry)
        }
    }

    private func meet(_ fault: FaultPlan, _ bytes: UnsafeRawBufferPointer, of entry: BackendEntry) {
        switch fault {
        case .delay(let nanoseconds):
            self.choose(entry)
            self.report.route(entry.route, head: self.headBytes)
            // The time limit of the queue counts from the end of the wait.
            self.since = self.loop.loop.now + nanoseconds
            self.delay = self.loop.loop.schedule(after: nanoseconds) { [weak self] in
                guard let self else { return }
                self.delay = nil
                self.acquire(nil, fresh: false)
            }
        case .respond(let response, let ending, let status):
            self.choose(entry)
            self.respond(response, ending: ending, route: entry.route, rest: bytes)
            if let status {
                self.shared.registry.responded(entry, status: status, isMeasured: self.isMeasured, response: nil)
            }
        case .slowResponse(let rate):
            self.client?.connection.outputRate = rate
            self.forward(bytes, to: entry)
        }
    }

    private func choose(_ entry: BackendEntry) {
        self.entry = entry
        entry.inFlight.wrappingAdd(1, ordering: .relaxed)
        entry.requests.wrappingAdd(1, ordering: .relaxed)
    }

    // MARK: - The way to the backend

    private func forward(_ bytes: UnsafeRawBufferPointer, to entry: BackendEntry) {
        self.choose(entry)
        self.acquire(bytes, fresh: false)
        // No connection was there at once: the row shows what the request waits for.
        if self.report.isUntold, self.report.isOpen { self.report.route(entry.route, head: self.headBytes) }
    }

    /// Gets a connection; `bytes` is what was received, from the head on, when the parser has just read it.
    private func acquire(_ bytes: UnsafeRawBufferPointer?, fresh: Bool) {
        guard let entry = self.entry else { return }
        let use: UpstreamPool.Use = fresh ? .fresh : self.head.isRepeatable ? .any : .recent
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
        let place = self.entry?.backend.url.place ?? ""
        self.perform(self.machine.connectFailed(), reason: "connect to \(place): \(reason)")
    }

    private func send(on upstream: UpstreamConnection, reused: Bool, _ bytes: UnsafeRawBufferPointer?) {
        self.connecting = nil
        guard self.machine.connected(reused: reused) == .send else {
            upstream.release(keep: false)
            return
        }
        self.upstream = upstream
        upstream.serve(self, toHead: self.head.method == .head)
        // A request that took a connection at once has waited for nothing since it was read.
        let now = self.report.isUntold ? self.loop.loop.now : self.loop.loop.tick()
        self.since = now
        self.times.connected = now
        self.times.sent = now
        if reused { self.times.connecting = 0 }
        self.report.route(
            self.report.isUntold ? self.entry?.route : nil, connection: self.times.connection(reused: reused),
            head: self.headBytes)
        self.sendHead(to: upstream, bytes)
        if self.request.total > 0 || (self.request.isComplete && self.head.framing.hasBody) {
            self.request.resend(to: upstream.connection)
        }
        if !self.machine.isRequestComplete, bytes == nil { self.client?.inputMayGoOn() }
    }

    private func sendHead(to upstream: UpstreamConnection, _ bytes: UnsafeRawBufferPointer?) {
        guard let bytes else {
            // Other heads have been read since: the places of this one's fields are read anew.
            self.headBytes.withUnsafeBytes { bytes in
                guard case .complete(let head) = self.loop.requestParser.parse(bytes, searched: 0) else { return }
                self.writeHead(head, bytes, to: upstream)
            }
            return
        }
        self.writeHead(self.head, bytes, to: upstream)
    }

    @inline(__always)
    private func writeHead(_ head: RequestHead, _ bytes: UnsafeRawBufferPointer, to upstream: UpstreamConnection) {
        guard let entry = self.entry, let client = self.client else { return }
        self.loop.requestWriter.send(
            bytes, head: head, fields: self.loop.requestParser.scanner.fields, entry: entry, client: client.identity,
            ray: self.shared.ray(of: self.report.id), to: upstream.connection)
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
                self.machine.requestRefused(), status: 413, reason: "the request body is longer than \(limit) bytes")
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
        if head.status == 101, self.head.wantsUpgrade,
            !UpgradeProtocols.grants(bytes, self.loop.responseParser.scanner.fields, asked: self.askedProtocols)
        {
            self.perform(
                self.machine.backendMalformed(), reason: "the backend changed to a protocol that was not asked for")
            return
        }
        var framing = ResponseFraming.asGiven
        if head.framing == .chunked || head.framing == .untilClose {
            framing = self.head.isHTTP10 ? .untilClose : .chunked
        }
        // Before the whole request has come, the connection stays only where the rest will come and can go on to the
        // backend; a client that asked whether to send it may keep it now (RFC 9110 section 10.1.1).
        let takesRest = self.machine.isRequestComplete || (head.persists && !self.head.expectsContinue)
        let persists = self.mayPersist && framing != .untilClose && takesRest
        let action = self.machine.responseHead(
            status: head.status, upstreamPersists: head.persists, downstreamPersists: persists)
        switch action {
        case .forwardHead, .openTunnel: break
        case .forwardInformational:
            self.writeHead(head, bytes, framing: .asGiven, connection: .silent, to: client) { _ in }
            return
        default:
            self.perform(action, reason: "the answer's status \(head.status) was not asked for")
            return
        }
        self.forgetHead()
        self.times.responded = now
        if let entry = self.entry, head.status >= 500 || self.isMeasured {
            self.shared.registry.responded(
                entry, status: head.status, isMeasured: self.isMeasured,
                response: self.times.sent > 0 ? .nanoseconds(self.times.responseNanoseconds) : nil)
        }
        self.response.begin(framing, body: head.framing, captureLimit: self.loop.captureLimit)
        let connection: ResponseHeadWriter.Persistence =
            head.status == 101 ? .silent : !persists ? .close : self.head.isHTTP10 ? .keepAlive : .silent
        let response = ExchangeResponse(status: head.status, nanoseconds: self.times.responseNanoseconds)
        self.writeHead(head, bytes, framing: framing, connection: connection, to: client) {
            self.report.respond(response, head: $0)
        }
        if action == .openTunnel { self.openTunnel(bytes, client) }
    }

    /// The client's connection may carry another exchange after this one.
    private var mayPersist: Bool { self.head.persists && self.client?.mayPersist == true }

    @inline(__always)
    private func writeHead(
        _ head: ResponseHead, _ bytes: UnsafeRawBufferPointer, framing: ResponseFraming,
        connection: ResponseHeadWriter.Persistence, to client: ClientConnection,
        sent: (UnsafeRawBufferPointer) -> Void
    ) {
        ResponseHeadWriter.send(
            bytes, head: head, fields: self.loop.responseParser.scanner.fields, cors: self.shared.cors,
            origin: self.origin, framing: framing, connection: connection,
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
            wasDelivered: wasDelivered, canResend: self.request.capture.isWhole)
        self.perform(action, reason: reason ?? "the backend closed the connection")
    }

    func upstreamMalformed(_ reason: String) {
        self.perform(self.machine.backendMalformed(), reason: reason)
    }

    // MARK: - Tunnel

    private func openTunnel(_ bytes: UnsafeRawBufferPointer, _ client: ClientConnection) {
        if let field = self.loop.responseParser.scanner.first(.upgrade) {
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
            phase: self.machine.phase, elapsed: .nanoseconds(now - max(self.since, sent)),
            place: self.entry?.backend.url.place ?? "",
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
        self.report.route(route, head: self.headBytes)
        if let rest, self.head.framing.hasBody {
            var position = self.head.end
            let outcome = self.request.pass(rest, &position, to: nil, limit: .max)
            if outcome == .complete { _ = self.machine.requestCompleted() }
            self.client?.took(position - self.head.end)
        }
        self.machine.respondLocally()
        self.write(response, ending: ending)
    }

    private func write(_ response: LocalResponse, ending: ExchangeEnding) {
        guard let client = self.client else { return }
        let style = self.shared.configuration.errors
        let keeps = self.machine.isRequestComplete && self.mayPersist && !client.isSurplus
        let (head, body) = response.bytes(
            style: style, id: self.report.id, toHead: self.head.method == .head, cors: self.shared.cors,
            origin: self.origin, connection: !keeps ? .close : self.head.isHTTP10 ? .keepAlive : .silent)
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
        if let entry = self.entry {
            entry.inFlight.wrappingSubtract(1, ordering: .relaxed)
            switch ending.cause {
            case .backendUnreachable, .backendAborted, .backendTimeout, .backendMalformed:
                self.shared.registry.failed(
                    entry, cause: ending.cause, isMeasured: self.isMeasured, hasResponded: self.times.responded > 0)
            default: break
            }
        }
        self.report.end(
            ending, timers: self.times.timers(now: self.loop.loop.now), request: self.request.capture.body,
            response: self.response.capture.body, head: self.headBytes, now: self.loop.loop.now)
    }

    /// The request will not be sent again.
    private func forgetHead() { self.headBytes.empty(keeping: Self.keptRoom) }

    /// Gives itself back to the loop, then tells the client's connection what follows.
    private func leave(_ tell: (ClientConnection) -> Void) {
        guard let client = self.client.take() else { return }
        client.connection.outputRate = nil
        self.request.reset()
        self.response.reset()
        self.forgetHead()
        self.origin = nil
        self.askedProtocols = []
        self.entry = nil
        self.isMeasured = false
        self.localEnding = nil
        self.tunnel = Tunnel()
        tell(client)
        self.loop.giveBack(self)
    }
}
