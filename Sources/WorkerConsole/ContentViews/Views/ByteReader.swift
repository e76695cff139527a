/// Numbers and texts at places of a header; what is not there is `nil`.
struct ByteReader {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func byte(_ offset: Int) -> UInt8? { self.bytes.indices.contains(offset) ? self.bytes[offset] : nil }

    func starts(_ pattern: [UInt8]) -> Bool { self.bytes.starts(with: pattern) }

    func has(_ text: String, at offset: Int) -> Bool {
        offset >= 0 && offset + text.utf8.count <= self.bytes.count
            && self.bytes[offset..<(offset + text.utf8.count)].elementsEqual(text.utf8)
    }

    /// At most 7 bytes, so that it is never negative; 8 where they fit.
    func big(_ offset: Int, _ count: Int) -> Int? {
        guard offset >= 0, offset <= self.bytes.count - count else { return nil }
        let value = self.bytes[offset..<(offset + count)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }

    func little(_ offset: Int, _ count: Int) -> Int? {
        guard offset >= 0, offset <= self.bytes.count - count else { return nil }
        let value = self.bytes[offset..<(offset + count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }

    func slice(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= self.bytes.count - count else { return nil }
        return self.bytes[offset..<(offset + count)]
    }
}
