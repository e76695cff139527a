import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The limits of docs/reference/limits.md that no other suite reaches.
@Suite("Further limits", .everyEngine, .timeLimit(.minutes(1)))
struct TimeLimitTests {
    typealias Ending = ExchangeEnding

    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("a connection above max_connections is told 503 and closed, and one that leaves makes room")
    func connections() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.limits.connections = 2 }) { bench in
            let kept = [
                try await RawClient.connect(port: bench.port), try await RawClient.connect(port: bench.port),
            ]
            for client in kept {
                try await client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.answer().status == 200)
            }
            let surplus = try await RawClient.connect(port: bench.port)
            try await surplus.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await surplus.answer()
            #expect(answer.status == 503)
            #expect(answer.field("Connection") == "close" && answer.field("Access-Control-Allow-Origin") == "*")
            #expect(try await surplus.ending() == .closed)
            let ending = await bench.recorder.ended(3).last?.summary?.ending
            #expect(ending?.cause == .requestRefused && ending?.phase == .requestHead)
            while bench.server.connections > 2 { await Task.yield() }
            kept[0].close()
            while bench.server.connections > 1 { await Task.yield() }
            #expect(try await bench.get("/3").status == 200)
            kept[1].close()
        }
        #expect(origin.requests.map(\.target) == ["/1", "/1", "/3"])
        await origin.stop()
    }

    @Test("a backend that does not even accept is 502 after connect_timeout")
    func connectTimeout() async throws {
        let full = try FullListener()
        defer { full.close() }
        let backend = Backend(name: "full", url: BackendURL(scheme: .http, host: "127.0.0.1", port: full.port))
        try await Bench.run([backend], { $0.timeouts.connect = .seconds(5) }) { bench in
            try await self.expectUnreachable(bench)
        }
    }

    @Test("a backend that accepts and then does not speak TLS is 502 after connect_timeout")
    func handshakeTimeout() async throws {
        let origin = try await ScriptedOrigin.start(trigger: .head) { _ in [.hold] }
        let backend = Backend(name: "mute", url: BackendURL(scheme: .https, host: "127.0.0.1", port: origin.port))
        try await Bench.run([backend], { $0.timeouts.connect = .seconds(5) }) { bench in
            try await self.expectUnreachable(bench) { origin.connections == 1 }
            while origin.openConnections > 0 { await Task.yield() }
        }
        #expect(origin.connections == 1)
        await origin.stop()
    }

    private func expectUnreachable(_ bench: Bench, isConnected: @Sendable () -> Bool = { true }) async throws {
        async let answer = bench.get()
        while bench.recorder.records.isEmpty || !isConnected() { await Task.yield() }
        try await bench.pass(.seconds(5)) { bench.ended == 1 }
        #expect(try await answer.status == 502)
        let row = try #require(await bench.recorder.ended(1).first)
        #expect(row.summary?.ending.cause == .backendUnreachable && row.summary?.ending.phase == .connect)
        #expect(row.summary?.ending.reason?.contains("no response in time") == true)
        let total = row.summary?.timers.total ?? .zero
        #expect(total >= .seconds(5) && total <= .milliseconds(5_500))
    }

    @Test("an answer that stops coming is cut after response_body_timeout", arguments: [true, false])
    func responseBody(hasLength: Bool) async throws {
        let head = hasLength ? "Content-Length: 9" : "Transfer-Encoding: chunked"
        let part = hasLength ? "part" : "4\r\npart\r\n"
        let origin = try await ScriptedOrigin.start { _ in [.send("HTTP/1.1 200 OK\r\n\(head)\r\n\r\n\(part)"), .hold] }
        try await Bench.run([origin.backend], { $0.timeouts.responseBody = .seconds(300) }) { bench in
            async let coming = bench.get()
            while bench.recorder.records.first?.status == nil { await Task.yield() }
            try await bench.pass(.seconds(300)) { bench.ended == 1 }
            let answer = try await coming
            #expect(answer.status == 200 && !answer.isComplete)
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(
                ending == Ending(cause: .backendTimeout, phase: .responseBody, reason: "the response stalled"))
            while origin.openConnections > 0 { await Task.yield() }
        }
        await origin.stop()
    }

    @Test("after an answer that closes, a client that goes on sending is rid of after linger_timeout")
    func linger() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.limits.body = 4 }) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc")
            #expect(try await client.answer().status == 413)
            #expect(try await client.ending() == .closed)
            // It has not closed its side: only the time limit ends this.
            try await bench.pass(.seconds(2)) { bench.server.connections == 0 }
            client.close()
        }
        #expect(origin.requests.isEmpty)
        await origin.stop()
    }

    @Test("an unused connection to a backend is closed after backend_idle_timeout, the next request gets another")
    func backendIdle() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.upstream.idleTimeout = .seconds(30) }) { bench in
            let first = try await bench.get("/1")
            _ = await bench.recorder.ended(1)
            try await bench.pass(.seconds(30), isExact: false) { origin.openConnections == 0 }
            let second = try await bench.get("/2")
            #expect(first.status == 200 && second.status == 200)
            #expect(await bench.recorder.ended(2).map(\.reused) == [false, false])
            #expect(bench.recorder.records.map(\.retries) == [0, 0])
        }
        #expect(origin.connections == 2)
        await origin.stop()
    }

    // MARK: Half-closed

    @Test("a client that closes its side right after its request gets an answer that comes in time")
    func halfCloseAnswered() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.hold, .send(Self.ok)] }
        try await Bench.run([origin.backend], { $0.halfCloseWindow = .seconds(10) }) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.finish()
            while origin.requests.isEmpty { await Task.yield() }
            origin.release()
            #expect(try await client.answer().text == "ok")
            #expect(await bench.recorder.ended(1).first?.summary?.ending == .completed)
        }
        await origin.stop()
    }

    @Test("one whose answer does not come has left: its backend connection is free within a second")
    func halfCloseLeft() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.hold] }
        let limit = ProxyTimeouts().halfClosed
        #expect(limit + limit / 8 < .seconds(1))
        // When the end has come is not seen before its limit is over; the silent backend has all the time for that.
        try await Bench.run([origin.backend], { $0.timeouts.responseHead = .seconds(1_000_000) }) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.finish()
            while origin.requests.isEmpty { await Task.yield() }
            try await bench.pass(limit, isExact: false) { bench.ended == 1 }
            while origin.openConnections > 0 { await Task.yield() }
            let ending = await bench.recorder.ended(1).first?.summary?.ending
            #expect(ending?.cause == .clientAborted && ending?.phase == .responseHead)
            #expect(try await client.ending() == .closed)
        }
        await origin.stop()
    }

    @Test("a tunnel that one side has ended and the other one has left ends after tunnel_end_timeout")
    func tunnelEnd() async throws {
        for isClientFirst in [true, false] {
            let granted = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
            let origin = try await ScriptedOrigin.start(closesWithPeer: false) { _ in
                [.send(granted)] + (isClientFirst ? [.hold] : [.finish, .hold])
            }
            try await Bench.run([origin.backend]) { bench in
                let client = try await RawClient.connect(port: bench.port)
                try await client.send(
                    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                #expect(try await client.answer().status == 101)
                if isClientFirst { try await client.finish() } else { #expect(try await client.ending() == .closed) }
                try await bench.pass(.seconds(60), isExact: !isClientFirst) { bench.ended == 1 }
                let ending = await bench.recorder.ended(1).first?.summary?.ending
                #expect(ending?.cause == (isClientFirst ? .backendTimeout : .clientTimeout))
                #expect(ending?.phase == .tunnel)
                let who = isClientFirst ? "client" : "backend"
                #expect(ending?.reason == "websocket: nothing came for too long after the \(who)'s end")
                while bench.server.connections > 0 { await Task.yield() }
                client.close()
            }
            await origin.stop()
        }
    }
}

/// A listener whose queue is full: the system answers no further attempt to connect to it.
private final class FullListener {
    struct Failure: Error { let operation: String }

    let port: Int
    private var descriptors: [CInt] = []

    init() throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        self.descriptors = [listener]
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        guard Self.with(&address, { bind(listener, $0, $1) }) == 0, listen(listener, 0) == 0 else {
            throw Failure(operation: "listen")
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        guard named == 0 else { throw Failure(operation: "getsockname") }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        // A queue of none takes one, and its end is only seen by an attempt that stays unanswered.
        for _ in 0..<4 {
            let client = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
            self.descriptors.append(client)
            _ = Self.with(&address) { connect(client, $0, $1) }
        }
    }

    private static func with(
        _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    func close() {
        for descriptor in self.descriptors { _ = closeDescriptor(descriptor) }
        self.descriptors = []
    }
}

/// The system's `close`, which the method of the same name hides.
private func closeDescriptor(_ descriptor: CInt) -> CInt { close(descriptor) }
