import NetworkIO
import WorkerDomain

/// The request of one exchange: its head, kept while it might have to be sent again, and its body on the way to the backend.
struct ExchangeRequest {
    /// Bytes of memory that are kept for the next head.
    private static let keptRoom = 1_024

    private(set) var head = RequestHead()
    /// The head as received; empty when it will not be sent again.
    private(set) var headBytes: [UInt8] = []
    /// The request's Origin, when the response depends on it.
    private(set) var origin: [UInt8]?
    private var body = RequestStream()
    /// The protocols that the client asks to change to.
    private var askedProtocols: [[UInt8]] = []

    /// Everything of the body that was received is still there to be sent again.
    var canResend: Bool { self.body.capture.isWhole }

    /// What is kept of the body for the journal.
    @inline(__always)
    var captured: CapturedBody { self.body.capture.body }

    /// What the state machine needs to know of it.
    @inline(__always)
    var facts: ExchangeStateMachine.Request {
        ExchangeStateMachine.Request(
            isRepeatable: self.head.isRepeatable, isComplete: !self.head.framing.hasBody,
            wantsUpgrade: self.head.wantsUpgrade, expectsContinue: self.head.expectsContinue,
            takesInformational: !self.head.isHTTP10)
    }

    /// Keeps the bytes of a head, or of what is none.
    @inline(__always)
    mutating func open(_ bytes: UnsafeRawBufferPointer) {
        self.head = RequestHead()
        self.headBytes.append(contentsOf: bytes)
    }

    /// The head that was opened is this one, which the loop's parser has just read from `bytes`.
    @inline(__always)
    mutating func begin(_ head: RequestHead, _ bytes: UnsafeRawBufferPointer, loop: LoopContext) {
        self.head = head
        if loop.cors.variesByOrigin, let origin = loop.requestParser.scanner.fields.first(.origin) {
            self.origin = Array(bytes[origin.value])
        }
        if head.wantsUpgrade {
            self.askedProtocols = UpgradeProtocols.asked(bytes, loop.requestParser.scanner.fields)
        }
        self.body.begin(head.framing, trailerLimit: loop.requestParser.headLimit, captureLimit: loop.captureLimit)
    }

    /// A response that changes protocols, with these fields in `bytes`, changes to one that was asked for.
    func asked(for bytes: UnsafeRawBufferPointer, _ fields: [NotedField]) -> Bool {
        UpgradeProtocols.grants(bytes, fields, asked: self.askedProtocols)
    }

    /// It will not be sent again.
    @inline(__always)
    mutating func forgetHead() { self.headBytes.empty(keeping: Self.keptRoom) }

    /// Is ready for another request.
    @inline(__always)
    mutating func reset() {
        self.body.reset()
        self.forgetHead()
        self.origin = nil
        self.askedProtocols = []
    }

    // MARK: - To the backend

    /// Sends the head, with what the proxy has to say in it, and what has been received of the body.
    ///
    /// `bytes` is what was received, from the head on, when the parser has just read it.
    /// Changes nothing; it is `mutating` because the request is then used where it is, and not copied for the call.
    @inline(__always)
    mutating func send(
        _ bytes: UnsafeRawBufferPointer?, to upstream: Connection, entry: BackendEntry, client: ClientAddress,
        ray: UInt64, loop: LoopContext
    ) {
        if let bytes {
            loop.requestWriter.send(
                bytes, head: self.head, fields: loop.requestParser.scanner.fields, entry: entry, client: client,
                ray: ray, to: upstream)
        } else {
            self.sendAgain(to: upstream, entry: entry, client: client, ray: ray, loop: loop)
        }
        if self.body.total > 0 || (self.body.isComplete && self.head.framing.hasBody) {
            self.body.resend(to: upstream)
        }
    }

    /// Other heads have been read since: the places of this one's fields are read anew.
    private func sendAgain(
        to upstream: Connection, entry: BackendEntry, client: ClientAddress, ray: UInt64, loop: LoopContext
    ) {
        self.headBytes.withUnsafeBytes { bytes in
            guard case .complete(let head) = loop.requestParser.parse(bytes, searched: 0) else { return }
            loop.requestWriter.send(
                bytes, head: head, fields: loop.requestParser.scanner.fields, entry: entry, client: client, ray: ray,
                to: upstream)
        }
    }

    /// Passes on what has been received of the body, as ``RequestStream`` does.
    @inline(__always)
    mutating func pass(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, to upstream: Connection?, limit: Int
    ) -> RequestStream.Outcome {
        self.body.pass(bytes, &position, to: upstream, limit: limit)
    }

    /// Keeps a part of what the client sent into a tunnel.
    mutating func note(_ payload: UnsafeRawBufferPointer, captureLimit: Int) {
        self.body.note(payload, captureLimit: captureLimit)
    }
}
