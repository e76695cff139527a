/// What forwarding needs to know of a backend's response; all positions count from the first readable byte.
struct ResponseHead: Sendable, Equatable {
    /// Where the body begins.
    var end = 0
    /// Where the empty line that ends the head begins.
    var fieldsEnd = 0
    var fieldsStart = 0
    /// Where the status code begins; up to ``lineEnd`` it goes on as it came.
    var statusStart = 0
    /// Where the status line ends, line end excluded.
    var lineEnd = 0
    var status = 0
    var framing = BodyFraming.none
    /// The backend lets its connection stay open after this response.
    var persists = false

    var isInformational: Bool { self.status < 200 && self.status != 101 }
}

/// Reads the heads of backends' responses with the same strictness as requests.
struct ResponseHeadParser {
    /// What the received bytes are.
    enum Outcome: Sendable, Equatable {
        case incomplete
        case complete(ResponseHead)
        /// A sentence for a person.
        case malformed(String)
    }

    /// The lines of the head that was completed last.
    private(set) var scanner = FieldScanner(isRequest: false)
    let headLimit: Int

    init(headLimit: Int) {
        self.headLimit = headLimit
    }

    /// - Parameters:
    ///   - bytes: What the backend has sent since the last message ended.
    ///   - searched: Bytes that an earlier call has seen and found incomplete.
    ///   - toHead: The request's method was HEAD: whatever the fields say, no body follows.
    /// - Returns: What these bytes are; positions in it count from the first of them.
    mutating func parse(_ bytes: UnsafeRawBufferPointer, searched: Int, toHead: Bool) -> Outcome {
        guard Self.mayBegin(bytes) else { return .malformed("the response does not begin with HTTP/1.") }
        guard let end = HeadEnd.find(bytes, from: 0, searched: searched) else {
            return bytes.count > self.headLimit ? self.tooLong : .incomplete
        }
        guard end <= self.headLimit else { return self.tooLong }
        guard let lineFeed = ASCII.find(ASCII.lineFeed, in: bytes, from: 0, to: end), lineFeed > 0,
            bytes[lineFeed - 1] == ASCII.carriageReturn, bytes[end - 2] == ASCII.carriageReturn
        else { return .malformed(FieldScanner.Defect.bareLineFeed.rawValue) }
        var head = ResponseHead()
        head.end = end
        head.fieldsEnd = end - 2
        head.fieldsStart = lineFeed + 1
        head.statusStart = 9
        head.lineEnd = lineFeed - 1
        guard Self.isStatusLine(bytes, to: head.lineEnd) else { return .malformed("malformed status line") }
        head.status = Int(bytes[9] - 0x30) * 100 + Int(bytes[10] - 0x30) * 10 + Int(bytes[11] - 0x30)
        guard (100...999).contains(head.status) else { return .malformed("the status is below 100") }
        do throws(FieldScanner.Defect) {
            try self.scanner.scan(bytes, from: head.fieldsStart, to: head.fieldsEnd)
        } catch {
            return .malformed(error.rawValue)
        }
        return self.readFraming(isHTTP10: bytes[7] == 0x30, toHead: toHead, into: head)
    }

    private var tooLong: Outcome { .malformed("the response head is longer than \(self.headLimit) bytes") }

    /// False as soon as the first bytes cannot become a status line, so that noise is not waited for.
    private static func mayBegin(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let word: StaticString = "HTTP/1."
        for index in 0..<min(bytes.count, word.utf8CodeUnitCount) where bytes[index] != word.utf8Start[index] {
            return false
        }
        return true
    }

    private static func isStatusLine(_ bytes: UnsafeRawBufferPointer, to end: Int) -> Bool {
        guard end >= 12, ASCII.isDigit(bytes[7]), bytes[8] == ASCII.space, ASCII.isDigit(bytes[9]),
            ASCII.isDigit(bytes[10]), ASCII.isDigit(bytes[11])
        else { return false }
        return end == 12 || (bytes[12] == ASCII.space && ASCII.isFieldText(bytes, from: 13, to: end))
    }

    private func readFraming(isHTTP10: Bool, toHead: Bool, into known: ResponseHead) -> Outcome {
        var head = known
        let wantsClose = self.scanner.hasCloseOption
        head.persists = isHTTP10 ? self.scanner.hasKeepAliveOption && !wantsClose : !wantsClose
        if isHTTP10, self.scanner.isChunked { return .malformed("Transfer-Encoding is not allowed in HTTP/1.0") }
        if head.status < 200 || head.status == 204 || head.status == 304 || toHead {
            head.framing = .none
        } else if self.scanner.isChunked {
            head.framing = .chunked
        } else if let length = self.scanner.contentLength {
            head.framing = .length(length)
        } else {
            head.framing = .untilClose
            head.persists = false
        }
        return .complete(head)
    }
}
