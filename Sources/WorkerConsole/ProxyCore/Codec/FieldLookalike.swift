/// Field names that a backend takes for one that this proxy sets or reads, although they are others.
///
/// CGI, WSGI and PHP read `-` and `_` in a name, some of them every sign, as the same: `X_Forwarded_For` from a client
/// then stands beside or before ours.
enum FieldLookalike {
    private static let names: [StaticString] = [
        "content-length", "transfer-encoding", "keep-alive", "x-real-ip", "cdn-loop", "x-workerconsole-target",
        "true-client-ip",
    ]
    private static let prefixes: [StaticString] = ["x-forwarded-", "cf-", "proxy-"]

    /// - Returns: True when `bytes[start..<end]` has a sign other than a hyphen and is one of ours with hyphens instead.
    @inline(__always)
    static func isOne(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        switch ASCII.lower(bytes[start]) {
        // What ours begin with.
        case 0x63, 0x6B, 0x70, 0x74, 0x78: self.matches(bytes, start, end)
        default: false
        }
    }

    private static func matches(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        guard (start..<end).contains(where: { !self.isAlphanumeric(bytes[$0]) && bytes[$0] != 0x2D }) else {
            return false
        }
        return self.names.contains { end - start == $0.utf8CodeUnitCount && self.begins(bytes, start, with: $0) }
            || self.prefixes.contains { end - start > $0.utf8CodeUnitCount && self.begins(bytes, start, with: $0) }
    }

    private static func begins(_ bytes: UnsafeRawBufferPointer, _ start: Int, with word: StaticString) -> Bool {
        (0..<word.utf8CodeUnitCount).allSatisfy { self.folded(bytes[start + $0]) == word.utf8Start[$0] }
    }

    /// Lower case, with a hyphen for every sign.
    static func folded(_ byte: UInt8) -> UInt8 { self.isAlphanumeric(byte) ? ASCII.lower(byte) : 0x2D }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 26 }
}
