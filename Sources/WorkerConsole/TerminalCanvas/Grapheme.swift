/// What one character cell shows: a grapheme cluster of at most ``CharacterWidth/maximumScalars`` scalars, or nothing.
///
/// It has no memory of its own: a canvas has thousands of them, which are copied and compared in every frame. Scalars
/// are compared, not what Unicode holds to be equivalent.
package struct Grapheme: Sendable, Hashable {
    private static let scalarBits: UInt64 = 21
    private static let scalarMask: UInt64 = 1 << Self.scalarBits - 1
    /// Of each half, three scalars.
    private static let scalarsInHalf: UInt64 = 3

    /// The first three scalars, 21 bits each, the first one lowest; zero for none.
    let first: UInt64
    /// The other two. Bits from ``freeBit`` on are zero.
    let second: UInt64

    /// From here on the second half has room for what a cell has beside its text.
    static let freeBit: UInt64 = 2 * Self.scalarBits

    init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second & (1 << Self.freeBit - 1)
    }

    /// One scalar, which is not zero.
    package init(_ scalar: Unicode.Scalar) {
        self.first = UInt64(scalar.value)
        self.second = 0
    }

    /// The first scalars of a text of the program's own: what comes from outside is written, which makes it safe.
    package init(_ text: String) { self.init(text.unicodeScalars) }

    init(_ scalars: String.UnicodeScalarView) {
        var (first, second, index) = (0 as UInt64, 0 as UInt64, 0 as UInt64)
        for scalar in scalars {
            guard index < CharacterWidth.maximumScalars else { break }
            if index < Self.scalarsInHalf {
                first |= UInt64(scalar.value) << (index * Self.scalarBits)
            } else {
                second |= UInt64(scalar.value) << ((index - Self.scalarsInHalf) * Self.scalarBits)
            }
            index += 1
        }
        (self.first, self.second) = (first, second)
    }

    package static let blank = Grapheme(" " as Unicode.Scalar)
    /// What the second column of a wide character has.
    package static let none = Grapheme(first: 0, second: 0)

    package var isEmpty: Bool { self.first == 0 }

    /// The only scalar; `nil` when there are none or several.
    package var scalar: Unicode.Scalar? {
        guard self.first != 0, self.first <= Self.scalarMask, self.second == 0 else { return nil }
        return Unicode.Scalar(UInt32(truncatingIfNeeded: self.first))
    }

    /// All scalars, in order.
    package var scalars: [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        self.forEachScalar { scalars.append($0) }
        return scalars
    }

    package var text: String {
        if let scalar = self.scalar { return String(scalar) }
        var text = ""
        self.append(to: &text)
        return text
    }

    /// Appends the scalars to a text.
    func append(to text: inout String) { self.forEachScalar { text.unicodeScalars.append($0) } }

    private func forEachScalar(_ body: (Unicode.Scalar) -> Void) {
        for var half in [self.first, self.second] {
            while half != 0 {
                if let scalar = Unicode.Scalar(UInt32(half & Self.scalarMask)) { body(scalar) }
                half >>= Self.scalarBits
            }
        }
    }
}
