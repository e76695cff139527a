/// The grammar of JSON (RFC 8259), without a value being made of it and without recursion.
package struct JSONSyntax {
    /// Objects and arrays within each other.
    package static let depthLimit = 512

    private let bytes: ArraySlice<UInt8>
    private var place: Int
    /// What closes each object and array that is open, the innermost last.
    private var closing: [UInt8] = []

    /// True for one value in valid UTF-8, nested up to ``depthLimit``, with nothing but blanks around it.
    ///
    /// Of numbers and strings only the spelling counts: `1e400` is a number, `"\ud800"` a string.
    package static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var syntax = JSONSyntax(bytes: bytes, place: bytes.startIndex)
        return syntax.takeAll()
    }

    private init(bytes: ArraySlice<UInt8>, place: Int) {
        self.bytes = bytes
        self.place = place
    }

    private var next: UInt8? { self.place < self.bytes.endIndex ? self.bytes[self.place] : nil }

    private mutating func takeAll() -> Bool {
        repeat {
            guard self.takeValue() else { return false }
        } while self.takesMore()
        self.skipBlanks()
        return self.closing.isEmpty && self.place == self.bytes.endIndex
    }

    /// Takes a scalar, an empty container, or the beginning of one up to its first value.
    private mutating func takeValue() -> Bool {
        while true {
            self.skipBlanks()
            guard let first = self.next else { return false }
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return self.takeScalar(first) }
            guard self.closing.count < Self.depthLimit else { return false }
            let end = first + 2
            self.place += 1
            self.skipBlanks()
            if self.take(end) { return true }
            self.closing.append(end)
            if end == UInt8(ascii: "}"), !self.takeName() { return false }
        }
    }

    /// Takes what stands behind a value up to the next one; false at the end, and where something else stands.
    private mutating func takesMore() -> Bool {
        while let end = self.closing.last {
            self.skipBlanks()
            if self.take(end) {
                self.closing.removeLast()
                continue
            }
            return self.take(UInt8(ascii: ",")) && (end == UInt8(ascii: "]") || self.takeName())
        }
        return false
    }

    private mutating func takeName() -> Bool {
        self.skipBlanks()
        guard self.next == UInt8(ascii: "\""), let end = JSONString.end(of: self.bytes, from: self.place) else {
            return false
        }
        self.place = end
        self.skipBlanks()
        return self.take(UInt8(ascii: ":"))
    }

    private mutating func takeScalar(_ first: UInt8) -> Bool {
        if first == UInt8(ascii: "\"") {
            guard let end = JSONString.end(of: self.bytes, from: self.place) else { return false }
            self.place = end
            return true
        }
        let word = self.bytes[self.place...].prefix { !Self.endsWord($0) }
        self.place = word.endIndex
        return JSONNumber.isValid(word) || ["true", "false", "null"].contains { word.elementsEqual($0.utf8) }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.next == byte else { return false }
        self.place += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = self.next, byte.isSpace { self.place += 1 }
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte.isSpace || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }
}
