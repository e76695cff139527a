/// A text that is told from others by its bytes.
///
/// Swift's own `==` takes `é` in one scalar and in two for the same text; to a store they are two keys. Dictionaries and
/// sets of keys, names and paths from outside are keyed by this.
package struct ByteString: Sendable, Hashable, Comparable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ByteString, right: ByteString) -> Bool { left.text.hasSameBytes(as: right.text) }

    /// The order of stores: byte by byte.
    package static func < (left: ByteString, right: ByteString) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = self.text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension StringProtocol {
    /// True when both are the same bytes of UTF-8; see ``ByteString``.
    package func hasSameBytes(as other: some StringProtocol) -> Bool { self.utf8.elementsEqual(other.utf8) }
}

extension String? {
    /// True when both are missing, or both are the same bytes of UTF-8.
    package func hasSameBytes(as other: String?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.utf8.elementsEqual(other.utf8)
    }
}
