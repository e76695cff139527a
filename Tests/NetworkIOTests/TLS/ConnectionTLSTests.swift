import TestNetwork
import Testing

@testable import NetworkIO

/// A connection that speaks TLS over a wire in memory, and its peer, driven by a test.
private final class TLSBench {
    let loop = EventLoop(engine: MemoryEngine(), clock: ManualClock())
    let wire = MemoryWire()
    let connection: Connection
    let handler: PausingRecorder
    let peer: TLSPeer
    private var taken = 0

    /// - Parameters:
    ///   - isServer: The connection is the server's.
    ///   - authority: Whom the client believes.
    /// - Throws: What is wrong with the certificates.
    init(isServer: Bool = true, authority: String = "ca") throws {
        let (server, client) = (try TLSTestFiles.server(), try TLSTestFiles.client(authority))
        let (here, there) =
            isServer
            ? (server.makeServerSession(), client.makeClientSession(serverName: "backend.test"))
            : (client.makeClientSession(serverName: "backend.test"), server.makeServerSession())
        self.peer = TLSPeer(there)
        self.connection = self.loop.makeConnection(over: self.wire, tls: here)
        self.handler = PausingRecorder(self.connection)
        self.connection.start(self.handler)
    }

    /// Carries bytes between the two until both wait.
    func run() {
        self.peer.pump()
        while true {
            self.wire.deliver(self.peer.takeOutput())
            self.loop.turn(mayWait: false)
            let output = Array(self.wire.sent[self.taken...])
            self.taken = self.wire.sent.count
            guard !output.isEmpty else { return }
            self.peer.receive(output)
        }
    }
}

/// Writes down what happens to a connection, and pauses it when it is told to.
private final class PausingRecorder: ConnectionHandler {
    private(set) var events: [String] = []
    private(set) var text = ""
    private let connection: Connection
    var pausesAfterReceiving = false

    init(_ connection: Connection) { self.connection = connection }

    func opened() { self.events.append("opened") }

    func received(_ bytes: RawSpan) {
        self.text += bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if self.pausesAfterReceiving { self.connection.pauseReading() }
    }

    func inputEnded() { self.events.append("ended") }
    func drained() { self.events.append("drained") }
    func closed(_ error: TransportError?) { self.events.append(error.map { "closed: \($0)" } ?? "closed") }
}

@Suite(
    "TLS connections", .timeLimit(.minutes(1)), .enabled(if: TLSTestFiles.isAvailable, "openssl makes the certificates")
)
struct ConnectionTLSTests {
    @Test("the handler is told when the handshake is done, and sees plaintext alone", arguments: [true, false])
    func exchange(isServer: Bool) throws {
        let bench = try TLSBench(isServer: isServer)
        #expect(bench.connection.tlsFacts == nil)
        bench.connection.send("sent before the handshake;")
        bench.run()
        #expect(bench.handler.events == ["opened"])
        #expect(bench.connection.tlsFacts?.version == "TLSv1.3")
        bench.connection.send("sent after")
        bench.peer.write("an answer")
        bench.run()
        #expect(bench.peer.text == "sent before the handshake;sent after")
        #expect(bench.handler.text == "an answer")
        #expect(bench.connection.pendingBytes == 0)
    }

    @Test("small pieces of one turn share a record, large ones are sent in their order")
    func records() throws {
        let bench = try TLSBench()
        bench.run()
        let before = bench.wire.sent.count
        for _ in 0..<50 { bench.connection.send("0123456789") }
        bench.run()
        // A record has 5 bytes before and 17 behind its content.
        #expect(bench.wire.sent.count - before == 500 + 22)
        let large = [UInt8](repeating: 120, count: 300_000)
        bench.connection.send("head;")
        bench.connection.send(large)
        bench.connection.send("tail")
        bench.run()
        #expect(bench.peer.text.dropFirst(500) == "head;" + String(repeating: "x", count: 300_000) + "tail")
    }

    @Test(
        "what waits to be sent is bounded by what the peer takes, in pieces that are whole",
        arguments: [1, 1_000, 70_000])
    func slowPeer(bytesAtOnce: Int) throws {
        let bench = try TLSBench()
        bench.run()
        bench.wire.take(0)
        let count = bytesAtOnce == 1 ? 3_000 : 400_000
        for part in 0..<20 { bench.connection.send([UInt8](repeating: UInt8(part), count: count / 20)) }
        bench.loop.turn(mayWait: false)
        #expect(bench.connection.pendingBytes >= count)
        #expect(bench.connection.pendingBytes < count + 1_000)
        while bench.connection.pendingBytes > 0 {
            bench.wire.take(bytesAtOnce)
            bench.run()
        }
        #expect(bench.peer.plaintext == (0..<20).flatMap { [UInt8](repeating: UInt8($0), count: count / 20) })
        #expect(bench.handler.events == (count > 131_072 ? ["opened", "drained"] : ["opened"]))
    }

