import Foundation
import NetworkIO
import Testing

@Suite("Relay", .serialized, .timeLimit(.minutes(2)))
struct RelayTests {
    /// Passes on what arrives on one connection to another one, as much as `length` by a relay where that is possible.
    private final class Mover {
        private let target: Connection
        private var left: Int
        private(set) var relayed = 0
        /// How often a relay has begun.
        private(set) var relays = 0
        /// What has arrived after `length` bytes.
        private(set) var rest: [UInt8] = []
        private let whenDone: (Mover) -> Void

        init(_ source: Recorder, target: Recorder, length: Int, whenDone: @escaping (Mover) -> Void = { _ in }) {
            self.target = target.connection
            self.left = length
            self.whenDone = whenDone
            source.onBytes = { self.received($0, $1) }
            source.onRelayed = { self.moved($0, $1) }
            target.reaction = { [weak source] _, event in
                if event == .drained { source?.connection.resumeReading() }
            }
        }

        private func received(_ source: Recorder, _ bytes: RawSpan) {
            bytes.withUnsafeBytes { bytes in
                let part = min(bytes.count, self.left)
                self.target.send(UnsafeRawBufferPointer(rebasing: bytes[..<part]))
                self.rest += bytes[part...]
                self.pass(part)
                if part == bytes.count, source.connection.relay(self.left, to: self.target) { self.relays += 1 }
            }
            self.holdBack(source)
        }

        private func moved(_ source: Recorder, _ count: Int) {
            self.relayed += count
            self.pass(count)
            self.holdBack(source)
        }

        private func pass(_ count: Int) {
            self.left -= count
            if count > 0, self.left == 0 { self.whenDone(self) }
        }

        private func holdBack(_ source: Recorder) {
            if self.target.isOpen, self.target.isCongested { source.connection.pauseReading() }
        }
    }

    /// Two connections of one loop, with the blocking sockets at their other ends.
    private struct Pair: ~Copyable {
        let stand: StandThread
        let source: LoopBound<Recorder>
        let target: LoopBound<Recorder>
        let sender: RawSocket
        let receiver: RawSocket

        private init(
            _ stand: StandThread, _ source: LoopBound<Recorder>, _ target: LoopBound<Recorder>,
            sender: consuming RawSocket, receiver: consuming RawSocket
        ) {
            self.stand = stand
            self.source = source
            self.target = target
            self.sender = sender
            self.receiver = receiver
        }

        static func make(_ engine: EngineChoice) async throws -> Pair {
            let stand = try await StandThread.start(engine)
            let sender = try RawSocket(to: stand.address)
            let source = try await stand.accepted(0)
            let receiver = try RawSocket(to: stand.address)
            let target = try await stand.accepted(1)
            return Pair(stand, source, target, sender: sender, receiver: receiver)
        }

        func move(_ length: Int, whenDone: @escaping @Sendable (Mover) -> Void = { _ in }) async -> LoopBound<Mover>? {
            await self.stand.stand.submit { stand in
                LoopBound(
                    Mover(stand.accepted[0], target: stand.accepted[1], length: length, whenDone: whenDone),
                    on: stand.loop)
            }
        }

        /// Sends from another thread, which ends when all of it is taken.
        func send(_ bytes: [UInt8], ends: Bool = false) {
            let descriptor = self.sender.descriptor
            Thread.detachNewThread { try? RawSocket.send(bytes, on: descriptor, ends: ends) }
        }
    }

    @Test(
        "what is relayed arrives whole, and what comes after it is handed over", arguments: engines,
        [
            2 << 20, (5 << 20) + 12_345,
        ])
    func whole(engine: EngineChoice, length: Int) async throws {
        let pair = try await Pair.make(engine)
        let mover = try #require(await pair.move(length))
        pair.send(pattern(length) + Array("behind".utf8))
        #expect(try pair.receiver.receive(length) == pattern(length))
        await pair.source.when { _ in true }
        var rest = await mover.submit { $0.rest } ?? []
        while rest.count < 6 { rest = await mover.submit { $0.rest } ?? [] }
        #expect(rest == Array("behind".utf8))
        let (relayed, relays) = await mover.submit { ($0.relayed, $0.relays) } ?? (0, 0)
        #expect(relays > 0 && relayed >= length / 4, "\(relayed) of \(length) bytes in \(relays) relays")
        #expect(await pair.stand.stop() == 0)
    }

