import CBrotli

/// Decodes Brotli (RFC 7932). Its window, and with it the memory, is 16 MiB at most.
struct BrotliDecoder: StreamDecoder, ~Copyable {
    private let state: OpaquePointer?

    init() { self.state = BrotliDecoderCreateInstance(nil, nil, nil) }

    deinit { if let state = self.state { BrotliDecoderDestroyInstance(state) } }

    mutating func decode(_ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], room: Int)
        -> (used: Int, state: StreamDecoderState)
    {
        guard let state = self.state else { return (0, .damaged) }
        var used = 0
        var result = StreamDecoderState.going
        let decoded = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            input.withUnsafeBufferPointer { bytes in
                var available = bytes.count
                var next = bytes.baseAddress
                var roomLeft = room
                var place = buffer.baseAddress
                let code = BrotliDecoderDecompressStream(state, &available, &next, &roomLeft, &place, nil)
                used = bytes.count - available
                count = room - roomLeft
                switch code {
                case BROTLI_DECODER_RESULT_SUCCESS: result = .ended
                case BROTLI_DECODER_RESULT_ERROR: result = .damaged
                default: result = .going
                }
            }
        }
        output += decoded
        return (used, result)
    }
}
