import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import WorkerDomain

@testable import ProxyCore

/// A client's connection and those to its backend, with both handlers and no network, in any order of events.
///
/// Each event is a byte whose three low bits say what happens: 0 the client sends, 1 the backend sends (the next byte
/// is how many of the bytes after it), 2 the client closes its sending side, 3 it is gone, 4 the backend is gone or
/// refuses a connection, 5 it closes its sending side, 6 so many seconds pass as the high bits say, 7 the client stops
/// or goes on taking its answer.
final class FuzzFlow {
    private let events: [UInt8]
    private let loop = EmbeddedEventLoop()
    private let sink = FuzzSink()
    private let shared: SharedContext
    private let context: LoopContext
    private let client: EmbeddedChannel
    /// Not yet established, oldest first.
    private var pending: [(channel: EmbeddedChannel, promise: EventLoopPromise<any Channel>)] = []
    private var backends: [EmbeddedChannel] = []
    private var hasClientLeft = false
    private var sentToClient = ByteBuffer()
    private var sentToBackends: [ByteBuffer] = []

    init(_ events: [UInt8]) {
        self.events = events
        var configuration = ProxyConfiguration()
        configuration.limits.requestLine = FuzzLimits.small.line
        configuration.limits.head = FuzzLimits.small.head
        let registry = BackendRegistry(backends: [
            Backend(name: "b", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_000))
        ])
        self.shared = SharedContext(
            configuration: configuration, registry: registry, sink: self.sink, logger: Logger(label: "fuzz"),
            addresses: AddressCache(lifetime: .zero) { _, _ in [] })
        self.context = LoopContext(shared: self.shared, loop: self.loop)
        self.client = EmbeddedChannel(loop: self.loop)
    }

    /// Plays the events and says which rule they broke, or `nil`.
    func violation() -> String? {
        self.context.pool.connector = { [unowned self] upstream in self.connect(upstream) }
        do {
            try self.client.pipeline.syncOperations.addHandler(DownstreamHandler(loop: self.context))
            try self.client.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch {
            return "the client's channel: \(error)"
        }
        var place = 0
        var count = 0
        while place < self.events.count, count < 64 {
            let event = self.events[place]
            place += 1
            count += 1
            var bytes = ArraySlice<UInt8>()
            if event & 7 < 2 {
                let length = place < self.events.count ? Int(self.events[place]) : 0
                bytes = self.events[min(place + 1, self.events.count)...].prefix(length)
                place += 1 + bytes.count
            }
            self.play(event, bytes)
            self.settle()
        }
        let text = self.check(isOver: false)
        self.end()
        return text ?? self.check(isOver: true)
    }

    // MARK: - Events

    private func connect(_ upstream: UpstreamHandler) -> EventLoopFuture<any Channel>.Isolated {
        let channel = EmbeddedChannel(loop: self.loop)
        let promise = self.loop.makePromise(of: (any Channel).self)
        try? channel.pipeline.syncOperations.addHandler(upstream)
        self.pending.append((channel, promise))
        return promise.futureResult.assumeIsolated()
    }

    private func play(_ event: UInt8, _ bytes: ArraySlice<UInt8>) {
        switch event & 7 {
        case 0:
            guard !self.hasClientLeft, self.client.isActive else { return }
            _ = try? self.client.writeInbound(ByteBuffer(bytes: bytes))
        case 1:
            self.accept()
            guard let backend = self.backends.last(where: \.isActive) else { return }
            _ = try? backend.writeInbound(ByteBuffer(bytes: bytes))
        case 2:
            guard !self.hasClientLeft, self.client.isActive else { return }
            self.client.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case 3:
            self.hasClientLeft = true
            self.client.close(promise: nil)
        case 4:
            if self.pending.isEmpty {
                self.backends.last(where: \.isActive)?.close(promise: nil)
            } else {
                self.pending.removeFirst().promise.fail(ChannelError.connectTimeout(.seconds(1)))
            }
        case 5:
            self.accept()
            self.backends.last(where: \.isActive)?.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case 6:
            let now = SystemTime.now() + Int64(event >> 3) * 4_000_000_000
            for handler in self.context.connections { handler.check(now: now) }
        default:
            self.client.isWritable.toggle()
            self.client.pipeline.fireChannelWritabilityChanged()
        }
    }

    /// Lets what waits to be connected be so.
    private func accept() {
        while !self.pending.isEmpty {
            let (channel, promise) = self.pending.removeFirst()
            self.backends.append(channel)
            self.sentToBackends.append(ByteBuffer())
            try? channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 9_000)).wait()
            promise.succeed(channel)
            self.loop.run()
        }
    }

    private func settle() {
        self.loop.run()
        while let bytes = try? self.client.readOutbound(as: ByteBuffer.self) {
            self.sentToClient.writeImmutableBuffer(bytes)
        }
        for index in self.backends.indices {
            while let bytes = try? self.backends[index].readOutbound(as: ByteBuffer.self) {
                self.sentToBackends[index].writeImmutableBuffer(bytes)
            }
        }
    }

    private func end() {
        self.hasClientLeft = self.hasClientLeft || self.client.isActive
        self.client.close(promise: nil)
        self.settle()
        for waiting in self.pending { waiting.promise.fail(ChannelError.eof) }
        self.pending = []
        self.context.pool.closeIdle()
        self.settle()
        for backend in self.backends { backend.close(promise: nil) }
        self.settle()
        // The timer that looks at connections stops when there are none, and lets go of everything.
        self.loop.advanceTime(by: .seconds(2))
    }

    // MARK: - Rules

    private func check(isOver: Bool) -> String? {
        let rows = self.sink.rows
        if let text = self.sink.violation { return text }
        if isOver {
            guard rows.allSatisfy({ $0.ending != nil }) else { return "an exchange has no end" }
            guard self.shared.inFlight.load(ordering: .relaxed) == 0 else { return "something is still in flight" }
            guard self.shared.connections.load(ordering: .relaxed) == 0 else { return "a client is still counted" }
            guard self.context.pool.isEmpty else { return "the pool still counts a connection" }
            guard self.shared.registry.snapshot().backends.allSatisfy({ $0.inFlight == 0 }) else {
                return "a backend still has something in flight"
            }
        }
        return self.checkAnswers(rows) ?? self.checkRequests(rows)
    }

    /// What the client got: one answer a row, in order, and none that looks whole but is not.
    private func checkAnswers(_ rows: [FuzzSink.Row]) -> String? {
        let parser = ResponseHeadParser(headLimit: 1 << 20)
        var rest = self.sentToClient
        for row in rows {
            // A head that cannot be read is nobody's HEAD; only what is refused later is.
            let toHead = row.isHead && (row.phase != .requestHead || row.status == 413)
            var final: ResponseHead?
            while final == nil, rest.readableBytes > 0 {
                var parser = parser
                let outcome = rest.withUnsafeReadableBytes { parser.parse($0, searched: 0, toHead: toHead) }
                guard case .complete(let found) = outcome else {
                    return self.hasClientLeft ? nil : "the client gets no head: \(outcome)"
                }
                // An exchange may end between a 1xx and its answer.
                if !found.isInformational || found.status == 101 {
                    if row.status == nil { break }
                    final = found
                }
                rest.moveReaderIndex(forwardBy: found.end)
            }
            guard let status = row.status, let head = final else { continue }
            guard head.status == status else { return "the client gets \(head.status), the row says \(status)" }
            if status == 101 { return nil }
            let (isWhole, end) = self.skip(head.framing, in: &rest)
            if let end { return end }
            if head.framing == .untilClose { return nil }
            let isCut = row.phase == .responseBody && row.ending?.cause != .completed
            if isCut, isWhole, row.ending?.cause != .clientAborted { return "an answer that was cut looks whole" }
            if !isCut, row.ending != nil, !isWhole, !self.hasClientLeft { return "a whole answer came in part" }
            if !isWhole {
                return rest.readableBytes > 0 ? "something follows an answer that was cut" : nil
            }
        }
        let isSurplus = rest.readableBytes > 0 && rows.allSatisfy { $0.ending != nil }
        return isSurplus ? "the client gets more than its answers" : nil
    }

    /// What backends got: requests that a strict reader takes, none whole that was not.
    private func checkRequests(_ rows: [FuzzSink.Row]) -> String? {
        var whole = 0
        for output in self.sentToBackends {
            var rest = output
            var parser = RequestHeadParser(requestLineLimit: 1 << 20, headLimit: 1 << 20)
            while rest.readableBytes > 0 {
                let outcome = rest.withUnsafeReadableBytes { parser.parse($0, searched: 0) }
                guard case .complete(let head) = outcome else { return "a backend gets no request: \(outcome)" }
                rest.moveReaderIndex(forwardBy: head.end)
                let (isWhole, end) = self.skip(head.framing, in: &rest)
                if let end { return end }
                if isWhole { whole += 1 }
                // What follows may be a tunnel's.
                if head.wantsUpgrade { break }
                if !isWhole, rest.readableBytes > 0 { return "something follows a request that was cut" }
            }
        }
        let allowed = rows.reduce(0) { sum, row in
            let isCut = row.phase == .requestBody && row.ending?.cause != .completed
            return sum + (row.isForwarded && !isCut ? 1 + row.retries : 0)
        }
        return whole <= allowed ? nil : "backends get \(whole) whole requests of \(allowed)"
    }

    /// Takes a body off; whether it was whole, and what is wrong with it.
    private func skip(_ framing: BodyFraming, in rest: inout ByteBuffer) -> (isWhole: Bool, violation: String?) {
        var decoder = BodyDecoder(framing, trailerLimit: 1 << 20)
        while !decoder.hasEnded {
            switch decoder.next(&rest) {
            case .needsMore: return (false, nil)
            case .malformed(let reason): return (false, "a body is forwarded malformed: \(reason)")
            case .data, .end, .trailers: break
            }
        }
        return (true, nil)
    }
}
