import TestSupport
import WorkerDomain

extension LoopbackSocket {
    /// A backend at this port. The port of an origin that has stopped may already be somebody else's, the proxy's too.
    var backend: Backend {
        Backend(name: "closed", url: BackendURL(scheme: .http, host: "127.0.0.1", port: self.port))
    }
}
