/// Reads request heads strictly (RFC 9112): what is ambiguous is refused, never repaired.
struct RequestHeadParser {
    /// What the received bytes are.
    enum Outcome: Sendable, Equatable {
        case incomplete
        case complete(RequestHead)
        case refused(RequestRefusal)
    }

    /// The lines of the head that ``parse(_:searched:)`` completed last.
    private(set) var scanner: FieldScanner
    let requestLineLimit: Int
    let headLimit: Int
    /// What a URL in the request line begins with.
    private let scheme: StaticString

    init(requestLineLimit: Int, headLimit: Int, isTLS: Bool = false, keepsLookalikes: Bool = false) {
        self.scanner = FieldScanner(isRequest: true, keepsLookalikes: keepsLookalikes)
        self.requestLineLimit = requestLineLimit
        self.headLimit = headLimit
        self.scheme = isTLS ? "https://" : "http://"
    }

    /// - Parameters:
    ///   - bytes: What has been received since the last message ended.
    ///   - searched: Bytes that an earlier call has seen and found incomplete.
    /// - Returns: What these bytes are; positions in it count from the first of them.
    mutating func parse(_ bytes: UnsafeRawBufferPointer, searched: Int) -> Outcome {
        var start = 0
        // A robust server lets empty lines before a request pass; some clients send one after a body.
        while start + 1 < bytes.count, start < 8, bytes[start] == ASCII.carriageReturn,
            bytes[start + 1] == ASCII.lineFeed
        {
            start += 2
        }
        guard start < bytes.count else { return .incomplete }
        if bytes[start] == ASCII.carriageReturn, start + 1 == bytes.count { return .incomplete }
        // Tells a TLS handshake or other noise at its first byte instead of waiting for lines that never come.
        guard ASCII.isToken(bytes[start]) else {
            return .refused(RequestRefusal(400, "the request line does not begin with a method"))
        }
        guard let end = HeadEnd.find(bytes, from: start, searched: searched) else {
            return self.refusalOfIncomplete(bytes, from: start).map { .refused($0) } ?? .incomplete
        }
        if let refusal = self.refusalOfLength(bytes, from: start, to: end) { return .refused(refusal) }
        do throws(RequestRefusal) {
            return .complete(try self.read(bytes, from: start, to: end))
        } catch {
            return .refused(error)
        }
    }

    private func refusalOfIncomplete(_ bytes: UnsafeRawBufferPointer, from start: Int) -> RequestRefusal? {
        let count = bytes.count - start
        guard count > min(self.requestLineLimit, self.headLimit) else { return nil }
        return self.refusalOfLength(bytes, from: start, to: bytes.count)
    }

