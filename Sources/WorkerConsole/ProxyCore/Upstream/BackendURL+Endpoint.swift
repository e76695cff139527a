import NetworkIO
import WorkerDomain

extension BackendURL {
    /// What a connection to the backend is made to: a Unix socket, an address, or a name that is looked up.
    var endpoint: Endpoint {
        if let path = self.socketPath { return .address(.unix(path: path)) }
        if let address = SocketAddress(ipAddress: self.host, port: self.port) { return .address(address) }
        return .name(self.host, port: self.port)
    }
}
