/// Eight bytes of a head that are looked at together, the first of them lowest.
///
/// Tests of single bytes give a word in which bit 7 of each byte says what came of it; the other bits mean nothing. Their
/// sums never carry from one byte into the next, as they are made of the lower seven bits alone.
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

    /// Marks the bytes below 128, and has no other bits.
    @inline(__always)
    private var belowHigh: UInt64 { ~self.bits & Self.all(0x80) }

    /// Marks the bytes whose lower seven bits are at least `byte`.
    @inline(__always)
    private func marked(atLeast byte: UInt8) -> UInt64 { (self.bits & Self.all(0x7F)) &+ Self.all(0x80 &- byte) }

    /// Marks the bytes from `first` to `last`, which are below 127, and has no other bits.
    @inline(__always)
    private func marked(from first: UInt8, to last: UInt8) -> UInt64 {
        (self.marked(atLeast: first) ^ self.marked(atLeast: last &+ 1)) & self.belowHigh
    }

    /// None of them is a control byte, not even a tab.
    @inline(__always)
    var areText: Bool { (~self.marked(atLeast: 0x20) | self.marked(atLeast: 0x7F)) & self.belowHigh == 0 }

    /// How many at the beginning are letters, digits or hyphens.
    @inline(__always)
    var plainNameCount: Int {
        let letters = EightBytes(self.bits | Self.all(0x20)).marked(from: 0x61, to: 0x7A)
        let others = ~(letters | self.marked(from: 0x30, to: 0x39) | self.marked(from: 0x2D, to: 0x2D)) & Self.all(0x80)
        return others.trailingZeroBitCount / 8
    }

    /// With small letters in place of capital ones.
    @inline(__always)
    var lower: EightBytes { EightBytes(self.bits | self.marked(from: 0x41, to: 0x5A) >> 2) }

    @inline(__always)
    static func == (left: EightBytes, right: EightBytes) -> Bool { left.bits == right.bits }
}
