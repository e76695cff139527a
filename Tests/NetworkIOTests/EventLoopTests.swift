import Testing

@testable import NetworkIO

@Suite("EventLoop", .serialized, .timeLimit(.minutes(2)))
struct EventLoopTests {
    private static let echo: @Sendable (Recorder, Recorder.Event) -> Void = { recorder, event in
        if event == .opened { recorder.onBytes = { $0.connection.send($1) } }
        if event == .ended { recorder.connection.close() }
    }

    // MARK: - Many connections

    @Test("2,000 connections at once carry messages both ways in the same turns", arguments: engines)
    func manyConnections(engine: EngineChoice) async throws {
        let count = 2_000
        try Descriptors.allow(2 * count + 200)
        let stand = try await StandThread.start(engine, Self.echo)
        let clients = try await StandThread.start(engine)
        let address = stand.address
        _ = await clients.stand.submit { clients in
            for _ in 0..<count { _ = clients.connect(to: address) { _, _ in } }
        }
        await stand.whenAccepted(count)
        for (round, size) in [(0, 300), (1, 9_000)] {
            _ = await clients.stand.submit { clients in
                for (index, client) in clients.connected.enumerated() {
                    client.connection.send(pattern(size, from: index + round))
                }
            }
            for index in 0..<count {
                let client = try #require(
                    await clients.stand.submit { LoopBound($0.connected[index], on: $0.loop) })
                await client.when { $0.bytes.count == size }
                #expect(await client.submit { $0.takeBytes() } == pattern(size, from: index + round))
            }
        }
        #expect(await clients.stand.submit { $0.loop.connectionCount } == count)
        #expect(await clients.stop() == 0)
        for index in 0..<count { #expect(try await stand.accepted(index).end() == nil) }
        #expect(await stand.stop() == 0)
    }

    // MARK: - Accepting

    @Test("after cancel nothing is accepted", arguments: engines)
    func cancelling(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        let client = try RawSocket(to: stand.address)
        _ = try await stand.accepted()
        _ = await stand.stand.submit { $0.stopAccepting() }
        // The system still takes it; the loop has had turns enough to do so as well.
        let other = try RawSocket(to: stand.address)
        for _ in 0..<20 { _ = await stand.stand.submit { _ in true } }
        #expect(await stand.stand.submit { $0.accepted.count } == 1)
        #expect(client.descriptor != other.descriptor)
        #expect(await stand.stop() == 0)
    }

    @Test("two loops share a listener, and each connection is accepted once", arguments: engines)
    func twoLoops(engine: EngineChoice) async throws {
        let count = 200
        let listener = try ListeningSocket(.loopback(0))
        let first = try await StandThread.start(engine, on: listener, Self.echo)
        let second = try await StandThread.start(engine, on: listener, Self.echo)
        for index in 0..<count {
            let client = try RawSocket(to: listener.address)
            try client.send(pattern(10, from: index))
            #expect(try client.receive(10) == pattern(10, from: index))
        }
        let counts = [
            await first.stand.submit { $0.accepted.count } ?? 0, await second.stand.submit { $0.accepted.count } ?? 0,
        ]
        #expect(counts[0] + counts[1] == count)
        // One of them alone goes on.
        await first.stop()
        let client = try RawSocket(to: listener.address)
        try client.send([1])
        #expect(try client.receive(1) == [1])
        await second.stop()
    }

    @Test("when no descriptor is left, accepting goes on once there is one", arguments: engines)
    func descriptorsRunOut(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine, Self.echo)
        let client = try RawSocket(to: stand.address)
        try client.send([1])
        #expect(try client.receive(1) == [1])
        let second = try RawSocket()
        try await Descriptors.withNoneLeft {
            // The system makes the connection alone; the loop is awake for a few turns and cannot take it.
            try second.connect(to: stand.address)
            for _ in 0..<20 { _ = await stand.stand.submit { _ in true } }
            #expect(await stand.stand.submit { $0.accepted.count } == 1)
        }
        try second.send([2])
        #expect(try second.receive(1) == [2])
        #expect(await stand.stop() == 0)
    }

    // MARK: - Time

    @Test("timers run in the order of their deadlines", arguments: engines)
    func timers(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        let ran: [Int]? = await stand.stand.submit(resuming: { stand, continuation in
            let log = Log()
            let loop = stand.loop
            let begin = loop.clock.now()
            for (delay, name) in [(3_000_000, 3), (1_000_000, 1), (2_000_000, 2), (0, 0)] as [(Int64, Int)] {
                loop.schedule(after: delay) {
                    #expect(loop.clock.now() - begin >= delay)
                    log.names.append(name)
                }
            }
            let cancelled = loop.schedule(after: 1_500_000) { log.names.append(9) }
            loop.cancel(cancelled)
            loop.schedule(after: 4_000_000) { continuation.resume(returning: log.names) }
        })
        #expect(ran == [0, 1, 2, 3])
        #expect(await stand.stop() == 0)
    }

    private final class Log {
        var names: [Int] = []
    }

    // MARK: - The end

    @Test("what is asked of a loop that has ended is refused", arguments: engines)
    func afterTheEnd(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        #expect(await stand.stand.submit { _ in 1 } == 1)
        await stand.thread.stop()
        #expect(await stand.stand.submit { _ in 1 } == nil)
        #expect(stand.stand.execute { _ in } == false)
        await stand.thread.stop()
    }

    @Test("a loop that ends with open connections lets go of them", arguments: engines, [false, true])
    func endingWithConnections(engine: EngineChoice, isPaused: Bool) async throws {
        let stand = try await StandThread.start(engine)
        let client = try RawSocket(to: stand.address)
        let server = try await stand.accepted()
        // Something is being received, sent and waited for at that moment.
        server.execute { recorder in
            if isPaused { recorder.connection.pauseReading() }
            recorder.connection.send("last")
        }
        #expect(try client.receive(4) == Array("last".utf8))
        // More than one receive of the ring, and then some of it waits in the socket.
        if isPaused { try client.send([UInt8](repeating: 0x61, count: 100_000)) }
        server.execute { $0.connection.loop.stop() }
        await stand.thread.stop()
        // Nobody has closed it, and its peer sees the end all the same: a reset where what it has sent was not read.
        do throws(TransportError) {
            #expect(try client.receive(1) == [])
        } catch {
            #expect(error == .reset && isPaused)
        }
    }

    // MARK: - Engines

    @Test("a loop says which engine it has", arguments: engines)
    func names(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        #expect(stand.thread.engineName == engine.rawValue)
        await stand.stop()
    }

    @Test(
        "what needs real sockets also runs on io_uring",
        .enabled(if: Engines.uringObstacle() == nil, "\(Engines.uringObstacle() ?? "")"))
    func uring() {
        #expect(engines == [.epoll, .uring])
    }

    @Test("where io_uring is forbidden, loops have epoll and the reason is known")
    func forbidden() async throws {
        let result = await RestrictedThread.withoutUring {
            (obstacle: Engines.uringObstacle(), engines: EngineChoice.allCases.map { try? Engines.make($0).name })
        }
        let (obstacle, names) = try #require(result)
        #expect(obstacle == "io_uring is not permitted here (sysctl kernel.io_uring_disabled, or a seccomp filter)")
        #expect(names == ["epoll", "epoll", "epoll"])
    }
}
