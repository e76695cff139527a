import CLinux

/// Something that has operations under way in a ring; it is told what became of each.
///
/// It stays in memory until the kernel has said the last word on all of them.
class UringSource {
    /// The operations of one source; each is under way at most once.
    enum Operation: UInt64 {
        case receive = 0
        case send = 1
        case connect = 2
        /// Waits until something can be read or accepted.
        case readable = 3
        case writable = 4
    }

    private static let operationMask: UInt64 = 7

    private var operationCount = 0

    /// What a completion of this operation comes back with: an object's address ends with zeros enough.
    @inline(__always)
    final func context(_ operation: Operation) -> UInt64 {
        UInt64(UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque())) | operation.rawValue
    }

    /// What a completion belongs to; `nil` for one that nobody waits for.
    @inline(__always)
    static func owner(of context: UInt64) -> (source: UringSource, operation: Operation)? {
        guard let operation = Operation(rawValue: context & self.operationMask),
            let address = UnsafeRawPointer(bitPattern: UInt(context & ~self.operationMask))
        else { return nil }
        return (Unmanaged<UringSource>.fromOpaque(address).takeUnretainedValue(), operation)
    }

    @inline(__always)
    static func isSend(_ context: UInt64) -> Bool {
        context & self.operationMask == Operation.send.rawValue
    }

    /// Notes that an operation was prepared, and keeps the source for it.
    @inline(__always)
    final func began() {
        self.operationCount += 1
        if self.operationCount == 1 { _ = Unmanaged.passRetained(self) }
    }

    /// Notes that nothing more comes of an operation.
    @inline(__always)
    final func ended() {
        self.operationCount -= 1
        if self.operationCount == 0 { Unmanaged.passUnretained(self).release() }
    }

    /// Tells what became of an operation.
    /// - Parameters:
    ///   - operation: Which one.
    ///   - result: What the system call would have returned, or -errno.
    ///   - buffer: The ring's buffer that holds `result` bytes; the source gives it back.
    ///   - hasMore: The operation is still under way.
    ///   - loop: The source's loop.
    func completed(_ operation: Operation, result: Int32, buffer: UInt32?, hasMore: Bool, for loop: EventLoop) {
        preconditionFailure("every source handles its completions itself")
    }

    /// Called instead of ``proceed(for:)`` when there is no next turn.
    func loopEnded() {}

    /// Called in the next turn after ``UringEngine/proceedLater(_:)``.
    func proceed(for loop: EventLoop) {
        preconditionFailure("every source handles this itself")
    }
}
