/// How the client learns where a backend's response ends, and whether its connection stays; pure.
struct ResponsePlan: Equatable {
    let framing: ResponseFraming
    /// The client's connection stays, once its request has been read.
    let persists: Bool
    let connection: ResponseHeadWriter.Persistence

    /// `mayPersist` says that the client's connection may carry another exchange.
    @inline(__always)
    init(_ head: ResponseHead, to request: RequestHead, isRequestComplete: Bool, mayPersist: Bool) {
        let isDelimited = head.framing != .chunked && head.framing != .untilClose
        self.framing = isDelimited ? .asGiven : request.isHTTP10 ? .untilClose : .chunked
        // Before the whole request has come, the connection stays only where the rest will come and can go on to the
        // backend; a client that asked whether to send it may keep it now (RFC 9110 section 10.1.1).
        let takesRest = isRequestComplete || (head.persists && !request.expectsContinue)
        self.persists = mayPersist && self.framing != .untilClose && takesRest
        self.connection =
            head.status == 101 ? .silent : !self.persists ? .close : request.isHTTP10 ? .keepAlive : .silent
    }
}
