/// TLS settings of one backend.
package struct BackendTLS: Sendable, Equatable {
    /// A PEM file of the authorities to trust; `nil` for the system's.
    package var authorityFile: String?
    /// PEM files of the certificate chain and the key that we show to the backend; both or none.
    package var certificateFile: String?
    package var keyFile: String?
    /// The name that is asked for and verified; `nil` for the host in the URL.
    package var serverName: String?
    /// Verifies nothing. The connection is then open to anybody on the path.
    package var isInsecure: Bool

    package init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        serverName: String? = nil, isInsecure: Bool = false
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.isInsecure = isInsecure
    }
}

/// What we show to clients that connect with TLS.
package struct ListenTLS: Sendable, Equatable {
    /// A PEM file: our certificate, then those that lead to its authority.
    package var certificateFile: String
    /// A PEM file of the certificate's private key.
    package var keyFile: String

    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
