@testable import NetworkIO

/// One side of TLS in memory, driven by a test.
final class TLSPeer {
    let session: TLSSession
    private var queue = OutboundQueue(memory: PiecePool())
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    /// What happened, without the plaintext.
    private(set) var events: [TLSSession.Event] = []
    /// How often plaintext came.
    private(set) var plaintextCount = 0
    private(set) var plaintext: [UInt8] = []

    init(_ session: TLSSession) {
        self.session = session
    }

    deinit {
        self.memory.deallocate()
    }

    var text: String { String(decoding: self.plaintext, as: UTF8.self) }

    /// Takes bytes of the other side, in parts of `size`.
    func receive(_ bytes: [UInt8], partsOf size: Int = .max) {
        var rest = bytes[...]
        repeat {
            let part = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            part.withUnsafeBytes { bytes in self.session.feed(bytes) { self.pump() } }
        } while !rest.isEmpty
    }

    /// Handles events until more is needed.
    func pump() {
        while let event = self.step() {
            switch event {
            case .handshakeDone, .plaintext: continue
            case .needsMore, .ended, .failed: return
            }
        }
    }

    /// Handles one event; `room` limits how much is decrypted.
    @discardableResult
    func step(room: Int = 65_536) -> TLSSession.Event? {
        let event = self.session.next(
            into: UnsafeMutableRawBufferPointer(rebasing: self.memory[..<room]),
            sending: &self.queue)
        switch event {
        case .plaintext(let count):
            self.plaintextCount += 1
            self.plaintext += self.memory[..<count]
        case .needsMore: break
        case .handshakeDone, .ended, .failed: self.events.append(event)
        }
        return event
    }

    @discardableResult
    func write(_ text: String) -> Bool { self.write(Array(text.utf8)) }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { self.session.write($0, sending: &self.queue) }
    }

    func close() { self.session.close(sending: &self.queue) }

    /// What is to be sent to the other side.
    func takeOutput() -> [UInt8] {
        var bytes: [UInt8] = []
        while !self.queue.isEmpty {
            let count = self.queue.withFirstPiece { piece in
                bytes += piece
                return piece.count
            }
            self.queue.consume(count)
        }
        return bytes
    }
}

/// Two sides that talk to one another.
struct TLSPair {
    let client: TLSPeer
    let server: TLSPeer

    init(
        _ client: TLSContext, _ server: TLSContext, name: String = "backend.test"
    ) {
        self.client = TLSPeer(client.makeClientSession(serverName: name))
        self.server = TLSPeer(server.makeServerSession())
    }

    /// A pair whose handshake is done.
    static func connected() throws -> TLSPair {
        let pair = try TLSPair(TLSTestFiles.client(), TLSTestFiles.server())
        pair.run()
        return pair
    }

    /// Carries bytes both ways, in parts of `size`, until both sides wait.
    func run(partsOf size: Int = .max) {
        self.client.pump()
        while true {
            let fromClient = self.client.takeOutput()
            if !fromClient.isEmpty { self.server.receive(fromClient, partsOf: size) }
            let fromServer = self.server.takeOutput()
            if !fromServer.isEmpty { self.client.receive(fromServer, partsOf: size) }
            if fromClient.isEmpty, fromServer.isEmpty { return }
        }
    }
}
