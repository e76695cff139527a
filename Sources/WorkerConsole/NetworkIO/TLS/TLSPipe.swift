import COpenSSL

/// What OpenSSL reads from and writes to: what has just arrived from the peer, where it lies, and a connection's queue.
final class TLSPipe {
    private static let waits = BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY

    /// What waits to be read: the caller's memory, or ``kept``.
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// What had arrived and could not be handed over yet.
    private var kept: UnsafeMutableRawBufferPointer?
    /// Set during ``sending(to:_:)``.
    private var output: UnsafeMutablePointer<OutboundQueue>?

    deinit {
        self.kept?.deallocate()
    }

    var hasInput: Bool { self.input.count > 0 }

    /// Makes `bytes` readable, behind what is kept, during `body`; what is not read then is kept.
    @inline(__always)
    func feed(_ bytes: UnsafeRawBufferPointer, _ body: () -> Void) {
        if self.input.count > 0 {
            self.keep(self.input, bytes)
            body()
        } else {
            let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            self.input = bytes
            body()
            if self.input.count > 0 { self.keep(self.input, nothing) } else { self.input = nothing }
        }
    }

    private func keep(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: first.count + second.count, alignment: 16)
        memory.copyMemory(from: first)
        UnsafeMutableRawBufferPointer(rebasing: memory[first.count...]).copyMemory(from: second)
        self.kept?.deallocate()
        self.kept = memory
        self.input = UnsafeRawBufferPointer(memory)
    }

    /// Drops what was not read.
    func forgetInput() {
        self.input = UnsafeRawBufferPointer(start: nil, count: 0)
        self.kept?.deallocate()
        self.kept = nil
    }

    /// Lets OpenSSL write into `queue` during `body`.
    @inline(__always)
    func sending<Result>(to queue: inout OutboundQueue, _ body: () -> Result) -> Result {
        withUnsafeMutablePointer(to: &queue) { pointer in
            self.output = pointer
            defer { self.output = nil }
            return body()
        }
    }

    // MARK: - What OpenSSL calls

    /// - Returns: How OpenSSL reaches a pipe, for ``makeEnd(_:)``; the caller frees it with `BIO_meth_free`.
    static func makeMethod() -> OpaquePointer {
        guard let method = BIO_meth_new(Int32(BIO_TYPE_SOURCE_SINK), "connection") else {
            preconditionFailure("no memory is left for TLS")
        }
        BIO_meth_set_read_ex(method) { bio, memory, room, count in
            guard let memory, let count, let pipe = BIO_get_data(bio) else { return 0 }
            count.pointee = Unmanaged<TLSPipe>.fromOpaque(pipe)._withUnsafeGuaranteedRef {
                $0.read(UnsafeMutableRawBufferPointer(start: memory, count: room))
            }
            BIO_clear_flags(bio, TLSPipe.waits)
            guard count.pointee == 0 else { return 1 }
            // Nothing has arrived; whether more will is known to the connection alone.
            BIO_set_flags(bio, TLSPipe.waits)
            return 0
        }
        BIO_meth_set_write_ex(method) { bio, bytes, size, count in
            guard let bytes, let count, let pipe = BIO_get_data(bio) else { return 0 }
            count.pointee = Unmanaged<TLSPipe>.fromOpaque(pipe)._withUnsafeGuaranteedRef {
                $0.write(UnsafeRawBufferPointer(start: bytes, count: size))
            }
            return count.pointee > 0 ? 1 : 0
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }

    /// - Returns: An end of the pipe for OpenSSL; the pipe must live longer.
    func makeEnd(_ method: OpaquePointer) -> OpaquePointer {
        guard let end = BIO_new(method) else { preconditionFailure("no memory is left for a TLS session") }
        BIO_set_data(end, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(end, 1)
        return end
    }

    @inline(__always)
    private func read(_ memory: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(memory.count, self.input.count)
        guard count > 0 else { return 0 }
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: self.input[..<count]))
        self.input = UnsafeRawBufferPointer(rebasing: self.input[count...])
        if self.input.count == 0, self.kept != nil { self.forgetInput() }
        return count
    }

    @inline(__always)
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let output = self.output else { return 0 }
        output.pointee.append(bytes)
        return bytes.count
    }
}
