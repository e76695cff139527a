/// Knows whether a place of a source stands within a text in quotation marks: Python's, TOML's, JSON's.
///
/// A text of one line ends with it, so that an apostrophe in a comment concerns no further line.
struct SourceTexts {
    private static let backslash = UInt8(ascii: "\\")

    private var open: UInt8?
    private var isTriple = false
    private var isEscaped = false
    /// Quotation marks of one kind that have just come one behind the other.
    private var run = 0
    private var last: UInt8 = 0

    /// The bytes that were taken end within a text.
    var isInside: Bool { self.open != nil }

    mutating func take(_ byte: UInt8) {
        defer { self.last = byte }
        guard byte == 0x22 || byte == 0x27 || byte == 0x60 else {
            self.run = 0
            if byte.isLineEnd {
                if !self.isTriple { self.open = nil }
                self.isEscaped = false
            } else {
                self.isEscaped = byte == Self.backslash && !self.isEscaped
            }
            return
        }
        if self.isEscaped {
            self.isEscaped = false
            self.run = 0
            return
        }
        self.run = byte == self.last ? self.run + 1 : 1
        self.quote(byte)
    }

    private mutating func quote(_ mark: UInt8) {
        guard let open = self.open else {
            self.open = mark
            // The third one behind an empty text opens a text of several lines.
            self.isTriple = self.run == 3
            return
        }
        guard open == mark else { return }
        if self.isTriple {
            guard self.run == 3 else { return }
            self.run = 0
        }
        self.open = nil
        self.isTriple = false
    }
}
