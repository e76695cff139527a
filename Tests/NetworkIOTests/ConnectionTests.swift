import Glibc
import NetworkIO
import Testing

@Suite("Connection over sockets", .serialized, .timeLimit(.minutes(2)))
struct ConnectionTests {
    private static let echo: @Sendable (Recorder, Recorder.Event) -> Void = { recorder, event in
        if event == .opened { recorder.onBytes = { $0.connection.send($1) } }
        if event == .ended { recorder.connection.closeOutput() }
    }

    @Test("what arrives comes back", arguments: engines, [1, 300, 20_000, 32_768, 200_000])
    func echo(engine: EngineChoice, size: Int) async throws {
        let stand = try await StandThread.start(engine, Self.echo)
        let client = try RawSocket(to: stand.address)
        for round in 0..<3 {
            let message = pattern(size, from: round)
            try client.send(message)
            #expect(try client.receive(size) == message)
        }
        client.endOutput()
        #expect(try client.receiveAll() == [])
        #expect(await stand.stop() == 0)
    }

    @Test("a connection that was made sends and receives", arguments: engines)
    func connecting(engine: EngineChoice) async throws {
        let listener = try RawSocket.listening()
        let stand = try await StandThread.start(engine)
        // Sent before it stands: that waits.
        let client = try await stand.connect(to: listener.address)
        client.execute { $0.connection.send("early ") }
        let peer = try RawSocket(acceptedOn: listener)
        await client.when { $0.events.contains(.opened) }
        client.execute { $0.connection.send("late") }
        #expect(try peer.receive(10) == Array("early late".utf8))
        try peer.send(Array("answer".utf8))
        await client.when { $0.bytes == Array("answer".utf8) }
        #expect(await client.submit { $0.connection.remoteAddress } == listener.address)
        #expect(await stand.stop() == 0)
    }

    @Test("a connection over a Unix socket", arguments: engines)
    func unixSocket(engine: EngineChoice) async throws {
        let path = SocketAddress.unix(path: "/tmp/worker-console-test-\(UInt64.random(in: 0 ... .max))")
        let stand = try await StandThread.start(engine, on: ListeningSocket(path), Self.echo)
        let client = try await stand.connect(to: path)
        client.execute { $0.connection.send("over a path") }
        await client.when { $0.bytes == Array("over a path".utf8) }
        #expect(await stand.stop() == 0)
        Glibc.unlink(path.description)
    }

    /// Sends ten MiB in parts of every size as far as the connection wants them.
    private final class Source {
        static let total = 10 << 20
        private static let sizes = [1, 100, 5_000, 32_767, 32_768, 70_000]
        private var sent = 0
        private var part = 0

        func send(on connection: Connection) {
            while self.sent < Self.total, !connection.isCongested {
                let size = min(Self.sizes[self.part % Self.sizes.count], Self.total - self.sent)
                connection.send(pattern(size, from: self.sent))
                self.sent += size
                self.part += 1
            }
            if self.sent == Self.total { connection.closeOutput() }
        }
    }

    @Test("10 MiB go both ways at once and arrive whole", arguments: engines)
    func bothWays(engine: EngineChoice) async throws {
        let transfer: @Sendable (Recorder, Recorder.Event) -> Void = { recorder, event in
            switch event {
            case .opened:
                let source = Source()
                source.send(on: recorder.connection)
                recorder.reaction = { recorder, event in
                    if event == .drained { source.send(on: recorder.connection) }
                }
            default: break
            }
        }
        let stand = try await StandThread.start(engine, transfer)
        let client = try await stand.connect(to: stand.address, transfer)
        let server = try await stand.accepted()
        let expected = pattern(Source.total)
        for side in [client, server] {
            await side.when { $0.events.contains(.ended) }
            #expect(await side.submit { $0.bytes == expected } == true)
        }
        #expect(await stand.stop() == 0)
    }

    @Test("a slow reader holds the sender back and gets everything", arguments: engines, [1_000, 100_000])
    func slowReader(engine: EngineChoice, part: Int) async throws {
        let total = 8 << 20
        let stand = try await StandThread.start(engine) { recorder, event in
            guard event == .opened || event == .drained else { return }
            while recorder.count < total, !recorder.connection.isCongested {
                let size = min(part, total - recorder.count)
                recorder.connection.send(pattern(size, from: recorder.count))
                recorder.count += size
            }
            if recorder.count == total { recorder.connection.closeOutput() }
        }
        let client = try RawSocket(to: stand.address, receiveBuffer: 4_096)
        let server = try await stand.accepted()
        // Nothing is read until the sender waits.
        await server.when { $0.connection.isCongested }
        let pending = try #require(await server.submit { $0.connection.pendingBytes })
        #expect(pending > 131_072 && pending <= 131_072 + part)
        #expect(try client.receiveAll() == pattern(total))
        #expect(await stand.stop() == 0)
    }

