/// Eight bytes of a head that are looked at together, the first of them lowest.
///
/// The tests give a word with bit 7 of each byte that passes. Their sums never carry from one byte into the next, as they
/// are made of the lower seven bits alone.
struct EightBytes {
    static let count = 8

    private let bits: UInt64

    @inline(__always)
    private init(_ bits: UInt64) { self.bits = bits }

    /// - Precondition: `start..<start + 8` are bytes of `bytes`.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, at start: Int) {
        self.init(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
    }

    @inline(__always)
    private static func all(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// The bytes below 128.
    @inline(__always)
    private var isASCII: UInt64 { ~self.bits & Self.all(0x80) }

    /// Those of the lower seven bits that are at least `byte`.
    @inline(__always)
    private func isAtLeast(_ byte: UInt8) -> UInt64 { (self.bits & Self.all(0x7F)) &+ Self.all(0x80 &- byte) }

    @inline(__always)
    private func isAmong(_ first: UInt8, _ last: UInt8) -> UInt64 {
        (self.isAtLeast(first) ^ self.isAtLeast(last &+ 1)) & self.isASCII
    }

    /// None of them is a control byte, not even a tab.
    @inline(__always)
    var areText: Bool { (~self.isAtLeast(0x20) | self.isAtLeast(0x7F)) & self.isASCII == 0 }

    /// How many at the beginning are letters, digits or hyphens.
    @inline(__always)
    var plainNameCount: Int {
        let letters = EightBytes(self.bits | Self.all(0x20)).isAmong(0x61, 0x7A)
        let others = ~(letters | self.isAmong(0x30, 0x39) | self.isAmong(0x2D, 0x2D)) & Self.all(0x80)
        return others.trailingZeroBitCount / 8
    }

    /// With small letters in place of capital ones.
    @inline(__always)
    var lower: EightBytes { EightBytes(self.bits | self.isAmong(0x41, 0x5A) >> 2) }

    @inline(__always)
    static func == (left: EightBytes, right: EightBytes) -> Bool { left.bits == right.bits }
}
