import NetworkIO
import Synchronization
import WorkerDomain

/// Makes the TLS settings of backends once and keeps them: reading the authorities takes tens of milliseconds.
final class TLSContexts: Sendable {
    private static let applicationProtocols = ["http/1.1"]
    private let settings: [String: BackendTLS]
    private let contexts = Mutex<[String: TLSContext]>([:])

    init(_ settings: [String: BackendTLS]) {
        self.settings = settings
    }

    /// What speaks TLS to this backend, on one connection.
    func session(for backend: Backend) throws(TLSFileError) -> TLSSession {
        let name = self.settings[backend.name]?.serverName ?? backend.url.host
        return try self.context(for: backend).makeClientSession(serverName: name)
    }

    func context(for backend: Backend) throws(TLSFileError) -> TLSContext {
        let settings = self.settings[backend.name]
        // Backends without settings of their own share one.
        let key = settings == nil ? "" : backend.name
        if let known = self.contexts.withLock({ $0[key] }) { return known }
        let context = try TLSContext.client(
            trust: settings?.trust ?? .system, identity: settings?.identity,
            applicationProtocols: Self.applicationProtocols)
        self.contexts.withLock { $0[key] = context }
        return context
    }

    /// What speaks TLS to clients.
    static func serving(_ settings: ListenTLS) throws(TLSFileError) -> TLSContext {
        try TLSContext.server(
            identity: TLSContext.Identity(certificateFile: settings.certificateFile, keyFile: settings.keyFile),
            applicationProtocols: Self.applicationProtocols)
    }
}

extension BackendTLS {
    fileprivate var trust: TLSContext.Trust {
        if self.isInsecure { return .everybody }
        return self.authorityFile.map { .authorities(file: $0) } ?? .system
    }

    fileprivate var identity: TLSContext.Identity? {
        guard let certificate = self.certificateFile, let key = self.keyFile else { return nil }
        return TLSContext.Identity(certificateFile: certificate, keyFile: key)
    }
}
