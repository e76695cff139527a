/// A coding that is taken off before anything is shown.
package enum ContentCoding: String, Sendable, Equatable, CaseIterable {
    case gzip, deflate
    case brotli = "br"
    case zstd

    /// More layers than this are not taken off.
    static let deepest = 4

    /// By the name that `Content-Encoding` has for it.
    init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        case "br": self = .brotli
        case "zstd": self = .zstd
        default: return nil
        }
    }

    /// The codings of a `Content-Encoding`, in the order in which they are taken off: the last one first (RFC 9110
    /// section 8.4). It ends at the first one that is not known.
    static func list(_ field: String?) -> [ContentCoding] {
        var codings: [ContentCoding] = []
        for name in (field ?? "").utf8.split(separator: UInt8(ascii: ",")).suffix(self.deepest).reversed() {
            let trimmed = Substring(name).filter { $0 != " " && $0 != "\t" }
            if trimmed.lowercased() == "identity" || trimmed.isEmpty { continue }
            guard let coding = ContentCoding(name: trimmed) else { break }
            codings.append(coding)
        }
        return codings
    }

    /// By the first bytes; deflate and Brotli have none that tell.
    static func detect(_ bytes: [UInt8]) -> ContentCoding? {
        if bytes.starts(with: [0x1F, 0x8B, 0x08]) { return .gzip }
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        return nil
    }

    /// False when the first bytes cannot be of this coding: the name is the sender's, and may be wrong or have been
    /// kept by what took the coding off.
    func mayBegin(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .gzip: bytes.isEmpty || bytes.starts(with: [0x1F, 0x8B].prefix(bytes.count))
        case .zstd:
            bytes.isEmpty || bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD].prefix(bytes.count))
                || (bytes.count >= 4 && bytes[0] & 0xF0 == 0x50 && Array(bytes[1..<4]) == [0x2A, 0x4D, 0x18])
        case .deflate, .brotli: true
        }
    }

    /// Its first bytes tell it from everything else.
    var hasMark: Bool { self == .gzip || self == .zstd }

    func decoded(_ source: any ByteSource, limit: Int) -> any ByteSource {
        switch self {
        case .gzip: DecodedSource(source, decoder: Inflater(.gzip), coding: self.rawValue, limit: limit)
        case .deflate: DecodedSource(source, decoder: Inflater(.deflate), coding: self.rawValue, limit: limit)
        case .brotli: DecodedSource(source, decoder: BrotliDecoder(), coding: self.rawValue, limit: limit)
        case .zstd: DecodedSource(source, decoder: ZstdDecoder(), coding: self.rawValue, limit: limit)
        }
    }
}
