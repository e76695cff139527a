import Glibc

/// Makes UTF-8 of text in another encoding, with glibc's iconv; bytes that are none become U+FFFD.
struct TextTranscoder: StreamDecoder, ~Copyable {
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private let converter: iconv_t
    /// Bytes that are left out where they are no character.
    private let unit: Int

    /// - Returns: `nil` when the system has no decoder for it: `gconv-modules` are a package of their own on some.
    init?(_ encoding: TextEncoding) {
        guard let converter = iconv_open("UTF-8", encoding.iconvName), Int(bitPattern: converter) != -1 else {
            return nil
        }
        self.converter = converter
        self.unit = encoding == .utf16Little || encoding == .utf16Big ? 2 : 1
    }

    deinit { iconv_close(self.converter) }

    mutating func decode(_ input: ArraySlice<UInt8>, isLast: Bool, into output: inout [UInt8], room: Int)
        -> (used: Int, state: StreamDecoderState)
    {
        if input.isEmpty { return (0, isLast ? .ended : .going) }
        var used = 0
        var needsMore = false
        // A character may need 4 bytes, and the replacement 3.
        let capacity = max(16, room)
        let converter = self.converter
        let unit = self.unit
        let decoded = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            input.withUnsafeBufferPointer { bytes in
                guard let inputStart = bytes.baseAddress, let outputStart = buffer.baseAddress else { return }
                while used < bytes.count, count + 8 <= capacity {
                    // iconv does not write to its input; its C type lacks the const.
                    var source: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(
                        mutating: UnsafeRawPointer(inputStart + used)
                    ).assumingMemoryBound(to: CChar.self)
                    var sourceLeft = bytes.count - used
                    var target: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(outputStart + count)
                        .assumingMemoryBound(to: CChar.self)
                    var targetLeft = capacity - count
                    let result = iconv(converter, &source, &sourceLeft, &target, &targetLeft)
                    let code = errno
                    used = bytes.count - sourceLeft
                    count = capacity - targetLeft
                    if result != -1 { continue }
                    if code == E2BIG { break }
                    if code == EINVAL, !isLast {
                        needsMore = true
                        break
                    }
                    guard count + 3 <= capacity else { break }
                    for byte in Self.replacement {
                        buffer[count] = byte
                        count += 1
                    }
                    used = min(bytes.count, used + unit)
                    _ = iconv(converter, nil, nil, nil, nil)
                }
            }
        }
        output += decoded
        if used == 0, needsMore, input.count >= 16 { return (0, .damaged) }
        return (used, isLast && used == input.count ? .ended : .going)
    }
}

extension TextEncoding {
    /// A short text in whatever encoding it is: a name in an archive.
    static func decoded(_ bytes: [UInt8]) -> String {
        guard let encoding = self.detect(bytes, charset: nil)?.encoding else { return bytes.text }
        return encoding.utf8(of: bytes)?.text ?? bytes.text
    }

    /// A short text as UTF-8, without a mark.
    /// - Returns: `nil` when the system has no decoder for it.
    func utf8(of bytes: [UInt8]) -> [UInt8]? {
        if self == .utf8 { return bytes }
        guard var transcoder = TextTranscoder(self) else { return nil }
        var output: [UInt8] = []
        _ = transcoder.decode(bytes[...], isLast: true, into: &output, room: 4 * bytes.count + 16)
        return output
    }
}
