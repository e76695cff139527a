/// What a handshake has agreed on.
package struct TLSFacts: Sendable, Equatable {
    /// `TLSv1.3`.
    package let version: String
    /// `TLS_AES_256_GCM_SHA384`.
    package let cipher: String
    /// The protocol that both sides chose (RFC 7301); `nil` when none was.
    package let applicationProtocol: String?
}
