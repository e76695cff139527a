extension StringProtocol {
    /// The text with other texts in place of some ASCII characters, each counted as a byte.
    ///
    /// `replacing` of the standard library compares characters, and a quote with a combining mark behind it is another
    /// character: what a format ends its text with would stay as it is.
    package func replacing(bytes replacements: [UInt8: String]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.utf8.count)
        for byte in self.utf8 {
            if let replacement = replacements[byte] {
                bytes += replacement.utf8
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text between two of a quotation mark, which is doubled inside: a name or a text of SQL, a field of CSV.
    package func quoted(_ mark: Unicode.Scalar) -> String {
        "\(mark)\(self.replacing(bytes: [UInt8(ascii: mark): "\(mark)\(mark)"]))\(mark)"
    }
}
