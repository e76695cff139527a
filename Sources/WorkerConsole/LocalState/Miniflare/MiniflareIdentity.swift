import Digests

/// Computes the names that miniflare gives to the files of a binding.
///
/// The rule is workerd's `idFromName` (src/workerd/server/actor-id-impl.c++) on the name that the configuration gives.
package enum MiniflareIdentity {
    /// The kinds of local state that have a file of their own for each name.
    package enum Kind: String, Sendable {
        case d1, r2, kv

        /// The folder of the databases, which is also the key of their identifiers.
        package var uniqueKey: String {
            switch self {
            case .d1: "miniflare-D1DatabaseObject"
            case .r2: "miniflare-R2BucketObject"
            case .kv: "miniflare-KVNamespaceObject"
            }
        }
    }

    /// The 64 hexadecimal digits that name the file of `name`.
    package static func identifier(uniqueKey: String, name: String) -> String {
        let key = Digest.sha256.hash(Array(uniqueKey.utf8))
        let head = Array(Digest.sha256.authenticationCode(of: Array(name.utf8), key: key).prefix(16))
        let tail = Array(Digest.sha256.authenticationCode(of: head, key: key).prefix(16))
        return Self.hexadecimal(head + tail)
    }

    /// The 64 hexadecimal digits that name the file of `name`.
    package static func identifier(_ kind: Kind, name: String) -> String {
        self.identifier(uniqueKey: kind.uniqueKey, name: name)
    }

    /// The folder name that holds the blobs of `name`.
    ///
    /// The rule is miniflare's `sanitisePath` (src/workers/shared/data.ts): nothing that it returns can leave the
    /// folder above. Usual bucket names pass unchanged.
    package static func sanitised(_ name: String) -> String {
        let segments = name.utf16.split(omittingEmptySubsequences: false) { $0 == Self.slash || $0 == Self.backslash }
        let withoutDots = segments.map { segment in
            segment.map { segment.allSatisfy { $0 == Self.dot } ? Self.underscore : $0 }
        }
        var units = Array(withoutDots.joined(separator: [Self.slash]))
        units = units.map { Self.isForbidden($0) ? Self.underscore : $0 }
        if let first = units.first, first == Self.space { units[0] = Self.underscore }
        if let last = units.last, last == Self.space { units[units.count - 1] = Self.underscore }
        units = Array(units.prefix(255))
        let text = String(decoding: units, as: UTF16.self)
        return Self.isReserved(text) ? "_" : text
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String { Digest.hexadecimal(bytes) }

    private static let underscore = UInt16(0x5f)
    private static let slash = UInt16(0x2f)
    private static let backslash = UInt16(0x5c)
    private static let dot = UInt16(0x2e)
    private static let space = UInt16(0x20)
    private static let marks = Set(#"?<>*"'^/\:|"#.utf16)

    private static func isForbidden(_ unit: UInt16) -> Bool {
        unit < 0x20 || (0x80...0x9f).contains(unit) || self.marks.contains(unit)
    }

    /// Names of devices on Windows, alone or with an extension.
    private static func isReserved(_ text: String) -> Bool {
        let stem = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let name = stem.lowercased()
        if ["con", "prn", "aux", "nul"].contains(name) { return true }
        guard name.utf8.count == 4, name.hasPrefix("com") || name.hasPrefix("lpt") else { return false }
        return name.utf8.last.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }
}
