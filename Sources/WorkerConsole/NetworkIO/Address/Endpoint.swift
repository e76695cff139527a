/// What a connection is made to.
package enum Endpoint: Sendable, Hashable {
    case address(SocketAddress)
    /// Every address of this name, until one of them answers.
    case name(String, port: Int)
}
