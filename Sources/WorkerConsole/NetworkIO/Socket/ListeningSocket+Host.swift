import Glibc

extension ListeningSocket {
    /// How often another port is chosen when the chosen one is taken at a further address.
    private static let portAttempts = 16

    /// Listens on every address that a host stands for; an address of a family that this machine does not have is left out.
    /// - Parameters:
    ///   - host: An address, `localhost`, `*` for all addresses of the machine, or a name.
    ///   - port: 0 lets the system choose one that is free on all of them.
    ///   - resolver: Finds the addresses of a name.
    /// - Returns: At least one, all on the same port, in the order of ``addresses(of:port:)``.
    /// - Throws: `ListenFailure` with the address that cannot be listened on; nothing listens then.
    package static func bind(
        host: String, port: Int, resolver: HostResolver = HostResolver()
    ) async throws(ListenFailure) -> [ListeningSocket] {
        if let addresses = self.addresses(of: host, port: port) { return try self.bind(on: addresses) }
        let found: [SocketAddress]
        do throws(TransportError) {
            found = try await resolver.addresses(of: host, port: port)
        } catch {
            throw ListenFailure(error: error, address: nil)
        }
        var seen = Set<SocketAddress>()
        let addresses = found.filter { seen.insert($0).inserted }
        guard !addresses.isEmpty else { throw ListenFailure(error: .nameNotFound(host), address: nil) }
        return try self.bind(on: addresses)
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
    ///   - listen: Listens on one address; a test's takes the system's place.
    /// - Returns: At least one, all on the same port.
    /// - Throws: `ListenFailure` with the address that cannot be listened on; nothing listens then.
    static func bind(
        on addresses: [SocketAddress],
        by listen: (SocketAddress) throws(TransportError) -> ListeningSocket = ListeningSocket.init
    ) throws(ListenFailure) -> [ListeningSocket] {
        for _ in 1..<self.portAttempts {
            do throws(ListenFailure) {
                return try self.bindOnce(on: addresses, by: listen)
            } catch {
                guard error.error == .addressInUse, addresses.first?.port == 0 else { throw error }
            }
        }
        return try self.bindOnce(on: addresses, by: listen)
    }

    private static func bindOnce(
        on addresses: [SocketAddress], by listen: (SocketAddress) throws(TransportError) -> ListeningSocket
    ) throws(ListenFailure) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        var missing: ListenFailure?
        for address in addresses {
            let place = sockets.first.map { address.with(port: $0.address.port) } ?? address
            do throws(TransportError) {
                sockets.append(try listen(place))
            } catch {
                let failure = ListenFailure(error: error, address: place)
                guard addresses.count > 1, self.isFamilyMissing(error, place) else { throw failure }
                missing = failure
            }
        }
        if sockets.isEmpty, let missing { throw missing }
        return sockets
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
