/// Reads the field lines of a head strictly and notes those that forwarding has to look at.
///
/// The list of notes is kept between heads, so that reading one allocates nothing.
struct FieldScanner {
    /// Why a field section is refused; the raw value is a sentence for a person.
    enum Defect: String, Error, Sendable, Equatable, CaseIterable {
        case bareLineFeed = "a line ends with a bare line feed"
        case bareCarriageReturn = "bare carriage return inside a line"
        case folded = "a field value continues on the next line (obsolete line folding)"
        case name = "invalid byte in a field name"
        case blankBeforeColon = "whitespace before the colon of a field"
        case value = "control byte in a field value"
        case length = "Content-Length is not a single number"
        case lengthTwice = "duplicate Content-Length field"
        case coding = "Transfer-Encoding is anything but chunked"
        case options = "Connection names more than 32 fields"
        case lengthAndCoding = "both Content-Length and Transfer-Encoding are present"
    }

    private(set) var fields: [NotedField] = []
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var hasCloseOption = false
    private(set) var hasKeepAliveOption = false
    private(set) var hasUpgradeOption = false
    private let isRequest: Bool
    private let keepsLookalikes: Bool
    private var named: [Range<Int>] = []

    /// `keepsLookalikes` passes a request field on although its name differs from one of ours only by an underscore.
    init(isRequest: Bool, keepsLookalikes: Bool = false) {
        self.isRequest = isRequest
        self.keepsLookalikes = keepsLookalikes
        self.fields.reserveCapacity(32)
    }

    /// Reads the lines from `start` up to the empty line, which begins at `end`.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) throws(Defect) {
        self.fields.removeAll(keepingCapacity: true)
        self.contentLength = nil
        self.isChunked = false
        self.hasCloseOption = false
        self.hasKeepAliveOption = false
        self.hasUpgradeOption = false
        if !self.named.isEmpty { self.named.removeAll(keepingCapacity: true) }
        try self.readLines(bytes, from: start, to: end)
        if self.isChunked, self.contentLength != nil { throw .lengthAndCoding }
        if !self.named.isEmpty { self.noteNamed(bytes, from: start, to: end) }
    }

    private mutating func readLines(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) throws(Defect) {
        var position = start
        while position < end {
            guard let lineFeed = ASCII.find(ASCII.lineFeed, in: bytes, from: position, to: end) else {
                throw .bareLineFeed
            }
            guard lineFeed > position, bytes[lineFeed - 1] == ASCII.carriageReturn else { throw .bareLineFeed }
            let lineEnd = lineFeed - 1
            let colon = ASCII.tokenEnd(bytes, from: position, to: lineEnd)
            guard colon < lineEnd, colon > position, bytes[colon] == ASCII.colon else {
                throw Self.nameDefect(bytes, line: position..<lineEnd, at: colon)
            }
            guard ASCII.isFieldText(bytes, from: colon + 1, to: lineEnd) else {
                let isReturn = ASCII.find(ASCII.carriageReturn, in: bytes, from: colon, to: lineEnd) != nil
                throw isReturn ? .bareCarriageReturn : .value
            }
            var kind =
                self.isRequest
                ? NotedField.Kind.ofRequest(bytes, position, colon)
                : NotedField.Kind.ofResponse(bytes, position, colon)
            if kind == nil, self.isRequest, !self.keepsLookalikes, FieldLookalike.isOne(bytes, position, colon) {
                kind = .lookalike
            }
            if let kind {
                var first = colon + 1
                var last = lineEnd
                while first < last, ASCII.isBlank(bytes[first]) { first += 1 }
                while last > first, ASCII.isBlank(bytes[last - 1]) { last -= 1 }
                self.fields.append(
                    NotedField(
                        kind: kind, start: Int32(position), end: Int32(lineFeed + 1), valueStart: Int32(first),
                        valueEnd: Int32(last)))
                try self.apply(kind, bytes, from: first, to: last)
            }
            position = lineFeed + 1
        }
    }

    private static func nameDefect(_ bytes: UnsafeRawBufferPointer, line: Range<Int>, at stop: Int) -> Defect {
        if stop == line.lowerBound, stop < line.upperBound, ASCII.isBlank(bytes[stop]) { return .folded }
        if stop < line.upperBound, stop > line.lowerBound, ASCII.isBlank(bytes[stop]) { return .blankBeforeColon }
        if stop < line.upperBound, bytes[stop] == ASCII.carriageReturn { return .bareCarriageReturn }
        return .name
    }

    private mutating func apply(
        _ kind: NotedField.Kind, _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int
    ) throws(Defect) {
        switch kind {
        case .contentLength:
            guard self.contentLength == nil else { throw .lengthTwice }
            guard let length = ASCII.decimal(bytes, from: start, to: end) else { throw .length }
            self.contentLength = length
        case .transferEncoding:
            guard !self.isChunked, ASCII.equals(bytes, start, end, "chunked") else { throw .coding }
            self.isChunked = true
        case .connection:
            self.readOptions(bytes, from: start, to: end)
            guard self.named.count <= 32 else { throw .options }
        default:
            break
        }
    }

    private mutating func readOptions(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
        if ASCII.equals(bytes, start, end, "keep-alive") {
            self.hasKeepAliveOption = true
            return
        }
        if ASCII.equals(bytes, start, end, "close") {
            self.hasCloseOption = true
            return
        }
        var close = false
        var keepAlive = false
        var upgrade = false
        var named = self.named
        ASCII.forEachListItem(bytes, from: start, to: end) { first, last in
            if ASCII.equals(bytes, first, last, "close") {
                close = true
            } else if ASCII.equals(bytes, first, last, "keep-alive") {
                keepAlive = true
            } else if ASCII.equals(bytes, first, last, "upgrade") {
                upgrade = true
            } else {
                named.append(first..<last)
            }
        }
        self.hasCloseOption = self.hasCloseOption || close
        self.hasKeepAliveOption = self.hasKeepAliveOption || keepAlive
        self.hasUpgradeOption = self.hasUpgradeOption || upgrade
        self.named = named
    }

    /// Notes the lines that a Connection field names (RFC 9110 section 7.6.1), in their place among the others.
    ///
    /// Fields that have a kind of their own keep it: nobody may take away Host or a length in this way.
    private mutating func noteNamed(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
        var all: [NotedField] = []
        var known = self.fields[...]
        var position = start
        while position < end, let lineFeed = ASCII.find(ASCII.lineFeed, in: bytes, from: position, to: end) {
            if let field = known.first, Int(field.start) == position {
                all.append(field)
                known.removeFirst()
            } else if let colon = ASCII.find(ASCII.colon, in: bytes, from: position, to: lineFeed),
                self.named.contains(where: { ASCII.equals(bytes, $0, position..<colon) })
            {
                all.append(
                    NotedField(
                        kind: .namedByConnection, start: Int32(position), end: Int32(lineFeed + 1),
                        valueStart: Int32(colon + 1), valueEnd: Int32(lineFeed - 1)))
            }
            position = lineFeed + 1
        }
        self.fields = all
    }
}
