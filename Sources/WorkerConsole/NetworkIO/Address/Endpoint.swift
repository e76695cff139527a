/// What a connection is made to.
package enum Endpoint: Sendable, Hashable {
    case address(SocketAddress)
    /// Every address of this name, until one of them responds.
    case name(String, port: Int)
}
