/// A lenient reading of a recorded head, for showing, filtering and exporting it; never for forwarding.
package struct MessageHead: Sendable, Equatable {
    /// One field line, in the order and spelling that it came in.
    package struct Field: Sendable, Equatable {
        package let name: String
        /// The value without surrounding blanks; bytes that are not UTF-8 are read as Latin-1.
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The request line or status line, without its line end.
    package let startLine: String
    package let fields: [Field]

    package init(_ bytes: [UInt8]) {
        let lines = Self.lines(of: bytes)
        self.startLine = lines.first.map(Self.text) ?? ""
        self.fields = lines.dropFirst().map { line in
            guard let colon = line.firstIndex(of: 0x3A) else { return Field(name: Self.text(line), value: "") }
            let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
            var value = line[(colon + 1)...].drop(while: isBlank)
            while let last = value.last, isBlank(last) { value.removeLast() }
            return Field(name: Self.text(line[..<colon]), value: Self.text(value))
        }
    }

    /// The lines of a head without their ends: the start line, and one for each of ``fields`` that it has. Empty lines
    /// behind the first are left out.
    package static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        for piece in bytes.split(separator: 0x0A, omittingEmptySubsequences: true) {
            let line = piece.last == 0x0D ? piece.dropLast() : piece
            if lines.isEmpty || !line.isEmpty { lines.append(line) }
        }
        return lines
    }

    /// The first value of the field of this name, compared without case; `nil` when there is none.
    package func value(of name: String) -> String? {
        self.fields.first { Self.isSame($0.name.utf8, name.utf8) }?.value
    }

    /// The same of a head that is not read for it: who looks at many heads for one field pays for that field alone.
    package static func value(of name: String, in head: [UInt8]) -> String? {
        guard let startLine = head.firstIndex(where: { $0 != 0x0A }),
            var start = head[startLine...].firstIndex(of: 0x0A).map({ $0 + 1 })
        else { return nil }
        while start < head.count {
            let end = head[start...].firstIndex(of: 0x0A) ?? head.count
            defer { start = end + 1 }
            let line = end > start && head[end - 1] == 0x0D ? head[start..<end - 1] : head[start..<end]
            guard let colon = line.firstIndex(of: 0x3A), self.isSame(line[..<colon], name.utf8) else { continue }
            var value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
            return self.text(value)
        }
        return nil
    }

    /// The same bytes but for the case of ASCII letters.
    private static func isSame(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
        return left.count == right.count && zip(left, right).allSatisfy { lower($0) == lower($1) }
    }

    /// Method and target of a request head; both empty when there is no request line of three parts.
    package static func requestLine(of head: [UInt8]) -> (method: String, target: String) {
        guard let parts = self.requestLineParts(of: head.span) else { return ("", "") }
        return (self.text(head[parts.method]), self.text(head[parts.target]))
    }

    /// Where method and target stand in a request head; `nil` when there is no request line of three parts.
    package static func requestLineParts(of head: Span<UInt8>) -> (method: Range<Int>, target: Range<Int>)? {
        var method: Int?
        for place in head.indices {
            switch head[place] {
            case 0x0D, 0x0A: return nil
            case 0x20:
                guard let end = method else {
                    method = place
                    continue
                }
                return (0..<end, end + 1..<place)
            default: continue
            }
        }
        return nil
    }

    /// Bytes of a head as those of ``text(_:)``: what is UTF-8 stays as it is.
    package static func utf8(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isUTF8 = bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
        return isUTF8 ? bytes : self.latin1(bytes)[...]
    }

    /// Bytes of a head as text; those that are not UTF-8 are read as Latin-1.
    package static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(validating: bytes, as: UTF8.self) ?? String(decoding: self.latin1(bytes), as: UTF8.self)
    }

    /// Latin-1 as UTF-8, byte by byte: a client may send thousands of long targets of it.
    private static func latin1(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            if byte < 0x80 {
                text.append(byte)
            } else {
                text.append(0xC0 | byte >> 6)
                text.append(0x80 | byte & 0x3F)
            }
        }
        return text
    }
}
