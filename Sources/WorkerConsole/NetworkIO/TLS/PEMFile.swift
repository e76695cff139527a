import COpenSSL

/// A file of certificates or keys in PEM form, read one after the other.
struct PEMFile: ~Copyable {
    private let path: String
    private let input: OpaquePointer

    /// - Throws: That the file `cannot be read as` what is expected in it.
    init(_ path: String, expecting content: String) throws(TLSFileError) {
        ERR_clear_error()
        guard let input = BIO_new_file(path, "r") else { throw Self.unreadable(path, content) }
        self.path = path
        self.input = input
    }

    deinit {
        BIO_free(self.input)
    }

    private static func unreadable(_ path: String, _ content: String) -> TLSFileError {
        TLSFileError("\(path) cannot be read as \(content)")
    }

    /// Calls `body` with each certificate of the file, in its order, and its index.
    static func forEachCertificate(
        in path: String, _ body: (borrowing Certificate, Int) throws(TLSFileError) -> Void
    ) throws(TLSFileError) {
        let content = "certificates in PEM form"
        let file = try PEMFile(path, expecting: content)
        var count = 0
        while let handle = PEM_read_bio_X509(file.input, nil, refusePassword, nil) {
            try body(Certificate(handle: handle), count)
            count += 1
        }
        // The last attempt says whether the file was at its end or has something that is no certificate.
        let error = ERR_peek_last_error()
        ERR_clear_error()
        let isAtEnd = ERR_GET_LIB(error) == Int32(ERR_LIB_PEM) && ERR_GET_REASON(error) == PEM_R_NO_START_LINE
        guard count > 0, isAtEnd else { throw Self.unreadable(path, content) }
    }

    /// Reads the first private key of the file.
    static func privateKey(in path: String) throws(TLSFileError) -> PrivateKey {
        let content = "a private key in PEM form, without a password"
        let file = try PEMFile(path, expecting: content)
        let handle = PEM_read_bio_PrivateKey(file.input, nil, refusePassword, nil)
        ERR_clear_error()
        guard let handle else { throw Self.unreadable(path, content) }
        return PrivateKey(handle: handle)
    }
}

/// Owns one certificate.
struct Certificate: ~Copyable {
    let handle: OpaquePointer

    deinit {
        X509_free(self.handle)
    }
}

/// Owns one private key.
struct PrivateKey: ~Copyable {
    let handle: OpaquePointer

    deinit {
        EVP_PKEY_free(self.handle)
    }
}

/// Without it OpenSSL would ask for a password on the terminal.
private func refusePassword(
    _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 { -1 }
