/// Tells when whoever makes a connection's output should wait, and when it may go on.
struct WaterMarks {
    var limits = BufferLimits.ordinary
    /// More waits to be sent than ``BufferLimits/high``, and has not fallen to ``BufferLimits/low`` since.
    private(set) var isCongested = false
    private var awaitsEmpty = false
    /// It may go on, and was not told yet.
    private(set) var hasDrained = false

    /// Something has to be told as soon as bytes have left.
    @inline(__always)
    var areAwaited: Bool { self.awaitsEmpty || self.isCongested }

    /// What waits has grown to so many bytes.
    @inline(__always)
    mutating func rose(to pending: Int) {
        if pending > self.limits.high { self.isCongested = true }
    }

    /// Nothing leaves for now, however little waits.
    mutating func block() { self.isCongested = true }

    /// What waits has come down to so many bytes, or would have.
    @inline(__always)
    mutating func fell(to pending: Int) {
        if self.isCongested, pending <= self.limits.low {
            self.isCongested = false
            self.hasDrained = true
        }
        if self.awaitsEmpty, pending == 0 {
            self.awaitsEmpty = false
            self.hasDrained = true
        }
    }

    /// Will have drained when nothing waits any more.
    mutating func awaitEmpty() { self.awaitsEmpty = true }

    /// - Returns: True once when it has drained.
    @inline(__always)
    mutating func takeDrained() -> Bool {
        defer { self.hasDrained = false }
        return self.hasDrained
    }
}
