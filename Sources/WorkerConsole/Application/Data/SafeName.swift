import Digests

/// Names of files for keys: none leads out of its folder, and two keys never have one name.
enum SafeName {
    /// What a file system takes.
    private static let longest = 255
    /// Bytes of the digest that tells names apart which begin the same.
    private static let markSize = 12
    /// Names of devices on Windows, where a copied folder could not be opened.
    private static let reserved: Set<String> = Set(
        ["con", "prn", "aux", "nul"] + (1...9).flatMap { ["com\($0)", "lpt\($0)"] })

    /// The folders and the file of a key; empty for the empty key.
    ///
    /// `..`, NUL, control characters and the like are percent-encoded, and so is a slash that has nothing before it or
    /// nothing behind it. What already looks encoded is encoded once more, so that the way back is one.
    static func path(of key: String) -> [String] {
        var segments: [[UInt8]] = [[]]
        let bytes = Array(key.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "/"), !(segments.last?.isEmpty ?? true), index + 1 < bytes.count {
                segments.append([])
            } else {
                segments[segments.count - 1].append(byte)
            }
        }
        return segments.filter { !$0.isEmpty }.map { self.name(of: $0) }
    }

    /// The file name of the last part of a key.
    static func file(of key: String) -> String? { self.path(of: key).last }

    private static func name(of segment: [UInt8]) -> String {
        var name: [UInt8] = []
        let isDots = segment.allSatisfy { $0 == UInt8(ascii: ".") }
        let text = String(decoding: segment, as: UTF8.self)
        let stem = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let isReserved = self.reserved.contains(stem.lowercased())
        let last = segment.indices.last
        for (index, byte) in segment.enumerated() {
            let mustEncode =
                isDots || byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
                || (isReserved && index == 0)
                || (index == last && (byte == UInt8(ascii: " ") || byte == UInt8(ascii: ".")))
                || (byte == UInt8(ascii: "%") && self.looksEncoded(segment, index))
            name += mustEncode ? self.encoded(byte) : [byte]
        }
        // What looks cut is cut as well: a key could be called as the file of another one is.
        guard name.count > self.longest || self.looksCut(name) else { return String(decoding: name, as: UTF8.self) }
        // Cut between characters, and told from others that begin the same by a digest of the whole.
        var end = min(220, name.count)
        while end > 0, end < name.count, name[end] & 0xC0 == 0x80 { end -= 1 }
        let mark = Digest.hexadecimal(Digest.sha256.hash(segment).prefix(self.markSize))
        return String(decoding: name[..<end], as: UTF8.self) + "~" + mark
    }

    /// Ends as a name that was cut: `~` and the digits of a digest.
    private static func looksCut(_ name: [UInt8]) -> Bool {
        let end = name.suffix(2 * self.markSize + 1)
        return end.count == 2 * self.markSize + 1 && end.first == UInt8(ascii: "~")
            && end.dropFirst().allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func looksEncoded(_ segment: [UInt8], _ index: Int) -> Bool {
        let digits = segment[(index + 1)...].prefix(2)
        return digits.count == 2
            && digits.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
            }
    }

    private static func encoded(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
