import TextSafety
import WorkerDomain

/// What of a recorded request curl is to send, byte for byte, and what of it curl cannot send.
struct CurlRequest {
    typealias Line = (number: Int, bytes: ArraySlice<UInt8>)

    private(set) var method: [UInt8]
    private(set) var target: [UInt8]
    private(set) var isHTTP10 = false
    /// Field lines, counted from 1, without their ends.
    private(set) var lines: [Line] = []
    /// `nil` when nothing is sent behind the head.
    private(set) var body: [UInt8]?
    /// What curl cannot send as it was, or was not kept, a sentence each.
    private(set) var differences: [String] = []
    private(set) var isRedacted = false
    /// The body is compressed: secrets in it were not looked for.
    private(set) var isUnsearched = false
    /// The body goes in chunks.
    private(set) var isChunked = false

    init(_ exchange: Exchange, redaction: Redaction) {
        (self.method, self.target) = (Array("GET".utf8), Array("/".utf8))
        let head = MessageHead(exchange.requestHead)
        let lines = MessageHead.lines(of: exchange.requestHead)
        self.readStartLine(lines.first ?? [], redaction)
        self.readFields(lines.dropFirst(), head, redaction)
        self.readEnds(exchange.requestHead, count: lines.count)
        self.readBody(of: exchange, head, redaction)
    }

    // MARK: Head

    private mutating func readStartLine(_ line: ArraySlice<UInt8>, _ redaction: Redaction) {
        let version = line.suffix(9)
        self.isHTTP10 = version.elementsEqual(" HTTP/1.0".utf8)
        let rest = line.dropLast(9)
        // curl writes whatever method and target it is given.
        guard self.isHTTP10 || version.elementsEqual(" HTTP/1.1".utf8), !line.contains(0), line.count <= 130_000,
            let space = rest.firstIndex(of: 0x20)
        else {
            self.differences.append("GET / stands for its first line, which curl cannot send")
            return
        }
        self.method = self.shown(rest[..<space], redaction)
        self.target = self.shown(rest[(space + 1)...], redaction)
    }

    private mutating func shown(_ bytes: ArraySlice<UInt8>, _ redaction: Redaction) -> [UInt8] {
        guard !redaction.isOff else { return Array(bytes) }
        let text = MessageHead.text(bytes)
        let shown = redaction.target(text)
        if shown.hasSameBytes(as: text) { return Array(bytes) }
        self.isRedacted = true
        return Array(shown.utf8)
    }

    private mutating func readFields(
        _ lines: ArraySlice<ArraySlice<UInt8>>, _ head: MessageHead, _ redaction: Redaction
    ) {
        for (number, entry) in zip(lines, zip(head.fields, redaction.fields(of: head))).enumerated() {
            let (line, (field, shown)) = entry
            var bytes = line
            if !shown.name.hasSameBytes(as: field.name) || !shown.value.hasSameBytes(as: field.value) {
                self.isRedacted = true
                let text = line.contains(UInt8(ascii: ":")) ? "\(shown.name): \(shown.value)" : shown.name
                bytes = Array(text.utf8)[...]
            }
            self.lines.append((number + 1, bytes))
        }
    }

    /// Says when lines did not end as curl ends them.
    private mutating func readEnds(_ head: [UInt8], count: Int) {
        let feeds = head.count { $0 == 0x0A }
        let ends = zip(head, head.dropFirst()).count { $0 == (0x0D, 0x0A) }
        if feeds != ends {
            self.differences.append("its lines did not all end with CR LF")
        } else if !head.suffix(4).elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) {
            self.differences.append("its head had not ended")
        } else if feeds != count + 1 {
            self.differences.append("it had empty lines before it")
        }
    }

    // MARK: Body

    private mutating func readBody(of exchange: Exchange, _ head: MessageHead, _ redaction: Redaction) {
        let body = exchange.requestBody
        let codings = head.fields.filter { $0.name.lowercased() == "transfer-encoding" }.map { $0.value.lowercased() }
        self.isChunked = codings.contains { $0.contains("chunked") }
        let announced = head.value(of: "content-length").flatMap { text in
            text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
        }
        if body.omittedBytes > 0 {
            self.leaveOut("\(body.bytes.count) of \(body.totalBytes) bytes were kept")
        } else if self.isChunked, self.isHTTP10 || codings.first?.contains("chunked") != true {
            self.leaveOut("curl would not send it chunked")
        } else if self.isChunked, !Self.hasEnded(exchange) {
            self.leaveOut("it had not ended after \(body.totalBytes) bytes")
        } else if !self.isChunked, let announced, body.totalBytes < announced {
            self.leaveOut("\(body.totalBytes) of the \(announced) bytes that Content-Length announces had come")
        } else if self.isChunked || body.totalBytes > 0 {
            let shown = redaction.body(body.bytes, head: head).bytes
            self.body = shown
            self.isUnsearched =
                !redaction.isOff
                && !Redaction.isSearchable(body.bytes, encoding: head.value(of: "content-encoding"))
            guard shown != body.bytes else { return }
            self.isRedacted = true
            // The length is that of what is sent, or curl would wait, or leave half of it to the next request.
            self.setLength(shown.count)
        }
    }

    private mutating func leaveOut(_ reason: String) {
        self.isChunked = false
        self.differences.append("its body is omitted: \(reason)")
        // The backend would wait for what does not come.
        self.lines.removeAll { line in
            ["content-length", "transfer-encoding"].contains { CurlFields.value(of: line.bytes, ifNamed: $0) != nil }
        }
    }

    private mutating func setLength(_ count: Int) {
        for (index, line) in self.lines.enumerated() {
            guard let value = CurlFields.value(of: line.bytes, ifNamed: "content-length") else { continue }
            self.lines[index].bytes = line.bytes[..<value.startIndex] + Array(" \(count)".utf8)
        }
    }

    /// False while more of the request's body may come, and when it broke off.
    private static func hasEnded(_ exchange: Exchange) -> Bool {
        guard let ending = exchange.ending else { return exchange.status != nil }
        switch ending.phase {
        case .requestHead, .queue, .connect, .requestBody: return false
        case .responseHead, .responseBody, .tunnel, .done: return true
        }
    }
}
