import TerminalCanvas

/// One pass over JSON that makes lines of it.
struct JSONScanner {
    /// What may come next.
    private enum Expectation { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd, nothing }

    /// Nothing is indented, or checked for its closing bracket, deeper than this.
    private static let maximumDepth = 128

    let bytes: [UInt8]
    let end: Int
    let lineLimit: Int
    let indent: Int
    private(set) var position = 0
    private(set) var lines: [[TextRun]] = []
    private(set) var firstError: Int?
    private var current: [TextRun] = []
    private var stack: [UInt8] = []
    private var depth = 0
    private var expectation = Expectation.value

    init(bytes: [UInt8], end: Int, lineLimit: Int, indent: Int) {
        self.bytes = bytes
        self.end = end
        self.lineLimit = lineLimit
        self.indent = max(0, min(8, indent))
    }

    mutating func run() {
        if self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
        while self.position < self.end, self.lines.count < self.lineLimit {
            let byte = self.bytes[self.position]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: self.position += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["): self.open(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): self.close(byte)
            case UInt8(ascii: ","): self.comma()
            case UInt8(ascii: ":"): self.colon()
            case UInt8(ascii: "\""): self.string()
            default: self.word()
            }
        }
        if self.position >= self.bytes.count, self.expectation != .nothing { self.fail() }
        if !self.current.isEmpty { self.breakLine() }
    }

    private mutating func open(_ byte: UInt8) {
        if self.expectation != .value, self.expectation != .valueOrEnd { self.fail() }
        self.append(byte == UInt8(ascii: "{") ? "{" : "[", .plain)
        self.position += 1
        let closing = byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
        var next = self.position
        while next < self.end, self.isBlank(self.bytes[next]) { next += 1 }
        if next < self.end, self.bytes[next] == closing {
            self.append(closing == UInt8(ascii: "}") ? "}" : "]", .plain)
            self.position = next + 1
            self.valueEnded()
            return
        }
        self.depth += 1
        if self.stack.count < Self.maximumDepth { self.stack.append(byte) } else { self.fail() }
        self.breakLine()
        self.expectation = byte == UInt8(ascii: "{") ? .keyOrEnd : .valueOrEnd
    }

    private mutating func close(_ byte: UInt8) {
        let opening = byte == UInt8(ascii: "}") ? UInt8(ascii: "{") : UInt8(ascii: "[")
        if self.depth == 0 || (self.depth <= self.stack.count && self.stack.last != opening) { self.fail() }
        if self.expectation != .commaOrEnd { self.fail() }
        if self.depth > 0 {
            if self.depth <= self.stack.count { self.stack.removeLast() }
            self.depth -= 1
        }
        if !self.current.isEmpty { self.breakLine() }
        self.append(byte == UInt8(ascii: "}") ? "}" : "]", .plain)
        self.position += 1
        self.valueEnded()
    }

    private mutating func comma() {
        if self.expectation != .commaOrEnd || self.depth == 0 { self.fail() }
        self.append(",", .plain)
        self.position += 1
        self.breakLine()
        self.expectation = self.isInObject ? .key : .value
    }

    private mutating func colon() {
        if self.expectation != .colon { self.fail() }
        self.append(": ", .plain)
        self.position += 1
        self.expectation = .value
    }

    private mutating func string() {
        let start = self.position
        self.position += 1
        while self.position < self.end, self.bytes[self.position] != UInt8(ascii: "\"") {
            if self.bytes[self.position] < 0x20 { self.fail() }
            self.position += self.bytes[self.position] == UInt8(ascii: "\\") ? 2 : 1
        }
        if self.position < self.end { self.position += 1 } else { self.fail() }
        self.position = min(self.position, self.end)
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        switch self.expectation {
        case .key, .keyOrEnd:
            self.append(text, .name)
            self.expectation = .colon
        case .value, .valueOrEnd:
            self.append(text, .literal)
            self.valueEnded()
        case .colon, .commaOrEnd, .nothing:
            self.fail()
            self.append(text, .literal)
            self.valueEnded()
        }
    }

    /// A number, `true`, `false`, `null`, or anything else up to the next mark of the grammar.
    private mutating func word() {
        let start = self.position
        while self.position < self.end, !self.isMark(self.bytes[self.position]) { self.position += 1 }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        let isKnown = text == "true" || text == "false" || text == "null" || JSONNumber.isValid(text.utf8)
        if !isKnown || (self.expectation != .value && self.expectation != .valueOrEnd) {
            self.fail(at: start)
        }
        if self.current.last.map({ $0.role != .plain }) == true { self.append(" ", .plain) }
        self.append(text, isKnown ? .number : .plain)
        self.valueEnded()
    }

    private var isInObject: Bool { self.depth <= self.stack.count && self.stack.last == UInt8(ascii: "{") }

    private mutating func valueEnded() { self.expectation = self.depth == 0 ? .nothing : .commaOrEnd }

    private mutating func append(_ text: String, _ role: Role) {
        if self.current.isEmpty, self.depth > 0, self.indent > 0 {
            let levels = min(self.depth, Self.maximumDepth)
            self.current.append(TextRun(String(repeating: " ", count: levels * self.indent)))
        }
        self.current.append(TextRun(text, role))
    }

    private mutating func breakLine() {
        self.lines.append(self.current)
        self.current = []
    }

    private mutating func fail(at place: Int? = nil) {
        if self.firstError == nil { self.firstError = place ?? self.position }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""):
            true
        default: false
        }
    }
}

/// The grammar of a JSON number (RFC 8259 section 6).
enum JSONNumber {
    static func isValid(_ text: some Collection<UInt8>) -> Bool {
        var rest = text[...]
        func takeDigits() -> Int {
            var count = 0
            while let byte = rest.first, (0x30...0x39).contains(byte) {
                rest.removeFirst()
                count += 1
            }
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = takeDigits()
        if whole == 0 || (startsWithZero && whole > 1) { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if takeDigits() == 0 { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            if takeDigits() == 0 { return false }
        }
        return rest.isEmpty
    }
}
