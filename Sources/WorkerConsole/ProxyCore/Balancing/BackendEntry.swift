import NetworkIO
import Synchronization
import WorkerDomain

/// A backend with what the data plane keeps of it: prepared bytes and counters.
///
/// One entry lives as long as the process; tables refer to it.
final class BackendEntry: Sendable {
    let backend: Backend
    /// Its place among all entries: the index into each event loop's pool.
    let slot: Int
    /// `Host: authority` with its line end.
    let hostLine: [UInt8]
    /// What is put before every path.
    let basePath: [UInt8]
    /// What its connections are made to.
    let endpoint: Endpoint
    let route: ExchangeRoute
    /// What to say of it to a person: `127.0.0.1:9000`.
    let place: String
    let inFlight = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
    let serverErrors = Atomic<Int>(0)
    /// For policies that tell backends and clients by numbers.
    let nameHash: UInt64
    let passive = Mutex(PassiveWindow())

    init(_ backend: Backend, slot: Int) {
        self.backend = backend
        self.slot = slot
        let url = backend.url
        let isDefaultPort = url.port == (url.scheme == .https ? 443 : 80)
        let authority = isDefaultPort ? url.bracketedHost : "\(url.bracketedHost):\(url.port)"
        self.hostLine = Array("Host: \(authority)\r\n".utf8)
        self.basePath = Array(url.basePath.utf8)
        self.endpoint = url.endpoint
        self.route = .backend(backend.name)
        self.nameHash = StableHash.of(backend.name.utf8)
        self.place = "\(url.bracketedHost):\(url.port)"
    }
}
