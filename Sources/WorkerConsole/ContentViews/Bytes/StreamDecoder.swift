/// Decodes a stream of bytes piece by piece; its owner uses it from one place at a time.
protocol StreamDecoder: ~Copyable {
    /// Decodes from the start of `input`.
    /// - Parameters:
    ///   - input: What is left of the encoded bytes; nothing is held back of what is reported as used.
    ///   - isLast: Nothing comes behind `input`.
    ///   - output: Where decoded bytes are appended.
    ///   - room: At most about so many are.
    /// - Returns: How many bytes of `input` were used up, and how the stream stands.
    mutating func decode(_ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], room: Int)
        -> (used: Int, state: StreamDecoderState)
}

enum StreamDecoderState: Sendable, Equatable {
    /// More can be decoded, from further input or with more room.
    case going
    /// The encoded stream has ended.
    case ended
    /// The input breaks the rules of the format.
    case damaged
}
