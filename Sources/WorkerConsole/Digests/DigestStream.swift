import COpenSSL

/// A digest of bytes that come piece by piece.
package struct DigestStream: ~Copyable {
    private let context: OpaquePointer
    private let algorithm: Digest

    package init(_ algorithm: Digest) {
        self.algorithm = algorithm
        // Its own provider is always there, so only memory can be missing.
        guard let context = EVP_MD_CTX_new(),
            let method = EVP_MD_fetch(OpenSSLLibrary.context, algorithm.rawValue, nil)
        else { preconditionFailure("OpenSSL computes no \(algorithm.rawValue)") }
        EVP_DigestInit_ex(context, method, nil)
        EVP_MD_free(method)
        self.context = context
    }

    deinit { EVP_MD_CTX_free(self.context) }

    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { _ = EVP_DigestUpdate(self.context, $0.baseAddress, $0.count) }
    }

    /// The digest of everything so far; nothing can be added behind it.
    package consuming func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: self.algorithm.count) { buffer, count in
            EVP_DigestFinal_ex(self.context, buffer.baseAddress, nil)
            count = self.algorithm.count
        }
    }
}
