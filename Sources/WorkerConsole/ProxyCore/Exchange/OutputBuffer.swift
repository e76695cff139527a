import NIOCore

/// Joins small writes to one connection into one buffer, so that a flush is one system call on one piece of memory.
struct OutputBuffer {
    /// Pieces up to this size are copied into the joined buffer; larger ones go out as they are.
    private static let joinLimit = 16_384
    private var pending: ByteBuffer?

    var isEmpty: Bool { self.pending == nil }

    /// Starts with a buffer that its writer has built.
    @inline(__always)
    mutating func append(owned buffer: consuming ByteBuffer, to context: ChannelHandlerContext) {
        if let pending = self.pending { context.write(NIOAny(pending), promise: nil) }
        self.pending = buffer
    }

    @inline(__always)
    mutating func append(_ buffer: consuming ByteBuffer, to context: ChannelHandlerContext) {
        if buffer.readableBytes <= Self.joinLimit, var joined = self.pending.take() {
            joined.writeBuffer(&buffer)
            self.pending = joined
            return
        }
        if let pending = self.pending.take() { context.write(NIOAny(pending), promise: nil) }
        context.write(NIOAny(buffer), promise: nil)
    }

    /// Appends what `body` writes.
    @inline(__always)
    mutating func append(loop: LoopContext, _ body: (inout ByteBuffer) -> Void) {
        var joined = self.pending.take() ?? loop.takeBuffer(capacity: 64)
        body(&joined)
        self.pending = joined
    }

    /// Writes and flushes what is there.
    /// - Parameter promise: Fulfilled when everything so far has been handed to the system.
    mutating func flush(to context: ChannelHandlerContext, loop: LoopContext, promise: EventLoopPromise<Void>? = nil) {
        if let pending = self.pending.take() {
            context.write(NIOAny(pending), promise: promise)
            context.flush()
            loop.giveBack(pending)
        } else {
            if let promise { context.write(NIOAny(ByteBuffer()), promise: promise) }
            context.flush()
        }
    }

    mutating func discard() {
        self.pending = nil
    }
}
