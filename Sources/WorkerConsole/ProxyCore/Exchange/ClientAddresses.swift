import NetworkIO
import WorkerDomain

/// The addresses that clients of one loop came from lately: texts are made once for an address, not for each connection.
struct ClientAddresses {
    private static let places = 64

    private let configuration: ProxyConfiguration
    /// An address is kept in one place, until another that belongs there comes.
    private var known: [(address: SocketAddress, texts: ClientAddress)?]

    init(_ configuration: ProxyConfiguration) {
        self.configuration = configuration
        self.known = Array(repeating: nil, count: Self.places)
    }

    /// Who the client of a new connection is; `nil` is the address of one that has none.
    mutating func identity(of address: SocketAddress?) -> ClientIdentity {
        guard let address, let place = Self.place(of: address) else {
            return ClientIdentity(ClientAddress(address, configuration: self.configuration), port: address?.port ?? 0)
        }
        let key = address.with(port: 0)
        if let known = self.known[place], known.address == key {
            return ClientIdentity(known.texts, port: address.port)
        }
        let texts = ClientAddress(address, configuration: self.configuration)
        self.known[place] = (key, texts)
        return ClientIdentity(texts, port: address.port)
    }

    /// `nil` for what is no IP address.
    private static func place(of address: SocketAddress) -> Int? {
        let bits: UInt64
        switch address {
        case .v4(let address, _): bits = UInt64(address)
        // Neighbours often share a half.
        case .v6(let high, let low, _, _): bits = high ^ low
        case .unix: return nil
        }
        // Multiplied, every byte counts in the highest bits.
        return Int((bits &* 0x9E37_79B9_7F4A_7C15) >> 58)
    }
}
