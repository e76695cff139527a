import CZstd

/// Decodes Zstandard (RFC 8878), several frames too.
struct ZstdDecoder: StreamDecoder, ~Copyable {
    /// Frames whose window is larger than 2 to this power, 32 MiB, are refused: HTTP allows 8 MiB (RFC 9659).
    private static let windowLimit: Int32 = 25

    private let stream: OpaquePointer?
    /// A frame has ended, and none has begun behind it.
    private var isBetweenFrames = true
    private var hasBegun = false

    init() {
        self.stream = ZSTD_createDCtx()
        if let stream = self.stream { _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Self.windowLimit) }
    }

    deinit { if let stream = self.stream { ZSTD_freeDCtx(stream) } }

    mutating func decode(_ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], room: Int)
        -> (used: Int, state: StreamDecoderState)
    {
        guard let stream = self.stream else { return (0, .damaged) }
        if input.isEmpty, isLast, self.isBetweenFrames, self.hasBegun { return (0, .ended) }
        var used = 0
        var result = StreamDecoderState.going
        var isFrameEnd = false
        let decoded = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            input.withUnsafeBufferPointer { bytes in
                var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
                var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: room, pos: 0)
                let code = ZSTD_decompressStream(stream, &target, &source)
                used = source.pos
                count = target.pos
                if ZSTD_isError(code) != 0 { result = .damaged }
                isFrameEnd = code == 0
            }
        }
        output += decoded
        if used > 0 || !decoded.isEmpty {
            self.hasBegun = true
            self.isBetweenFrames = isFrameEnd
        }
        // What is behind the last frame and is none does not count.
        if result == .damaged, self.isBetweenFrames, self.hasBegun { result = .ended }
        return (used, result)
    }
}
