import Glibc

/// The sockets that together listen on one host and port.
package struct BoundListeners: Sendable {
    /// Why one of the addresses cannot be listened on.
    package struct Failure: Error, Sendable, Equatable {
        package let error: TransportError
        /// `nil` when the name has no address.
        package let address: SocketAddress?
    }

    /// How often another port is chosen when the chosen one is taken at a further address.
    private static let portAttempts = 16

    /// At least one, all on the same port, in the order of ``addresses(of:port:)``.
    package let sockets: [ListeningSocket]

    /// The port, also when the system chose it.
    package var port: Int { self.sockets.first?.address.port ?? 0 }

    /// Listens on every address that a host stands for; an address of a family that this machine does not have is left out.
    /// - Parameters:
    ///   - host: An address, `localhost`, `*` for all addresses of the machine, or a name.
    ///   - port: 0 lets the system choose one that is free on all of them.
    ///   - resolver: Finds the addresses of a name.
    /// - Returns: What listens.
    /// - Throws: `Failure` with the address that cannot be listened on; nothing listens then.
    package static func listen(
        host: String, port: Int, resolver: HostResolver = HostResolver()
    ) async throws(Failure) -> BoundListeners {
        if let addresses = self.addresses(of: host, port: port) { return try self.listen(on: addresses) }
        let found: [SocketAddress]
        do throws(TransportError) {
            found = try await resolver.addresses(of: host, port: port)
        } catch {
            throw Failure(error: error, address: nil)
        }
        var seen = Set<SocketAddress>()
        let addresses = found.filter { seen.insert($0).inserted }
        guard !addresses.isEmpty else { throw Failure(error: .nameNotFound(host), address: nil) }
        return try self.listen(on: addresses)
    }

    /// The addresses that a host stands for; `nil` for a name that has to be looked up.
    static func addresses(of host: String, port: Int) -> [SocketAddress]? {
        switch host {
        case "localhost": ["127.0.0.1", "::1"].compactMap { SocketAddress(ipAddress: $0, port: port) }
        case "*": ["0.0.0.0", "::"].compactMap { SocketAddress(ipAddress: $0, port: port) }
        default: SocketAddress(ipAddress: host, port: port).map { [$0] }
        }
    }

    /// - Parameters:
    ///   - addresses: At least one, all with the same port.
    ///   - bind: Listens on one address; a test's takes the system's place.
    /// - Returns: What listens.
    /// - Throws: `Failure` with the address that cannot be listened on; nothing listens then.
    static func listen(
        on addresses: [SocketAddress],
        bind: (SocketAddress) throws(TransportError) -> ListeningSocket = ListeningSocket.init
    ) throws(Failure) -> BoundListeners {
        for _ in 1..<self.portAttempts {
            do throws(Failure) {
                return try self.listenOnce(on: addresses, bind: bind)
            } catch {
                guard error.error == .addressInUse, addresses.first?.port == 0 else { throw error }
            }
        }
        return try self.listenOnce(on: addresses, bind: bind)
    }

    private static func listenOnce(
        on addresses: [SocketAddress], bind: (SocketAddress) throws(TransportError) -> ListeningSocket
    ) throws(Failure) -> BoundListeners {
        var sockets: [ListeningSocket] = []
        var missing: Failure?
        for address in addresses {
            let place = sockets.first.map { address.with(port: $0.address.port) } ?? address
            do throws(TransportError) {
                sockets.append(try bind(place))
            } catch {
                let failure = Failure(error: error, address: place)
                guard addresses.count > 1, self.isFamilyMissing(error, place) else { throw failure }
                missing = failure
            }
        }
        if sockets.isEmpty, let missing { throw missing }
        return BoundListeners(sockets: sockets)
    }

    /// The machine has no such addresses at all: the kernel lacks the family, or it is switched off, and then not even its
    /// loopback address is there.
    private static func isFamilyMissing(_ error: TransportError, _ address: SocketAddress) -> Bool {
        switch error {
        case .system(EAFNOSUPPORT): true
        case .addressRefused(EADDRNOTAVAIL): address.isLoopback || address.isAny
        default: false
        }
    }
}
