/// Bytes that have arrived and cannot be used yet: part of a head, a body that cannot go on, requests that follow.
struct HeldBytes {
    private var bytes: [UInt8] = []
    private var start = 0

    var isEmpty: Bool { self.start == self.bytes.count }
    var count: Int { self.bytes.count - self.start }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        guard more.count > 0 else { return }
        if self.start > 0 {
            self.bytes.removeFirst(self.start)
            self.start = 0
        }
        self.bytes.append(contentsOf: more)
    }

    /// Takes `count` bytes away from the front.
    mutating func consume(_ count: Int) {
        self.start += count
        precondition(self.start <= self.bytes.count, "more was used than there was")
        if self.start == self.bytes.count { self.removeAll() }
    }

    mutating func removeAll() {
        self.bytes = []
        self.start = 0
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        self.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[self.start...])) }
    }

    var array: [UInt8] { Array(self.bytes[self.start...]) }
}
