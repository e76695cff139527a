import COpenSSL

/// Hashes bytes with OpenSSL.
package enum Digest: String, Sendable, Equatable, CaseIterable {
    case md5, sha1, sha256, sha384, sha512

    private var method: OpaquePointer? {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    /// The hash of the bytes: 16 for MD5, 20, 32, 48 or 64.
    package func hash(_ bytes: [UInt8]) -> [UInt8] {
        self.collect { memory, count in
            bytes.withUnsafeBytes { EVP_Digest($0.baseAddress, $0.count, memory, count, self.method, nil) == 1 }
        }
    }

    /// The HMAC of the bytes (RFC 2104).
    package func authenticationCode(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        self.collect { memory, count in
            key.withUnsafeBytes { key in
                bytes.withUnsafeBufferPointer { bytes in
                    HMAC(self.method, key.baseAddress, Int32(key.count), bytes.baseAddress, bytes.count, memory, count)
                        != nil
                }
            }
        }
    }

    private func collect(
        _ body: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>) -> Bool
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { memory, count in
            var written: UInt32 = 0
            // It fails only where an administrator has forbidden the hash for the whole system.
            precondition(body(memory.baseAddress, &written), "OpenSSL does not offer \(self.rawValue) here")
            count = Int(written)
        }
    }
}
