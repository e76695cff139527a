/// A text to look for in bytes; ASCII letters match in either case, everything else byte for byte.
///
/// Horspool's search: bodies of 64 MiB are looked through in one go while a person types.
struct TextNeedle: Sendable, Equatable {
    let text: String
    private let folded: [UInt8]
    /// How far the window may move on, by its last byte, folded.
    private let skips: [UInt16]

    init(_ text: String) {
        self.text = text
        self.folded = Array(text.utf8.map(Self.fold))
        let length = min(self.folded.count, Int(UInt16.max))
        var skips = [UInt16](repeating: UInt16(max(1, length)), count: 256)
        for (index, byte) in self.folded.dropLast().enumerated() {
            let skip = UInt16(clamping: self.folded.count - 1 - index)
            skips[Int(byte)] = skip
            if (0x61...0x7A).contains(byte) { skips[Int(byte - 0x20)] = skip }
        }
        self.skips = skips
    }

    static func == (left: TextNeedle, right: TextNeedle) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func occurs(in text: String) -> Bool {
        var text = text
        return text.withUTF8 { self.occurs(in: UnsafeRawBufferPointer($0)) }
    }

    func occurs(in bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { self.occurs(in: $0) } }

    /// True when both are the same text, without regard to the case of ASCII letters.
    func equals(_ text: some StringProtocol) -> Bool {
        text.utf8.count == self.folded.count && zip(text.utf8, self.folded).allSatisfy { Self.fold($0) == $1 }
    }

    private func occurs(in haystack: UnsafeRawBufferPointer) -> Bool {
        let length = self.folded.count
        guard length > 0 else { return true }
        guard haystack.count >= length else { return false }
        return self.folded.withUnsafeBufferPointer { needle in
            self.skips.withUnsafeBufferPointer { skips in
                let last = needle[length - 1]
                var end = length - 1
                while end < haystack.count {
                    let byte = haystack[end]
                    if Self.fold(byte) == last {
                        var index = length - 1
                        while index > 0, Self.fold(haystack[end - length + index]) == needle[index - 1] { index -= 1 }
                        if index == 0 { return true }
                    }
                    end += Int(skips[Int(byte)])
                }
                return false
            }
        }
    }

    private static func fold(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
