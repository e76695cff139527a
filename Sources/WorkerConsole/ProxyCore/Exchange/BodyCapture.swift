import NIOCore
import WorkerDomain

/// Copies a body's first bytes and counts all of them.
struct BodyCapture {
    private var bytes: [UInt8] = []
    private(set) var total = 0

    /// Makes room at once for a body whose length is known.
    @inline(__always)
    mutating func expect(_ framing: BodyFraming, limit: Int) {
        if case .length(let count) = framing, count > 0, limit > 0 { self.bytes.reserveCapacity(min(limit, count)) }
    }

    /// - Parameters:
    ///   - buffer: Payload; it is copied, because a slice would keep the whole receive buffer alive.
    ///   - limit: Bytes to keep of the whole body.
    @inline(__always)
    mutating func add(_ buffer: ByteBuffer, limit: Int) {
        let count = buffer.readableBytes
        let room = limit - self.total
        if room > 0 {
            buffer.withUnsafeReadableBytes {
                self.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0.prefix(room)))
            }
        }
        self.total += count
    }

    var body: CapturedBody { CapturedBody(bytes: self.bytes, totalBytes: self.total) }
}
