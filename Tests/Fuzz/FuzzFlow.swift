import NetworkIO
import Synchronization
import TestNetwork
import WorkerDomain

@testable import ProxyCore

/// A client's connection and those to its backend over wires in memory, in any order of events.
///
/// Each event is a byte whose three low bits say what happens: 0 the client sends, 1 the backend sends (the next byte
/// is how many of the bytes after it), 2 the client closes its sending side, 3 it is gone, 4 the backend is gone or
/// refuses a connection, 5 it closes its sending side, 6 so many seconds pass as the high bits say, 7 the client stops
/// or goes on taking its answer. The high bits of the last kind say how many bytes one write to the client takes.
final class FuzzFlow {
    private let events: [UInt8]
    private let clock = ManualClock()
    private let engine = MemoryEngine()
    private let loop: EventLoop
    private let sink = FuzzSink()
    private let shared: SharedContext
    private let context: LoopContext
    private let client = MemoryWire()
    private var clientTakes = true
    /// The client has taken nothing for a while.
    private var hasStalled = false
    private var backends: [MemoryWire] = []
    private var hasClientLeft = false

    init(_ events: [UInt8]) {
        self.events = events
        var configuration = ProxyConfiguration()
        configuration.limits.requestLine = FuzzLimits.small.line
        configuration.limits.head = FuzzLimits.small.head
        let registry = BackendRegistry(backends: [
            Backend(name: "b", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_000))
        ])
        self.shared = SharedContext(
            configuration: configuration, registry: registry, sink: self.sink,
            addresses: AddressCache(lifetime: 0, resolver: HostResolver { (_, _) throws(TransportError) in [] }))
        self.loop = EventLoop(engine: self.engine, clock: self.clock)
        self.context = LoopContext(shared: self.shared, loop: self.loop)
    }

    /// Plays the events and says which rule they broke, or `nil`.
    func violation() -> String? {
        let connection = self.loop.makeConnection(over: self.client)
        connection.start(ClientConnection(connection, loop: self.context))
        self.settle()
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
        // What waits for a client that takes nothing comes when it does; what was still waiting when its connection was
        // ended, because it took nothing for too long, never comes.
        if self.client.isClosed, self.hasStalled { self.hasClientLeft = true }
        self.client.sendLimit = .max
        self.client.take(.max)
        self.settle()
        let text = self.check(isOver: false)
        self.end()
        return text ?? self.check(isOver: true)
    }

    // MARK: - Events

    private func play(_ event: UInt8, _ bytes: ArraySlice<UInt8>) {
        switch event & 7 {
        case 0:
            guard !self.hasClientLeft else { return }
            self.client.deliver(Array(bytes))
        case 1:
            self.accept()
            self.openBackend?.deliver(Array(bytes))
        case 2:
            guard !self.hasClientLeft else { return }
            self.client.deliverEnd()
        case 3:
            self.hasClientLeft = true
            self.client.fail(.reset)
        case 4:
            if let wire = self.engine.takeConnecting() {
                wire.fail(.refused)
            } else {
                self.openBackend?.fail(.reset)
            }
        case 5:
            self.accept()
            self.openBackend?.deliverEnd()
        case 6:
            self.clock.advance(by: Int64(event >> 3) * 4_000_000_000)
        default:
            self.clientTakes.toggle()
            self.hasStalled = true
            self.client.sendLimit = event >> 3 == 0 ? .max : Int(event >> 3)
            self.client.take(self.clientTakes ? .max : 0)
        }
    }

    private var openBackend: MemoryWire? { self.backends.last { !$0.isClosed } }

    /// Lets what waits to be connected be so.
    private func accept() {
        while let wire = self.engine.takeConnecting() {
            self.backends.append(wire)
            wire.establish()
            self.settle()
        }
    }

    private func settle() {
        for _ in 0..<8 { self.loop.turn(mayWait: false) }
    }

    private func end() {
        self.hasClientLeft = self.hasClientLeft || !self.client.isClosed
        self.client.fail(.reset)
        self.settle()
        while let wire = self.engine.takeConnecting() { wire.fail(.closed) }
        self.settle()
        self.context.stop()
        self.settle()
        for backend in self.backends { backend.fail(.closed) }
        self.settle()
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
        var rest = self.client.sent[...]
        for row in rows {
            // A head that cannot be read is nobody's HEAD; only what is refused later is.
            let toHead = row.isHead && (row.phase != .requestHead || row.status == 413)
            var final: ResponseHead?
            while final == nil, rest.count > 0 {
                var parser = parser
                let outcome = rest.withUnsafeBytes { parser.parse($0, searched: 0, toHead: toHead) }
                guard case .complete(let found) = outcome else {
                    return self.hasClientLeft ? nil : "the client gets no head: \(outcome)"
                }
                // An exchange may end between a 1xx and its answer.
                if !found.isInformational || found.status == 101 {
                    if row.status == nil { break }
                    final = found
                }
                rest.removeFirst(found.end)
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
                return rest.count > 0 ? "something follows an answer that was cut" : nil
            }
        }
        let isSurplus = rest.count > 0 && rows.allSatisfy { $0.ending != nil }
        return isSurplus ? "the client gets more than its answers" : nil
    }

    /// What backends got: requests that a strict reader takes, none whole that was not.
    private func checkRequests(_ rows: [FuzzSink.Row]) -> String? {
        var whole = 0
        for backend in self.backends {
            var rest = backend.sent[...]
            var parser = RequestHeadParser(requestLineLimit: 1 << 20, headLimit: 1 << 20)
            while rest.count > 0 {
                let outcome = rest.withUnsafeBytes { parser.parse($0, searched: 0) }
                guard case .complete(let head) = outcome else { return "a backend gets no request: \(outcome)" }
                rest.removeFirst(head.end)
                let (isWhole, end) = self.skip(head.framing, in: &rest)
                if let end { return end }
                if isWhole { whole += 1 }
                // What follows may be a tunnel's.
                if head.wantsUpgrade { break }
                if !isWhole, rest.count > 0 { return "something follows a request that was cut" }
            }
        }
        let allowed = rows.reduce(0) { sum, row in
            let isCut = row.phase == .requestBody && row.ending?.cause != .completed
            return sum + (row.isForwarded && !isCut ? 1 + row.retries : 0)
        }
        return whole <= allowed ? nil : "backends get \(whole) whole requests of \(allowed)"
    }

    /// Takes a body off; whether it was whole, and what is wrong with it.
    private func skip(_ framing: BodyFraming, in rest: inout ArraySlice<UInt8>) -> (isWhole: Bool, violation: String?) {
        var decoder = BodyDecoder(framing, trailerLimit: 1 << 20)
        while !decoder.hasEnded {
            var position = 0
            let event = rest.withUnsafeBytes { decoder.next($0, &position) }
            rest.removeFirst(position)
            switch event {
            case .needsMore: return (false, nil)
            case .malformed(let reason): return (false, "a body is forwarded malformed: \(reason)")
            case .data, .end, .trailers: break
            }
        }
        return (true, nil)
    }
}
