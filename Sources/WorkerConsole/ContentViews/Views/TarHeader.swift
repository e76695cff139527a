/// The header of a file in a tar archive: 512 bytes (POSIX.1-2017, pax).
struct TarHeader {
    static let size = 512

    let name: [UInt8]
    let size: Int
    let kind: UInt8
    let isEnd: Bool

    /// - Returns: `nil` when the sum of the bytes is not the one that stands there.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.size else { return nil }
        let block = ByteReader(Array(bytes.prefix(Self.size)))
        if block.bytes.allSatisfy({ $0 == 0 }) {
            self.name = []
            self.size = 0
            self.kind = 0
            self.isEnd = true
            return
        }
        var sum = 0
        for (index, byte) in block.bytes.enumerated() { sum += (148..<156).contains(index) ? 0x20 : Int(byte) }
        guard let stored = Self.number(block, 148, 8), stored == sum, let size = Self.number(block, 124, 12) else {
            return nil
        }
        func field(_ start: Int, _ count: Int) -> [UInt8] {
            Array((block.slice(start, count) ?? []).prefix { $0 != 0 })
        }
        let prefix = block.has("ustar\0", at: 257) ? field(345, 155) : []
        self.name = prefix.isEmpty ? field(0, 100) : prefix + [UInt8(ascii: "/")] + field(0, 100)
        self.size = size
        self.kind = block.bytes[156]
        self.isEnd = false
    }

    static func isTar(_ bytes: [UInt8]) -> Bool { TarHeader(bytes[...]).map { !$0.isEnd } ?? false }

    /// Octal digits, or a binary number whose first bit is set.
    private static func number(_ block: ByteReader, _ start: Int, _ count: Int) -> Int? {
        guard let first = block.byte(start), let field = block.slice(start, count) else { return nil }
        if first & 0x80 != 0 { return block.big(start + count - 7, 7) }
        var value = 0
        for byte in field.drop(while: { $0 == 0x20 }) {
            guard (0x30...0x37).contains(byte) else { return byte == 0 || byte == 0x20 ? value : nil }
            value = value << 3 | Int(byte - 0x30)
        }
        return value
    }
}
