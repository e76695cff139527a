import Glibc
import NetworkIO
package import WorkerDomain

/// Why the proxy could not start.
package struct ProxyError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// Another process listens there.
        case addressInUse
        /// The system does not let this user listen there, or the address is not this machine's.
        case addressRefused
        /// A file of certificates cannot be used.
        case certificate
        /// A setting contradicts another one or cannot be used.
        case configuration
        case alreadyStarted
        /// The process may open no more files.
        case noDescriptors
    }

    package let code: Code
    /// What was being done: `listen on 127.0.0.1:8787`.
    package let operation: String
    /// What is wrong and what to do.
    package let reason: String
    /// The address that is in use or refused.
    package let address: ListenAddress?
    /// The process that listens there, where it could be found.
    package let holder: PortHolder?

    package init(
        _ code: Code, operation: String, reason: String, address: ListenAddress? = nil, holder: PortHolder? = nil
    ) {
        self.code = code
        self.operation = operation
        self.reason = reason
        self.address = address
        self.holder = holder
    }

    package var description: String { "\(self.operation): \(self.reason)" }

    /// Why nothing listens on `address`.
    init(listening address: ListenAddress, _ error: TransportError) {
        switch error {
        case .addressInUse: self = .inUse(address, holder: PortHolder.find(port: address.port))
        case .addressRefused(let code) where code == EACCES:
            self.init(
                .addressRefused, operation: "listen on \(address)",
                reason: "no permission to listen on port \(address.port); choose one from 1024 on: --listen "
                    + "\(ListenAddress(host: address.host, port: 8_787))",
                address: address)
        case .noDescriptors: self = .noDescriptors(operation: "listen on \(address)")
        default:
            self.init(
                .addressRefused, operation: "listen on \(address)",
                reason: "\(address.host) is not a local address (\(error))", address: address)
        }
    }

    static func noDescriptors(operation: String) -> ProxyError {
        ProxyError(
            .noDescriptors, operation: operation,
            reason: "out of file descriptors (limit \(DescriptorReserve.process.limit)); raise the limit: ulimit -n")
    }

    static func inUse(_ address: ListenAddress, holder: PortHolder?) -> ProxyError {
        let who = holder.map { "process \($0.processID) (\($0.name))" } ?? "another process"
        return ProxyError(
            .addressInUse, operation: "listen on \(address)",
            reason: "port \(address.port) is already used by \(who); stop it, or choose another port: --listen "
                + "\(ListenAddress(host: address.host, port: address.port + 1 > 65_535 ? 0 : address.port + 1))",
            address: address, holder: holder)
    }
}
