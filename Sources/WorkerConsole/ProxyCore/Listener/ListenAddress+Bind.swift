import NetworkIO
import WorkerDomain

extension ListenAddress {
    /// Listens on every address that the host stands for.
    func bind() async throws(ListenFailure) -> [ListeningSocket] {
        try await ListeningSocket.bind(host: self.host, port: self.port)
    }
}
