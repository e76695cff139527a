import COpenSSL

/// A digest algorithm of OpenSSL, over whole messages.
///
/// What is computed here names files and fills fields that other programs compare; it keeps nobody out. So neither the
/// system's openssl.cnf nor its FIPS mode decides whether MD5 works.
package enum Digest: String, Sendable {
    case md5 = "MD5"
    case sha1 = "SHA1"
    case sha256 = "SHA256"
    case sha384 = "SHA384"
    case sha512 = "SHA512"

    /// Bytes of a digest.
    package var count: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    package func hash(_ message: [UInt8]) -> [UInt8] {
        self.output { buffer in
            message.withUnsafeBytes { message in
                EVP_Q_digest(
                    OpenSSLLibrary.context, self.rawValue, nil, message.baseAddress, message.count, buffer, nil) == 1
            }
        }
    }

    /// The HMAC of a message (RFC 2104).
    package func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        self.output { buffer in
            message.withUnsafeBufferPointer { message in
                key.withUnsafeBytes { key in
                    EVP_Q_mac(
                        OpenSSLLibrary.context, "HMAC", nil, self.rawValue, nil, key.baseAddress, key.count,
                        message.baseAddress, message.count, buffer, self.count, nil) != nil
                }
            }
        }
    }

    private func output(_ fill: (UnsafeMutablePointer<UInt8>?) -> Bool) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: self.count) { buffer, count in
            // Its own provider is always there, so only memory can be missing.
            precondition(fill(buffer.baseAddress), "OpenSSL computes no \(self.rawValue)")
            count = self.count
        }
    }
}

extension Digest {
    /// Bytes as lowercase hexadecimal digits.
    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
