import NIOSSL
import Synchronization
import WorkerDomain

/// Makes the TLS settings of backends once and keeps them: reading the authorities takes tens of milliseconds.
final class TLSContexts: Sendable {
    private let settings: [String: BackendTLS]
    private let contexts = Mutex<[String: NIOSSLContext]>([:])

    init(_ settings: [String: BackendTLS]) {
        self.settings = settings
    }

    /// The handler that speaks TLS to this backend.
    func handler(for backend: Backend) throws -> NIOSSLClientHandler {
        let settings = self.settings[backend.name] ?? BackendTLS()
        let context = try self.context(for: backend)
        let name = settings.serverName ?? backend.url.host
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: name)
        } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
            return try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
    }

    func context(for backend: Backend) throws -> NIOSSLContext {
        let settings = self.settings[backend.name]
        // Backends without settings of their own share one.
        let key = settings == nil ? "" : backend.name
        if let known = self.contexts.withLock({ $0[key] }) { return known }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = settings?.authorityFile {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
        }
        if settings?.isInsecure == true { configuration.certificateVerification = .none }
        configuration.applicationProtocols = ["http/1.1"]
        let context = try NIOSSLContext(configuration: configuration)
        self.contexts.withLock { $0[key] = context }
        return context
    }
}
