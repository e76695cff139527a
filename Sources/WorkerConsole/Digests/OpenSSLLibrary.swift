import COpenSSL

/// A context of OpenSSL apart from the process's, with the algorithms that come inside the library.
enum OpenSSLLibrary {
    /// Lives as long as the process.
    ///
    /// nonisolated(unsafe): OpenSSL shares a context between threads; the pointer itself never changes.
    nonisolated(unsafe) static let context: OpaquePointer? = {
        let context = OSSL_LIB_CTX_new()
        OSSL_PROVIDER_load(context, "default")
        return context
    }()
}
