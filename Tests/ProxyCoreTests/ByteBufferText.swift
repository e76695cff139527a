import NIOCore

/// A buffer that is read as text.
struct ByteBufferText {
    var buffer = ByteBuffer()

    var text: String { String(buffer: self.buffer) }
}
