import NIOCore
import NIOSSL
import Synchronization
import WorkerDomain

/// Makes the TLS settings of backends once and keeps them: reading the authorities takes tens of milliseconds.
final class TLSContexts: Sendable {
    /// How long the other side has to say that it closes too; then the connection ends without.
    private static let closingTime = TimeAmount.milliseconds(500)
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
            configuration.trustRoots = .certificates(try Self.certificates(in: file))
        }
        if let certificate = settings?.certificateFile, let key = settings?.keyFile {
            configuration.certificateChain = try Self.certificates(in: certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try Self.key(in: key))
        }
        if settings?.isInsecure == true { configuration.certificateVerification = .none }
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = Self.closingTime
        let context: NIOSSLContext
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            guard let key = settings?.keyFile, let certificate = settings?.certificateFile else { throw error }
            throw TLSFileError("\(key) is not the key of \(certificate)")
        }
        self.contexts.withLock { $0[key] = context }
        return context
    }

    /// What speaks TLS to clients.
    static func serving(_ settings: ListenTLS) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try self.certificates(in: settings.certificateFile).map { .certificate($0) },
            privateKey: .privateKey(try self.key(in: settings.keyFile)))
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = Self.closingTime
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSFileError("\(settings.keyFile) is not the key of \(settings.certificateFile)")
        }
    }

    private static func certificates(in file: String) throws -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
            throw TLSFileError("\(file) cannot be read as certificates in PEM form")
        }
        return certificates
    }

    private static func key(in file: String) throws -> NIOSSLPrivateKey {
        guard let key = try? NIOSSLPrivateKey(file: file, format: .pem) else {
            throw TLSFileError("\(file) cannot be read as a private key in PEM form, without a password")
        }
        return key
    }
}

/// Says what is wrong with a file of certificates or a key.
struct TLSFileError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
