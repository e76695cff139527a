import CLinux

/// What waits to be sent on one connection: what the handler has sent and, on a TLS connection, what was made of it.
struct EncryptingQueue: ~Copyable {
    /// Encrypted bytes that wait at most: what comes behind them is encrypted when it can leave.
    private static let encryptedLimit = 131_072

    private(set) var tls: TLSSession?
    /// What the handler has sent: on a TLS connection not yet encrypted.
    private var plain: OutboundQueue
    /// What TLS has made of it, and its own messages; unused without TLS.
    private var encrypted: OutboundQueue

    init(memory: PiecePool, tls: TLSSession?) {
        self.tls = tls
        self.plain = OutboundQueue(memory: memory)
        self.encrypted = OutboundQueue(memory: memory)
    }

    /// Bytes that wait.
    @inline(__always)
    var count: Int { self.plain.count + self.encrypted.count }

    /// Something waits that the handler has sent; on a TLS connection, to be encrypted.
    @inline(__always)
    var hasPlain: Bool { !self.plain.isEmpty }

    /// Something waits that the wire may have.
    @inline(__always)
    var hasReady: Bool { self.tls == nil ? !self.plain.isEmpty : !self.encrypted.isEmpty }

    /// What comes now may be encrypted at once.
    var mayEncrypt: Bool { self.plain.isEmpty && self.encrypted.count < Self.encryptedLimit }

    // MARK: - From the handler

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) { self.plain.append(bytes) }

    /// Lets `body` write up to `capacity` bytes; it returns how many it wrote.
    @inline(__always)
    mutating func write(atMost capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        self.plain.write(atMost: capacity, body)
    }

    // MARK: - To the wire

    /// The bytes that the wire may have, as the system takes them; without TLS, `tail` comes behind all of them.
    @inline(__always)
    func withPieces<Result>(
        atMost most: Int = .max, tail: UnsafeRawBufferPointer? = nil,
        _ body: (UnsafeBufferPointer<iovec>) -> Result
    ) -> Result {
        self.tls == nil
            ? self.plain.withPieces(atMost: most, tail: tail, body) : self.encrypted.withPieces(atMost: most, body)
    }

    /// Takes away bytes that the wire has sent.
    @inline(__always)
    mutating func consume(_ count: Int) {
        if self.tls == nil { self.plain.consume(count) } else { self.encrypted.consume(count) }
    }

    /// Forgets what waits.
    mutating func discard() {
        self.plain.discard()
        self.encrypted.discard()
    }

    // MARK: - TLS

    /// Speaks TLS from the start on.
    mutating func secure(with tls: TLSSession?) { self.tls = tls }

    /// Encrypts what the handler has sent, as far as the limit allows; does nothing without TLS.
    /// - Returns: Why that is not possible; `nil` when it is.
    mutating func encrypt() -> String? {
        guard let tls = self.tls else { return nil }
        while !self.plain.isEmpty, self.encrypted.count < Self.encryptedLimit {
            var failure: String?
            let count = self.plain.withFirstPiece { piece in
                failure = tls.write(piece, sending: &self.encrypted) ? nil : Self.reason(of: tls)
                return piece.count
            }
            self.plain.consume(count)
            if let failure { return failure }
        }
        return nil
    }

    /// Encrypts bytes from where they are.
    /// - Returns: Why that is not possible; `nil` when it is.
    mutating func encrypt(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard let tls = self.tls else { return nil }
        return tls.write(bytes, sending: &self.encrypted) ? nil : Self.reason(of: tls)
    }

    private static func reason(of tls: TLSSession) -> String { tls.failure ?? "it has ended" }

    /// Tells the peer that nothing more will be sent.
    mutating func closeTLS() { self.tls?.close(sending: &self.encrypted) }

    /// Takes the session's next step with what the peer has sent.
    mutating func nextTLSEvent(
        of tls: TLSSession, into memory: UnsafeMutableRawBufferPointer
    ) -> TLSSession.Event {
        tls.next(into: memory, sending: &self.encrypted)
    }
}
