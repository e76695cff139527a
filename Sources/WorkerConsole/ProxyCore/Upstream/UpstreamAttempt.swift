import NetworkIO
import WorkerDomain

/// Establishes one connection to a backend, TLS included, for an exchange that may stop waiting for it.
final class UpstreamAttempt {
    private let entry: BackendEntry
    private let loop: LoopContext
    private var exchange: ActiveExchange?
    private var connect: ConnectAttempt?
    /// The transport stands, and TLS is being agreed on.
    private var handshaking: UpstreamConnection?

    init(entry: BackendEntry, exchange: ActiveExchange, loop: LoopContext) {
        self.entry = entry
        self.exchange = exchange
        self.loop = loop
    }

    /// - Parameter timeout: Nanoseconds for the bare connection.
    func start(timeout: Int64) {
        let backend = self.entry.backend
        let tls: TLSSession?
        do throws(TLSFileError) {
            tls = backend.url.scheme == .https ? try self.loop.shared.tls.session(for: backend) : nil
        } catch {
            let reason = error.description
            self.loop.loop.later {
                self.loop.pool.settled(self)
                self.fail(reason)
            }
            return
        }
        self.connect = self.loop.connector.connect(to: self.entry.endpoint, timeout: timeout, tls: { tls }) { result in
            self.connect = nil
            self.loop.pool.settled(self)
            switch result {
            case .success(let connection): self.connected(connection)
            case .failure(.noDescriptors): self.starve()
            case .failure(let error): self.fail(error.description)
            }
        }
    }

    /// This machine, not the backend, has no room for the connection: the exchange waits for one.
    private func starve() { self.loop.pool.starved(self.entry, self.exchange.take(), loop: self.loop) }

    /// Who waited does not any longer: a connection that comes of it is kept for others, but a handshake ends, because
    /// nothing limits how long one lasts that nobody waits for.
    func abandon() {
        self.exchange = nil
        self.handshaking?.abandon()
    }

    /// Nobody waits any longer, and nobody will.
    func cancel() { self.connect.take()?.cancel() }

    private func connected(_ connection: Connection) {
        let isTLS = self.entry.backend.url.scheme == .https
        if isTLS, self.exchange == nil {
            connection.close()
            return self.gone()
        }
        let upstream = UpstreamConnection(connection, entry: self.entry, loop: self.loop) { result in
            self.handshaking = nil
            switch result {
            case .success(let upstream):
                if let exchange = self.exchange.take() {
                    exchange.upstreamReady(upstream, reused: false)
                } else {
                    self.loop.pool.release(upstream)
                }
            case .failure(let error): self.tell(error.description)
            }
        }
        self.handshaking = upstream
        connection.start(upstream)
    }

    private func fail(_ reason: String) {
        self.gone()
        self.tell(reason)
    }

    private func gone() { self.loop.pool.gone(self.entry, loop: self.loop) }

    private func tell(_ reason: String) { self.exchange.take()?.upstreamFailed(reason) }
}