    private func refusalOfLength(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> RequestRefusal? {
        guard end - start > min(self.requestLineLimit, self.headLimit) else { return nil }
        let line = ASCII.find(ASCII.lineFeed, in: bytes, from: start, to: end) ?? end
        if line - start > self.requestLineLimit + 1 {
            return RequestRefusal(414, "the request line is longer than \(self.requestLineLimit) bytes")
        }
        if end - start > self.headLimit {
            return RequestRefusal(431, "the request head is longer than \(self.headLimit) bytes")
        }
        return nil
    }

    private mutating func read(
        _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int
    ) throws(RequestRefusal) -> RequestHead {
        var head = RequestHead()
        head.start = start
        head.end = end
        head.fieldsEnd = end - 2
        guard let lineFeed = ASCII.find(ASCII.lineFeed, in: bytes, from: start, to: end),
            bytes[lineFeed - 1] == ASCII.carriageReturn, bytes[end - 2] == ASCII.carriageReturn
        else { throw RequestRefusal(400, FieldScanner.Defect.bareLineFeed.rawValue) }
        head.fieldsStart = lineFeed + 1
        try self.readLine(bytes, to: lineFeed - 1, into: &head)
        do throws(FieldScanner.Defect) {
            try self.scanner.scan(bytes, from: head.fieldsStart, to: head.fieldsEnd)
        } catch {
            throw RequestRefusal(400, error.rawValue)
        }
        try self.readTarget(bytes, into: &head)
        try self.readFraming(bytes, into: &head)
        return head
    }

    private func readLine(
        _ bytes: UnsafeRawBufferPointer, to end: Int, into head: inout RequestHead
    ) throws(RequestRefusal) {
        let start = head.start
        var position = start
        while position < end, ASCII.isToken(bytes[position]) { position &+= 1 }
        guard position < end, bytes[position] == ASCII.space else {
            throw RequestRefusal(400, "invalid byte in the method")
        }
        head.methodEnd = position
        head.method = Self.method(bytes, start, position)
        head.targetStart = position + 1
        // Bytes from 128 on are let through: browsers never send them, but old clients do, and the Worker encodes them.
        position += 1
        while position < end, bytes[position] > 0x20, bytes[position] != 0x7F, bytes[position] != 0x23 {
            position &+= 1
        }
        head.targetEnd = position
        guard position > head.targetStart, position < end, bytes[position] == ASCII.space else {
            throw RequestRefusal(400, "invalid byte in the request target")
        }
        guard end - position == 9, ASCII.equals(bytes, position + 1, position + 6, "http/"),
            bytes[position + 1] == 0x48, ASCII.isDigit(bytes[position + 6]), bytes[position + 7] == 0x2E,
            ASCII.isDigit(bytes[position + 8])
        else { throw RequestRefusal(400, "the request line does not end with an HTTP version") }
        guard bytes[position + 6] == 0x31 else { throw RequestRefusal(505, "only HTTP/1.1 and HTTP/1.0 are supported") }
        head.isHTTP10 = bytes[position + 8] == 0x30
    }

    private static func method(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> RequestHead.Method {
        func equals(_ word: StaticString) -> Bool {
            guard end - start == word.utf8CodeUnitCount else { return false }
            for index in 0..<(end - start) where bytes[start + index] != word.utf8Start[index] { return false }
            return true
        }
        // Methods are case-sensitive (RFC 9110 section 9.1).
        if equals("GET") { return .get }
        if equals("HEAD") { return .head }
        if equals("OPTIONS") { return .options }
        return equals("CONNECT") ? .connect : .other
    }

    private func readTarget(_ bytes: UnsafeRawBufferPointer, into head: inout RequestHead) throws(RequestRefusal) {
        var host: NotedField?
        for field in self.scanner.fields where field.kind == .host {
            guard host == nil else { throw RequestRefusal(400, "duplicate Host field") }
            host = field
        }
        if host == nil, !head.isHTTP10 { throw RequestRefusal(400, "missing Host field") }
        // An empty one says that the target has no authority (RFC 9112 section 3.2).
        if let host, !host.value.isEmpty, !Authority.isValid(bytes, host.value) {
            throw RequestRefusal(400, "invalid Host value")
        }
        guard head.method != .connect else { throw RequestRefusal(400, "CONNECT is not supported") }
        let start = head.targetStart
        let end = head.targetEnd
        if bytes[start] == 0x2F { return }
        if bytes[start] == 0x2A, end - start == 1, head.method == .options {
            head.isAsterisk = true
            return
        }
        // Absolute form (RFC 9112 section 3.2.2): the scheme and the authority are not part of what is forwarded.
        let authority = start + self.scheme.utf8CodeUnitCount
        guard end > authority, ASCII.equals(bytes, start, authority, self.scheme) else {
            throw RequestRefusal(400, "the request target is neither a path nor a URL of this proxy")
        }
        var slash = authority
        while slash < end, bytes[slash] != 0x2F, bytes[slash] != 0x3F { slash += 1 }
        guard slash < end, bytes[slash] == 0x2F else {
            throw RequestRefusal(400, "the URL in the request line has no path")
        }
        if let host, !ASCII.equals(bytes, host.value, authority..<slash) {
            throw RequestRefusal(400, "the URL in the request line and the Host field name different hosts")
        }
        guard Authority.isValid(bytes, authority..<slash) else {
            throw RequestRefusal(400, "invalid host or port in the URL of the request line")
        }
        head.targetStart = slash
    }

    private func readFraming(_ bytes: UnsafeRawBufferPointer, into head: inout RequestHead) throws(RequestRefusal) {
        if self.scanner.isChunked {
            guard !head.isHTTP10 else { throw RequestRefusal(400, "Transfer-Encoding is not allowed in HTTP/1.0") }
            head.framing = .chunked
        } else if let length = self.scanner.contentLength {
            head.framing = .length(length)
        }
        let wantsClose = self.scanner.hasCloseOption
        head.persists = head.isHTTP10 ? self.scanner.hasKeepAliveOption && !wantsClose : !wantsClose
        for field in self.scanner.fields {
            if field.kind == .expect {
                guard ASCII.equals(bytes, Int(field.valueStart), Int(field.valueEnd), "100-continue") else {
                    throw RequestRefusal(417, "unsupported expectation; only 100-continue is supported")
                }
                head.expectsContinue = !head.isHTTP10 && head.framing.hasBody
            } else if field.kind == .upgrade, self.scanner.hasUpgradeOption, !head.isHTTP10, !head.framing.hasBody {
                UpgradeProtocols.forEach(bytes, [field]) { _, _ in head.wantsUpgrade = true }
            }
        }
    }
}