    @Test("the peer's end is told, and the connection can still send")
    func peerEnds() throws {
        let bench = try TLSBench()
        bench.run()
        bench.peer.write("all")
        bench.peer.close()
        bench.run()
        bench.wire.deliverEnd()
        bench.run()
        #expect(bench.handler.text == "all")
        #expect(bench.handler.events == ["opened", "ended"])
        bench.connection.send("an answer")
        bench.run()
        #expect(bench.peer.text == "an answer")
    }

    @Test("the end of the transport alone is no end")
    func truncated() throws {
        let bench = try TLSBench()
        bench.run()
        bench.peer.write("half")
        bench.run()
        bench.wire.deliverEnd()
        bench.run()
        #expect(bench.handler.text == "half")
        #expect(bench.handler.events == ["opened", "closed: \(TransportError.truncated)"])
    }

    @Test("an end in the middle of a handshake is told")
    func endOfHandshake() throws {
        let bench = try TLSBench()
        bench.wire.deliverEnd()
        bench.run()
        #expect(bench.handler.events == ["closed: \(TransportError.closed)"])
    }

    @Test("a handler that pauses gets the rest, and the end, when it reads on", arguments: [true, false])
    func pauses(isOrderly: Bool) throws {
        let bench = try TLSBench()
        bench.run()
        bench.handler.pausesAfterReceiving = true
        // More than is decrypted at once, in one arrival.
        let text = String(repeating: "abcdefgh", count: 20_000)
        bench.peer.write(text)
        if isOrderly { bench.peer.close() }
        bench.wire.deliver(bench.peer.takeOutput())
        bench.connection.wireEnded()
        bench.run()
        #expect(bench.handler.text.utf8.count == 65_536)
        bench.connection.resumeReading()
        bench.run()
        #expect(bench.handler.text.utf8.count == 131_072)
        #expect(bench.handler.events == ["opened"])
        bench.connection.resumeReading()
        bench.run()
        #expect(bench.handler.text == text)
        bench.connection.resumeReading()
        bench.run()
        #expect(
            bench.handler.events == ["opened", isOrderly ? "ended" : "closed: \(TransportError.truncated)"])
    }

    @Test("closing tells the peer, after all that was sent")
    func closes() throws {
        let bench = try TLSBench()
        bench.run()
        bench.connection.send("the last words")
        bench.connection.close()
        bench.run()
        #expect(bench.handler.events == ["opened", "closed"])
        #expect(bench.wire.isClosed && !bench.wire.wasReset)
        #expect(bench.peer.text == "the last words")
        #expect(bench.peer.events == [.handshakeDone, .ended])
    }

    @Test("closing while not all can be sent is no orderly end to the peer", arguments: [0, 100])
    func closesEarly(room: Int) throws {
        let bench = try TLSBench()
        bench.run()
        bench.wire.take(room)
        bench.connection.send([UInt8](repeating: 1, count: 500_000))
        bench.connection.close()
        bench.run()
        #expect(bench.wire.isClosed)
        #expect(bench.peer.events == [.handshakeDone])
    }

    @Test("a reset does not tell the peer of an end")
    func resets() throws {
        let bench = try TLSBench()
        bench.run()
        bench.connection.reset()
        bench.run()
        #expect(bench.wire.isClosed && bench.wire.wasReset)
        #expect(bench.peer.events == [.handshakeDone])
    }

    @Test("the output ends when all of it has left, its own end too")
    func closesOutput() throws {
        let bench = try TLSBench()
        bench.run()
        bench.wire.take(0)
        bench.connection.send("the last words")
        bench.connection.closeOutput()
        bench.loop.turn(mayWait: false)
        #expect(!bench.wire.hasEndedOutput)
        // All but the end's own record.
        bench.wire.take("the last words".utf8.count + 22)
        bench.run()
        #expect(bench.peer.text == "the last words")
        #expect(!bench.wire.hasEndedOutput)
        bench.wire.take(1_000)
        bench.run()
        #expect(bench.wire.hasEndedOutput)
        #expect(bench.peer.events == [.handshakeDone, .ended])
        bench.peer.write("an answer")
        bench.run()
        #expect(bench.handler.text == "an answer")
        #expect(bench.handler.events == ["opened"])
    }

    @Test("a failed handshake tells why, after the alert has left")
    func failedHandshake() throws {
        let bench = try TLSBench(isServer: false, authority: "other-ca")
        bench.run()
        let reason = "certificate verify failed: unable to get local issuer certificate"
        #expect(bench.handler.events == ["closed: TLS failed: \(reason)"])
        #expect(bench.wire.isClosed && !bench.wire.wasReset)
        #expect(bench.peer.events == [.failed("the peer sent the alert unknown ca")])
    }

    @Test("a peer that does not speak TLS is told apart")
    func plainPeer() throws {
        let bench = try TLSBench(isServer: false)
        bench.wire.deliver(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        bench.loop.turn(mayWait: false)
        #expect(bench.handler.events == ["closed: TLS failed: the peer does not speak TLS"])
    }
}
