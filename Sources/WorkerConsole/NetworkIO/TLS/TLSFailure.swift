import COpenSSL

/// Says in a few words what the library's queue of errors of this thread holds.
enum TLSFailure {
    /// Empties the queue; `session` knows why a certificate was not believed.
    static func takeText(of session: OpaquePointer? = nil) -> String {
        // The first error is where it began, but OpenSSL may have met it in another library's code.
        var first: UInt = 0
        while true {
            let code = ERR_get_error()
            guard code != 0 else { break }
            if first == 0 || (ERR_GET_LIB(first) != Int32(ERR_LIB_SSL) && ERR_GET_LIB(code) == Int32(ERR_LIB_SSL)) {
                first = code
            }
        }
        guard first != 0 else { return "unknown error" }
        guard ERR_GET_LIB(first) == Int32(ERR_LIB_SSL) else { return Self.libraryText(first) }
        let reason = ERR_GET_REASON(first)
        switch reason {
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            guard let session, let text = X509_verify_cert_error_string(SSL_get_verify_result(session)) else {
                return "certificate verify failed"
            }
            return "certificate verify failed: \(String(cString: text))"
        case SSL_R_WRONG_VERSION_NUMBER: return "the peer does not speak TLS"
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST: return "the peer speaks plain HTTP"
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW: return "the peer does not support TLS 1.2 or later"
        case SSL_R_NO_SHARED_CIPHER: return "no cipher in common with the peer"
        case Int32(SSL_AD_REASON_OFFSET)..<Int32(SSL_AD_REASON_OFFSET) + 256:
            // "tlsv13 alert certificate required", "tlsv1 unrecognized name"
            var words = Self.libraryText(first).split(separator: " ").dropFirst()
            if words.first == "alert" { words = words.dropFirst() }
            return "the peer sent the alert \(words.joined(separator: " "))"
        default: break
        }
        return Self.libraryText(first)
    }

    private static func libraryText(_ code: UInt) -> String {
        guard let text = ERR_reason_error_string(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
