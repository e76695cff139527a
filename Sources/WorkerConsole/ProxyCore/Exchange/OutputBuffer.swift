import NIOCore

/// Joins small writes to one connection into one buffer, so that a flush is one system call on one piece of memory.
///
/// A class, because a write or a flush may close the channel and so come back to this buffer while it is at work.
final class OutputBuffer {
    /// Pieces up to this size are copied into the joined buffer; larger ones go out as they are.
    private static let joinLimit = 4_096
    /// From so many bytes on it is dearer to let them grow cold in the cache than to wake the peer's process.
    private static let waitLimit = 32_768
    private var pending: ByteBuffer?
    private var passed = 0

    /// Enough is written that it should be sent at once.
    var isFull: Bool { self.passed >= Self.waitLimit }

    var isEmpty: Bool { self.pending == nil }

    /// Starts with a buffer that its writer has built.
    @inline(__always)
    func append(owned buffer: consuming ByteBuffer, to context: ChannelHandlerContext) {
        if let pending = self.pending.take() { context.write(NIOAny(pending), promise: nil) }
        self.pending = buffer
    }

    @inline(__always)
    func append(_ buffer: consuming ByteBuffer, to context: ChannelHandlerContext) {
        if buffer.readableBytes <= Self.joinLimit, var joined = self.pending.take() {
            joined.writeBuffer(&buffer)
            self.pending = joined
            return
        }
        if let pending = self.pending.take() { context.write(NIOAny(pending), promise: nil) }
        self.passed += buffer.readableBytes
        context.write(NIOAny(buffer), promise: nil)
    }

    /// Appends what `body` writes.
    @inline(__always)
    func append(loop: LoopContext, _ body: (inout ByteBuffer) -> Void) {
        var joined = self.pending.take() ?? loop.takeBuffer(capacity: 64)
        body(&joined)
        self.pending = joined
    }

    /// Writes and flushes what is there.
    /// - Parameters:
    ///   - context: Where it goes.
    ///   - loop: Gets the memory back; `nil` when somebody else keeps what was written.
    ///   - promise: Fulfilled when the system has taken all of it.
    func flush(to context: ChannelHandlerContext, loop: LoopContext? = nil, promise: EventLoopPromise<Void>? = nil) {
        self.passed = 0
        if let pending = self.pending.take() {
            context.write(NIOAny(pending), promise: promise)
            context.flush()
            loop?.giveBack(pending)
        } else {
            if let promise { context.write(NIOAny(ByteBuffer()), promise: promise) }
            context.flush()
        }
    }

    func discard() {
        self.pending = nil
    }
}
