/// Hashes that are the same in every run, unlike the standard library's.
enum StableHash {
    /// FNV-1a, then mixed so that near texts end far apart.
    static func of(_ bytes: some Sequence<UInt8>, seed: UInt64 = 0) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return self.mix(hash)
    }

    /// SplitMix64's finish.
    static func mix(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// What makes two requests come from the same client, without a cookie.
///
/// It is the client's address. A client on this machine is told by its connection instead, because all of them share
/// one address; if a proxy on this machine stands before us, by the last address of its `X-Forwarded-For`.
enum ClientKey {
    static func of(address: [UInt8], connection: String, forwardedFor: UnsafeRawBufferPointer?) -> UInt64 {
        guard self.isLoopback(address) else { return StableHash.of(address) }
        if let forwardedFor {
            let last = forwardedFor.split(separator: 0x2C).last ?? forwardedFor[...]
            let trimmed = last.drop { ASCII.isBlank($0) }
            if !trimmed.isEmpty { return StableHash.of(trimmed) }
        }
        return StableHash.of(connection.utf8)
    }

    /// 127.0.0.0/8, ::1, and the former inside IPv6.
    static func isLoopback(_ address: [UInt8]) -> Bool {
        address.starts(with: Array("127.".utf8)) || address == Array("::1".utf8)
            || address.starts(with: Array("::ffff:127.".utf8))
    }
}
