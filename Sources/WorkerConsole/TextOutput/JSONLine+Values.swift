import TextSafety

/// Members whose names or values are not known when the code is written.
extension JSONLine {
    /// A member with any name.
    package mutating func member(named name: String, _ value: String) {
        self.value(named: name)
        self.bytes += ControlCharacters.json(value).utf8
    }

    /// A member whose value is JSON text already.
    package mutating func member(_ name: StaticString, json: String) {
        self.value(named: "\(name)")
        self.bytes += json.utf8
    }

    package mutating func member(_ name: StaticString, signed number: Int64) {
        self.value(named: "\(name)")
        self.bytes += String(number).utf8
    }
}
