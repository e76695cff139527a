/// Byte arrays of exchanges that were let go, kept for their memory: a full journal copies bytes and allocates nothing.
struct SpareBytes {
    /// Arrays kept at most; a few are enough, because one comes for nearly every one that goes.
    private static let limit = 16
    /// Arrays of this size and more are kept as they come instead of being copied.
    private static let ownedSize = 2_048
    /// Bytes that a kept array has room for at most: a larger one would fit nothing that is copied.
    private static let roomLimit = 2 * Self.ownedSize + 64

    private var arrays: [[UInt8]] = []

    /// Keeps an array for its memory.
    mutating func put(_ array: consuming [UInt8]) {
        if self.arrays.count < Self.limit, array.capacity <= Self.roomLimit { self.arrays.append(array) }
    }

    /// Keeps a large array as it is, and copies a small one so that its memory can be used again where it came from.
    mutating func own(_ array: [UInt8]) -> [UInt8] {
        let isTight = array.capacity <= 2 * array.count + 64
        return array.count >= Self.ownedSize && isTight ? array : self.copy(array.span.bytes)
    }

    /// Copies bytes, into memory that is not much larger than they are.
    mutating func copy(_ bytes: RawSpan) -> [UInt8] {
        let count = bytes.byteCount
        var array = self.arrays.popLast() ?? []
        if array.capacity < count || array.capacity > 2 * count + 64 {
            array = []
            array.reserveCapacity(count)
        } else {
            array.removeAll(keepingCapacity: true)
        }
        bytes.withUnsafeBytes { array.append(contentsOf: $0) }
        return array
    }
}

/// Leaves an empty array in the place of this one.
func take(_ array: inout [UInt8]) -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &array)
    return taken
}
