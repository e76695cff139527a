/// Why nothing listens on one of the addresses of a host.
package struct ListenFailure: Error, Sendable, Equatable {
    package let error: TransportError
    /// `nil` when the name has no address.
    package let address: SocketAddress?
}