    @Test("the peer may end its output and still get an answer", arguments: engines)
    func peerEndsOutput(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        let client = try RawSocket(to: stand.address)
        try client.send(Array("question".utf8))
        client.endOutput()
        let server = try await stand.accepted()
        await server.when { $0.events.contains(.ended) }
        #expect(await server.submit { $0.events } == [.opened, .received, .ended])
        #expect(await server.submit { $0.connection.isOpen } == false)
        server.execute { recorder in
            recorder.connection.send("answer")
            recorder.connection.closeOutput()
        }
        #expect(try client.receiveAll() == Array("answer".utf8))
        #expect(await stand.stop() == 0)
    }

    @Test("after closeOutput the peer's bytes still arrive", arguments: engines)
    func endingOutput(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            guard event == .opened else { return }
            recorder.connection.send("all")
            recorder.connection.closeOutput()
            recorder.connection.send("too late")
        }
        let client = try RawSocket(to: stand.address)
        #expect(try client.receiveAll() == Array("all".utf8))
        try client.send(Array("answer".utf8))
        client.endOutput()
        let server = try await stand.accepted()
        await server.when { $0.events.contains(.ended) }
        #expect(await server.submit { $0.bytes } == Array("answer".utf8))
        #expect(await stand.stop() == 0)
    }

    @Test("a reset of the peer is told as one", arguments: engines)
    func peerResets(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        let server: LoopBound<Recorder>
        do {
            let client = try RawSocket(to: stand.address)
            client.resetAtEnd()
            server = try await stand.accepted()
        }
        #expect(await server.end() == .reset)
        #expect(await stand.stop() == 0)
    }

    @Test("a reset after the peer has ended its output is told as well", arguments: engines)
    func peerEndsAndResets(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        let server: LoopBound<Recorder>
        do {
            let client = try RawSocket(to: stand.address)
            client.resetAtEnd()
            client.endOutput()
            server = try await stand.accepted()
            await server.when { $0.events.contains(.ended) }
        }
        // Behind an end the system reports EPIPE for it (tcp_reset).
        #expect(await server.end() == .closed)
        #expect(await stand.stop() == 0)
    }

    @Test("reset is a reset for the peer", arguments: engines)
    func resetting(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            if event == .received { recorder.connection.reset() }
        }
        let client = try RawSocket(to: stand.address)
        try client.send([1])
        #expect(throws: TransportError.reset) { _ = try client.receive(1) }
        let server = try await stand.accepted()
        #expect(await server.end() == nil)
        #expect(await stand.stop() == 0)
    }

    @Test("an attempt to connect where nobody listens is refused", arguments: engines)
    func refused(engine: EngineChoice) async throws {
        let address = try RawSocket.listening().address
        let stand = try await StandThread.start(engine)
        let client = try await stand.connect(to: address)
        #expect(await client.end() == .refused)
        #expect(await client.submit { $0.events } == [.closed(.refused)])
        let unix = try await stand.connect(to: .unix(path: "/tmp/worker-console-test-nobody"))
        #expect(await unix.end() == .system(errno: ENOENT))
        #expect(await stand.stop() == 0)
    }

    @Test("an attempt to connect can be given up", arguments: engines, [false, true])
    func givingUp(engine: EngineChoice, resets: Bool) async throws {
        // Once its queue is full, the system answers nothing more.
        let listener = try RawSocket.listening(backlog: 0)
        let stand = try await StandThread.start(engine)
        let first = try await stand.connect(to: listener.address)
        await first.when { $0.events.contains(.opened) }
        let second = try await stand.connect(to: listener.address)
        // A turn, so that the attempt is under way; and one that is given up before that.
        #expect(await second.submit { $0.events } == [])
        let third = try await stand.connect(to: listener.address)
        for client in [second, third] {
            client.execute { if resets { $0.connection.reset() } else { $0.connection.close() } }
            #expect(await client.end() == nil)
            #expect(await client.submit { $0.events } == [.closed(nil)])
        }
        #expect(await stand.stop() == 0)
    }

    @Test("close sends what the system takes at once", arguments: engines, [100, 20_000, 60_000])
    func closingWithOutput(engine: EngineChoice, size: Int) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            guard event == .opened else { return }
            recorder.connection.send(pattern(size))
            recorder.connection.close()
        }
        for _ in 0..<10 {
            let client = try RawSocket(to: stand.address)
            #expect(try client.receiveAll() == pattern(size))
        }
        #expect(await stand.stop() == 0)
    }

    @Test("close drops what the system does not take", arguments: engines)
    func closingWhenFull(engine: EngineChoice) async throws {
        let total = 32 << 20
        let stand = try await StandThread.start(engine) { recorder, event in
            guard event == .opened else { return }
            for start in stride(from: 0, to: total, by: 1 << 20) {
                recorder.connection.send(pattern(1 << 20, from: start))
            }
            recorder.connection.close()
        }
        let client = try RawSocket(to: stand.address, receiveBuffer: 4_096)
        #expect(try await stand.accepted().end() == nil)
        let received = try client.receiveAll()
        #expect(received.count < total)
        #expect(received == pattern(received.count))
        #expect(await stand.stop() == 0)
    }

    @Test("close and reset right after a send of an earlier part of the turn", arguments: engines, [false, true])
    func closingAfterFlush(engine: EngineChoice, resets: Bool) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            // It is told when the first bytes were already given to the wire, or have left.
            if event == .opened {
                recorder.connection.send("first ")
                recorder.connection.tellWhenEmpty()
            }
            guard event == .drained else { return }
            recorder.connection.send("second ")
            recorder.connection.loop.schedule(after: 0) {
                recorder.connection.send("third")
                if resets { recorder.connection.reset() } else { recorder.connection.close() }
            }
        }
        let client = try RawSocket(to: stand.address)
        if !resets { #expect(try client.receiveAll() == Array("first second third".utf8)) }
        #expect(try await stand.accepted().end() == nil)
        #expect(await stand.stop() == 0)
    }

    // MARK: - Pausing

    @Test("while reading is paused nothing is told, and nothing is lost", arguments: engines, [10, 1 << 20])
    func pausing(engine: EngineChoice, size: Int) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            if event == .received, recorder.count == 0 {
                recorder.count = 1
                recorder.connection.pauseReading()
            }
        }
        let client = try RawSocket(to: stand.address)
        try client.send([1])
        let server = try await stand.accepted()
        await server.when { $0.bytes == [1] }
        // The writer is held back by what the system keeps, so it runs beside.
        let descriptor = client.descriptor
        let sending = Task.detached { try RawSocket.send(pattern(size), on: descriptor, ends: true) }
        for _ in 0..<100 { #expect(await server.submit { $0.bytes } == [1]) }
        #expect(await server.submit { $0.events.contains(.ended) } == false)
        server.execute { $0.connection.resumeReading() }
        await server.when { $0.events.contains(.ended) }
        #expect(await server.submit { $0.bytes } == [1] + pattern(size))
        try await sending.value
        #expect(await stand.stop() == 0)
    }

    @Test("pausing after each read and resuming later keeps the order", arguments: engines, [10, 5_000, 100_000])
    func pausingOften(engine: EngineChoice, part: Int) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            guard event == .received else { return }
            recorder.count += 1
            recorder.connection.pauseReading()
            if recorder.count % 3 == 0 {
                recorder.connection.resumeReading()
            } else if recorder.count % 3 == 1 {
                recorder.connection.loop.later { recorder.connection.resumeReading() }
            } else {
                recorder.connection.loop.schedule(after: 100_000) { recorder.connection.resumeReading() }
            }
        }
        let client = try RawSocket(to: stand.address)
        for index in 0..<50 { try client.send(pattern(part, from: index * part)) }
        client.endOutput()
        let server = try await stand.accepted()
        await server.when { $0.events.contains(.ended) }
        #expect(await server.submit { $0.bytes } == pattern(50 * part))
        #expect(await stand.stop() == 0)
    }

    @Test("small messages after a large one, and large after small", arguments: engines)
    func sizesChange(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine, Self.echo)
        let client = try RawSocket(to: stand.address)
        for round in 0..<3 {
            for size in [200_000] + [Int](repeating: 100, count: 30) {
                let message = pattern(size, from: round)
                try client.send(message)
                #expect(try client.receive(size) == message)
            }
        }
        #expect(await stand.stop() == 0)
    }

    // MARK: - Sending

    @Test("drained is told once the output has left", arguments: engines)
    func tellingWhenEmpty(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            if event == .opened {
                recorder.connection.send(pattern(1_000))
                recorder.connection.tellWhenEmpty()
                #expect(recorder.connection.pendingBytes == 1_000)
            } else if event == .drained {
                #expect(recorder.connection.pendingBytes == 0)
                recorder.count += 1
                // With nothing to wait for it is told as well.
                if recorder.count == 1 { recorder.connection.tellWhenEmpty() }
            }
        }
        let client = try RawSocket(to: stand.address)
        #expect(try client.receive(1_000) == pattern(1_000))
        let server = try await stand.accepted()
        await server.when { $0.count == 2 }
        #expect(await server.submit { $0.events } == [.opened, .drained, .drained])
        #expect(await stand.stop() == 0)
    }

    @Test("many small pieces of one turn leave together", arguments: engines)
    func gathering(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine)
        let client = try RawSocket(to: stand.address)
        let server = try await stand.accepted()
        server.execute { recorder in
            for index in 0..<1_000 { recorder.connection.send(pattern(20, from: index * 20)) }
        }
        #expect(try client.receive(20_000) == pattern(20_000))
        #expect(client.dataSegmentsReceived <= 2)
        #expect(await stand.stop() == 0)
    }

    @Test("a large piece goes out behind the small ones before it", arguments: engines)
    func largeBehindSmall(engine: EngineChoice) async throws {
        let stand = try await StandThread.start(engine) { recorder, event in
            guard event == .opened || event == .drained, recorder.count < 20 else { return }
            recorder.count += 1
            recorder.connection.send("head")
            // Now and then the small piece was given to the wire before.
            recorder.connection.loop.schedule(after: 0) {
                recorder.connection.send(pattern(40_000))
                recorder.connection.send("tail")
                recorder.connection.tellWhenEmpty()
                if recorder.count == 20 { recorder.connection.closeOutput() }
            }
        }
        let client = try RawSocket(to: stand.address)
        let message = Array("head".utf8) + pattern(40_000) + Array("tail".utf8)
        #expect(try client.receiveAll() == [[UInt8]](repeating: message, count: 20).flatMap { $0 })
        #expect(await stand.stop() == 0)
    }

    // MARK: - Ends within callbacks

    @Test("nothing is told after a close within a callback, and closed once", arguments: engines)
    func closingWithin(engine: EngineChoice) async throws {
        for event in [Recorder.Event.opened, .received, .ended, .drained] {
            let stand = try await StandThread.start(engine) { recorder, happened in
                if happened == .opened { recorder.connection.tellWhenEmpty() }
                guard happened == event else { return }
                recorder.connection.close()
                recorder.connection.close()
                recorder.connection.reset()
                recorder.connection.send("nothing")
                recorder.connection.resumeReading()
                recorder.connection.tellWhenEmpty()
            }
            let client = try RawSocket(to: stand.address)
            try client.send([1, 2, 3])
            client.endOutput()
            let server = try await stand.accepted()
            #expect(await server.end() == nil)
            #expect(await server.submit { $0.closedCount } == 1)
            #expect(await server.submit { $0.events.last } == .closed(nil))
            server.execute { recorder in
                recorder.connection.send("nothing")
                recorder.connection.pauseReading()
                recorder.connection.resumeReading()
                recorder.connection.closeOutput()
                recorder.connection.close()
            }
            #expect(await stand.stop() == 0)
        }
    }

    @Test("a handler may end other connections that have events in the same turn", arguments: engines)
    func closingOthers(engine: EngineChoice) async throws {
        let count = 60
        let stand = try await StandThread.start(engine)
        for _ in 0..<count { _ = try await stand.connect(to: stand.address) }
        await stand.whenAccepted(count)
        // All write at once; whoever receives ends the next three, whose bytes may have been fetched already.
        _ = await stand.stand.submit { stand in
            for (index, recorder) in stand.accepted.enumerated() {
                let others = (1...3).map { stand.accepted[(index + $0) % count] }
                recorder.reaction = { recorder, event in
                    #expect(event != .received || recorder.closedCount == 0)
                    if event == .received { for other in others { other.connection.close() } }
                }
            }
            for client in stand.connected { client.connection.send(pattern(500)) }
        }
        var received = 0
        for index in 0..<count {
            let server = try await stand.accepted(index)
            await server.when { $0.isClosed || $0.bytes.count == 500 }
            if await server.submit({ $0.bytes.count }) == 500 { received += 1 }
        }
        #expect(received > 0 && received < count)
        #expect(await stand.stop() == 0)
    }

    // MARK: - Pooled connections

    @Test("news is known before it is told", arguments: engines)
    func news(engine: EngineChoice) async throws {
        let listener = try RawSocket.listening()
        let stand = try await StandThread.start(engine)
        for ends in [false, true] {
            let client = try await stand.connect(to: listener.address)
            let peer = try RawSocket(acceptedOn: listener)
            await client.when { $0.events.contains(.opened) }
            #expect(await client.submit { $0.connection.hasNews } == false)
            // The loop is kept busy, so that it cannot have been told.
            let descriptor = peer.descriptor
            let hasNews = await client.submit { recorder in
                try? RawSocket.send(ends ? [] : [1], on: descriptor, ends: ends)
                return recorder.connection.hasNews
            }
            #expect(hasNews == true)
        }
        #expect(await stand.stop() == 0)
    }
}
