import WorkerDomain

/// Copies a body's first bytes and counts all of them.
struct BodyCapture {
    /// Bytes of memory that are kept for the next body.
    private static let keptRoom = 1_024

    private var bytes: [UInt8] = []
    private(set) var total = 0

    /// Every byte that passed is kept: the body could be sent again.
    var isWhole: Bool { self.total == self.bytes.count }

    /// Bytes that are kept.
    var kept: Int { self.bytes.count }

    /// Makes room at once for a body whose length is known.
    @inline(__always)
    mutating func expect(_ framing: BodyFraming, limit: Int) {
        if case .length(let count) = framing, count > 0, limit > 0 { self.bytes.reserveCapacity(min(limit, count)) }
    }

    /// - Parameters:
    ///   - payload: The next bytes of the body.
    ///   - limit: Bytes to keep of the whole body.
    @inline(__always)
    mutating func add(_ payload: UnsafeRawBufferPointer, limit: Int) {
        // What is kept has no gaps: once something was left out, nothing more is kept.
        let room = self.isWhole ? limit - self.total : 0
        if room > 0 { self.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: payload.prefix(room))) }
        self.total += payload.count
    }

    /// So many bytes have passed unseen, after what is kept.
    mutating func skip(_ count: Int) { self.total += count }

    var body: CapturedBody { CapturedBody(bytes: self.bytes, totalBytes: self.total) }

    /// Begins anew, with the memory of a short body.
    @inline(__always)
    mutating func reset() {
        self.total = 0
        self.bytes.empty(keeping: Self.keptRoom)
    }
}

extension [UInt8] {
    /// Removes everything, and keeps the memory when there are at most `room` bytes of it.
    @inline(__always)
    mutating func empty(keeping room: Int) {
        if self.capacity <= room { self.removeAll(keepingCapacity: true) } else { self = [] }
    }
}
