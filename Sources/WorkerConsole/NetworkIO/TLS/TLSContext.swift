import COpenSSL

/// The settings of TLS for one side, made once: reading the authorities takes tens of milliseconds.
///
/// `@unchecked Sendable`: OpenSSL lets several threads make sessions of one context as long as none changes it
/// (openssl-threads(7)), and nothing changes it after `init`.
package final class TLSContext: @unchecked Sendable {
    /// A PEM file of our certificate and those that lead to its authority, and one of its key.
    package struct Identity: Sendable, Equatable {
        package var certificateFile: String
        package var keyFile: String

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// Whom a client believes.
    package enum Trust: Sendable, Equatable {
        /// Whoever an authority of the system vouches for.
        case system
        /// Whoever a certificate of this PEM file vouches for, a root or not.
        case authorities(file: String)
        /// Everybody. The connection is then open to anybody on the path.
        case everybody
    }

    private let handle: OpaquePointer
    private let isServer: Bool
    private let protocols: ApplicationProtocols
    /// How sessions read and write; OpenSSL keeps a pointer to it.
    private let method: OpaquePointer

    private init(isServer: Bool, applicationProtocols: [String]) throws(TLSFileError) {
        ERR_clear_error()
        guard let handle = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSFileError("OpenSSL cannot be used: \(TLSFailure.takeText())")
        }
        self.handle = handle
        self.isServer = isServer
        self.protocols = ApplicationProtocols(applicationProtocols)
        self.method = TLSPipe.makeMethod()
        let isLimited = co_set_min_version(handle, TLS1_2_VERSION)
        precondition(isLimited == 1, "OpenSSL knows TLS 1.2")
        co_refuse_renegotiation(handle)
        co_release_buffers(handle)
        co_keep_no_sessions(handle)
    }

    deinit {
        SSL_CTX_free(self.handle)
        BIO_meth_free(self.method)
    }

    /// What speaks TLS to servers.
    /// - Throws: What is wrong with a file, in words that name it.
    package static func client(
        trust: Trust, identity: Identity?, applicationProtocols: [String]
    ) throws(TLSFileError) -> TLSContext {
        let context = try TLSContext(isServer: false, applicationProtocols: applicationProtocols)
        switch trust {
        case .system: SSL_CTX_set_default_verify_paths(context.handle)
        case .authorities(let file): try context.trust(file)
        case .everybody: break
        }
        SSL_CTX_set_verify(context.handle, trust == .everybody ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
        if let identity { try context.show(identity) }
        context.protocols.offer(on: context.handle)
        return context
    }

    /// What speaks TLS to clients. A client that offers none of the protocols is served without one.
    /// - Throws: What is wrong with a file, in words that name it.
    package static func server(
        identity: Identity, applicationProtocols: [String]
    ) throws(TLSFileError) -> TLSContext {
        let context = try TLSContext(isServer: true, applicationProtocols: applicationProtocols)
        try context.show(identity)
        context.protocols.choose(on: context.handle)
        return context
    }

    private func trust(_ file: String) throws(TLSFileError) {
        guard let store = SSL_CTX_get_cert_store(self.handle) else { return }
        try PEMFile.forEachCertificate(in: file) { certificate, _ throws(TLSFileError) in
            guard X509_STORE_add_cert(store, certificate.handle) == 1 else { throw Self.unusable(file) }
        }
        // Who names an authority means it, also one that another one vouches for.
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }

    private func show(_ identity: Identity) throws(TLSFileError) {
        let (file, keyFile) = (identity.certificateFile, identity.keyFile)
        let context = self.handle
        let key = try PEMFile.privateKey(in: keyFile)
        try PEMFile.forEachCertificate(in: file) { certificate, index throws(TLSFileError) in
            if index > 0 {
                guard co_add_chain_certificate(context, certificate.handle) == 1 else { throw Self.unusable(file) }
                return
            }
            guard X509_check_private_key(certificate.handle, key.handle) == 1 else {
                throw TLSFileError("\(keyFile) is not the key of \(file)")
            }
            guard SSL_CTX_use_certificate(context, certificate.handle) == 1 else { throw Self.unusable(file) }
        }
        guard SSL_CTX_use_PrivateKey(context, key.handle) == 1 else { throw Self.unusable(keyFile) }
    }

    /// A file that was read and that OpenSSL does not want, such as a key that is too short to be safe.
    private static func unusable(_ file: String) -> TLSFileError {
        TLSFileError("\(file) cannot be used: \(TLSFailure.takeText())")
    }

    // MARK: - Sessions

    package func makeServerSession() -> TLSSession {
        precondition(self.isServer, "the context is a client's")
        return TLSSession(context: self, handle: self.makeHandle(), method: self.method, peer: nil)
    }

    /// A session with a server that must prove to be `serverName`, a host name or an IP address.
    package func makeClientSession(serverName: String) -> TLSSession {
        precondition(!self.isServer, "the context is a server's")
        return TLSSession(context: self, handle: self.makeHandle(), method: self.method, peer: serverName)
    }

    private func makeHandle() -> OpaquePointer {
        guard let session = SSL_new(self.handle) else { preconditionFailure("no memory is left for a TLS session") }
        return session
    }
}