    @Test("one relay after another, in both orders of small and large", arguments: engines)
    func several(engine: EngineChoice) async throws {
        let pair = try await Pair.make(engine)
        for length in [3 << 20, 100, 5 << 20, 3_000, 4 << 20] {
            let mover = try #require(await pair.move(length))
            pair.send(pattern(length, from: length))
            #expect(try pair.receiver.receive(length) == pattern(length, from: length))
            let relays = await mover.submit(\.relays)
            #expect(((relays ?? 0) > 0) == (length > 200_000))
        }
        #expect(await pair.stand.stop() == 0)
    }

    @Test("what is sent while the pipe is full comes behind it", arguments: engines)
    func order(engine: EngineChoice) async throws {
        let pair = try await Pair.make(engine)
        let length = 4 << 20
        let target = pair.target
        _ = await pair.move(length) { _ in target.execute { $0.connection.send("the end") } }
        pair.send(pattern(length))
        #expect(try pair.receiver.receive(length) == pattern(length))
        #expect(try pair.receiver.receive(7) == Array("the end".utf8))
        #expect(await pair.stand.stop() == 0)
    }

    @Test("a receiver that takes nothing holds the sender back", arguments: engines)
    func backPressure(engine: EngineChoice) async throws {
        let pair = try await Pair.make(engine)
        let length = 32 << 20
        let mover = try #require(await pair.move(length))
        pair.send(pattern(length))
        // No event tells of it.
        while await pair.target.submit(\.connection.isCongested) != true {}
        let pending = await pair.target.submit(\.connection.pendingBytes) ?? 0
        #expect(pending > 0 && pending <= 1 << 20)
        #expect(try pair.receiver.receive(length) == pattern(length))
        #expect(await mover.submit { $0.relayed > 16 << 20 } == true)
        #expect(await pair.stand.stop() == 0)
    }

    @Test("a sender that ends too early is told after all that it sent was moved", arguments: engines)
    func earlyEnd(engine: EngineChoice) async throws {
        let pair = try await Pair.make(engine)
        _ = await pair.move(10 << 20)
        pair.send(pattern(2 << 20), ends: true)
        #expect(try pair.receiver.receive(2 << 20) == pattern(2 << 20))
        await pair.source.when { $0.events.contains(.ended) }
        #expect(await pair.stand.stop() == 0)
    }

    @Test("a receiver that resets ends its connection, and the sender's goes on", arguments: engines)
    func reset(engine: EngineChoice) async throws {
        let pair = try await Pair.make(engine)
        _ = await pair.move(64 << 20)
        pair.send(pattern(8 << 20), ends: true)
        _ = try pair.receiver.receive(1 << 20)
        Self.abandon(pair.receiver)
        #expect(await pair.target.end() != nil)
        // What was not relayed is dropped, because its target has ended.
        await pair.source.submit { $0.connection.resumeReading() }
        await pair.source.when { $0.events.contains(.ended) || $0.isClosed }
        #expect(await pair.stand.stop() == 0)
    }

    /// Resets; the descriptor, which its owner will close, stands for nothing then.
    private static func abandon(_ socket: borrowing RawSocket) {
        socket.resetAtEnd()
        let nothing = open("/dev/null", O_RDWR)
        dup2(nothing, socket.descriptor)
        close(nothing)
    }

    @Test("few bytes, TLS and slow connections are not relayed", arguments: engines)
    func refusals(engine: EngineChoice) async throws {
        let pair = try await Pair.make(engine)
        let answers = await pair.stand.stand.submit { stand in
            let (source, target) = (stand.accepted[0].connection, stand.accepted[1].connection)
            let few = source.relay(1_000, to: target)
            target.outputRate = 1_000
            let slow = source.relay(1 << 20, to: target)
            target.outputRate = nil
            target.closeOutput()
            return [few, slow, source.relay(1 << 20, to: target)]
        }
        #expect(answers == [false, false, false])
        #expect(await pair.stand.stop() == 0)
    }
}
