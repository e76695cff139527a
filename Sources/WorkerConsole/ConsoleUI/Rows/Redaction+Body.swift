import WorkerDomain

extension Redaction {
    /// Hides the secret values of a body.
    ///
    /// JSON (one value or many), URL-encoded forms and multipart forms are read, also when the capture cut them; other
    /// bodies, encoded ones among them, stay as they are.
    /// - Parameters:
    ///   - bytes: What was kept of the body.
    ///   - head: The head that it came with: content type and encoding.
    /// - Returns: The body as it may be shown, and how many values in it were hidden.
    func body(_ bytes: [UInt8], head: MessageHead) -> (bytes: [UInt8], hidden: Int) {
        guard !self.isOff, !bytes.isEmpty else { return (bytes, 0) }
        let encoding = head.value(of: "content-encoding")?.lowercased() ?? "identity"
        guard encoding == "identity" || encoding.isEmpty else { return (bytes, 0) }
        let type = head.value(of: "content-type") ?? ""
        let kind = type.lowercased()
        if kind.contains("multipart/form-data") { return self.multipart(bytes, type: type) }
        let first = bytes.first { $0 > 0x20 && $0 < 0x7F }
        if kind.contains("json") || first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            var masker = JSONMasker(bytes: bytes, redaction: self)
            masker.run()
            return (masker.output, masker.hidden)
        }
        // Clients that set no type, or the wrong one, still send forms.
        let looksLikeForm = bytes.contains(UInt8(ascii: "=")) && !bytes.contains { $0 <= 0x20 || $0 >= 0x7F }
        if kind.contains("x-www-form-urlencoded") || looksLikeForm {
            let masked = self.query(String(decoding: bytes, as: UTF8.self))
            return masked.hidden == 0 ? (bytes, 0) : (Array(masked.text.utf8), masked.hidden)
        }
        return (bytes, 0)
    }

    /// Fields of a multipart form (RFC 7578) that are no files.
    private func multipart(_ bytes: [UInt8], type: String) -> (bytes: [UInt8], hidden: Int) {
        guard let mark = type.lowercased().firstRange(of: "boundary=") else { return (bytes, 0) }
        let offset = type.distance(from: type.startIndex, to: mark.upperBound)
        let boundary = type.dropFirst(offset).prefix { $0 != ";" }.filter { $0 != "\"" && $0 != " " }
        guard !boundary.isEmpty else { return (bytes, 0) }
        let delimiter = Array("--\(boundary)".utf8)
        let blankLine: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
        var output: [UInt8] = []
        var hidden = 0
        var rest = bytes[...]
        while let start = rest.firstRange(of: delimiter) {
            output += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            guard let head = rest.firstRange(of: blankLine) else { break }
            let end = rest[head.upperBound...].firstRange(of: delimiter)?.lowerBound ?? rest.endIndex
            let fields = String(decoding: rest[..<head.lowerBound], as: UTF8.self)
            output += rest[..<head.upperBound]
            let isCut = end == rest.endIndex
            let content = rest[head.upperBound..<end]
            let value = String(decoding: isCut ? content : content.dropLast(2), as: UTF8.self)
            if let name = Self.partName(fields), !value.isEmpty, self.isSecret(member: name, text: value) {
                hidden += 1
                output += Array(Self.mask.utf8) + (isCut ? [] : [0x0D, 0x0A])
            } else {
                output += content
            }
            rest = rest[end...]
        }
        return (output + rest, hidden)
    }

    /// `name` of a part's Content-Disposition; `nil` for a file.
    private static func partName(_ fields: String) -> String? {
        let lower = fields.lowercased()
        guard !lower.contains("filename"), let mark = lower.firstRange(of: "name=") else { return nil }
        let offset = lower.distance(from: lower.startIndex, to: mark.upperBound)
        let rest = fields.dropFirst(offset)
        if rest.first == "\"" { return String(rest.dropFirst().prefix { $0 != "\"" }) }
        return String(rest.prefix { $0 != ";" && !$0.isWhitespace })
    }
}

/// One pass over JSON that replaces secret values and copies everything else; it never fails.
private struct JSONMasker {
    private struct Level {
        let isObject: Bool
        /// Every text below is secret.
        let isSecret: Bool
    }

    let bytes: [UInt8]
    let redaction: Redaction
    private(set) var output: [UInt8] = []
    private(set) var hidden = 0
    private var position = 0
    private var levels: [Level] = []
    private var name: String?
    private var expectsName = false

    init(bytes: [UInt8], redaction: Redaction) {
        self.bytes = bytes
        self.redaction = redaction
        self.output.reserveCapacity(bytes.count)
    }

    mutating func run() {
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            switch byte {
            case UInt8(ascii: "\""): self.string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isBelow = self.isBelowSecret || self.name.map { self.redaction.isSecret(member: $0) } ?? false
                self.levels.append(Level(isObject: byte == UInt8(ascii: "{"), isSecret: isBelow))
                self.expectsName = byte == UInt8(ascii: "{")
                self.name = nil
                self.copy()
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if !self.levels.isEmpty { self.levels.removeLast() }
                self.name = nil
                self.expectsName = false
                self.copy()
            case UInt8(ascii: ","):
                self.expectsName = self.levels.last?.isObject ?? false
                self.name = nil
                self.copy()
            case UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D: self.copy()
            default: self.word()
            }
        }
    }

    private var isBelowSecret: Bool { self.levels.last?.isSecret ?? false }

    private mutating func copy() {
        self.output.append(self.bytes[self.position])
        self.position += 1
    }

    private mutating func string() {
        let start = self.position
        var end = start + 1
        while end < self.bytes.count, self.bytes[end] != UInt8(ascii: "\"") {
            end += self.bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        let isClosed = end < self.bytes.count
        end = min(end, self.bytes.count)
        let content = Self.unescaped(self.bytes[min(start + 1, end)..<end])
        let next = isClosed ? end + 1 : end
        defer { self.position = next }
        if self.expectsName {
            self.name = content
            self.expectsName = false
        } else if !content.isEmpty,
            self.isBelowSecret || self.name.map({ self.redaction.isSecret(member: $0, text: content) }) ?? false
        {
            self.hidden += 1
            self.output += Array("\"\(Redaction.mask)".utf8) + (isClosed ? [UInt8(ascii: "\"")] : [])
            return
        }
        self.output += self.bytes[start..<next]
    }

    /// A number, or anything else up to the next mark of the grammar.
    private mutating func word() {
        let start = self.position
        let marks = Array("\"{}[]:, \t\r\n".utf8)
        while self.position < self.bytes.count, !marks.contains(self.bytes[self.position]) { self.position += 1 }
        let word = self.bytes[start..<self.position]
        let isNumber = word.first.map { (0x30...0x39).contains($0) || $0 == 0x2D } ?? false
        let isSecret = self.isBelowSecret || self.name.map { self.redaction.isSecret(member: $0, number: "") } ?? false
        if isNumber, isSecret {
            self.hidden += 1
            self.output += Array("\"\(Redaction.mask)\"".utf8)
        } else {
            self.output += word
        }
    }

    /// The text of a string literal: `\u0070assword` must not hide a name from the rule.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var text = ""
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        while let character = rest.popFirst() {
            guard character == "\\", let escaped = rest.popFirst() else {
                text.append(character)
                continue
            }
            guard escaped == "u", let value = UInt32(rest.prefix(4), radix: 16), let scalar = Unicode.Scalar(value)
            else {
                text.append(escaped)
                continue
            }
            text.unicodeScalars.append(scalar)
            rest = rest.dropFirst(4)
        }
        return text
    }
}
