import TextSafety

/// One JSON object on a line of its own, written member by member.
///
/// Thousands are made each second, so nothing is gathered before: each value goes behind the ones before it. What is not
/// plain ASCII goes by ``ControlCharacters``.
package struct JSONLine {
    /// Ends with a line feed once ``end()`` was called.
    package var bytes: [UInt8] = []
    private var isFirst = true

    package init(capacity: Int = 0) {
        self.bytes.reserveCapacity(capacity)
    }

    /// Begins an object, on the top level or as the value of a member.
    package mutating func begin(_ name: StaticString? = nil) {
        if let name { self.name(name) }
        self.bytes.append(UInt8(ascii: "{"))
        self.isFirst = true
    }

    /// Ends the innermost object.
    package mutating func end(isLine: Bool = false) {
        self.bytes.append(UInt8(ascii: "}"))
        if isLine { self.bytes.append(UInt8(ascii: "\n")) }
        self.isFirst = isLine
    }

    package mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        var value = value
        let isPlain = value.withUTF8 { $0.allSatisfy(Self.isPlain) }
        guard isPlain else {
            self.bytes += ControlCharacters.json(value).utf8
            return
        }
        self.bytes.append(UInt8(ascii: "\""))
        value.withUTF8 { self.bytes += $0 }
        self.bytes.append(UInt8(ascii: "\""))
    }

    package mutating func member(_ name: StaticString, _ value: some BinaryInteger) {
        self.name(name)
        self.number(UInt64(clamping: value))
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        self.bytes += (value ? "true" : "false").utf8
    }

    /// A time in milliseconds, to the microsecond: `12`, `0.5`, `3.207`. A negative one is zero.
    package mutating func member(_ name: StaticString, milliseconds duration: Duration) {
        self.name(name)
        let (seconds, attoseconds) = max(.zero, duration).components
        let microseconds = UInt64(seconds) * 1_000_000 + UInt64((attoseconds + 500_000_000_000) / 1_000_000_000_000)
        self.number(microseconds / 1_000)
        var rest = microseconds % 1_000
        guard rest > 0 else { return }
        self.bytes.append(UInt8(ascii: "."))
        var unit: UInt64 = 100
        while rest > 0 {
            self.bytes.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    // MARK: Parts

    /// Begins a member with a name that is not known when the code is written.
    package mutating func value(named name: String) {
        if !self.isFirst { self.bytes.append(UInt8(ascii: ",")) }
        self.isFirst = false
        self.bytes += ControlCharacters.json(name).utf8
        self.bytes.append(UInt8(ascii: ":"))
    }

    private mutating func name(_ name: StaticString) {
        if !self.isFirst { self.bytes.append(UInt8(ascii: ",")) }
        self.isFirst = false
        self.bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { self.bytes += $0 }
        self.bytes.append(UInt8(ascii: "\""))
        self.bytes.append(UInt8(ascii: ":"))
    }

    private mutating func number(_ number: UInt64) {
        var text = String(number)
        text.withUTF8 { self.bytes += $0 }
    }

    /// Printable ASCII that JSON does not escape.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
