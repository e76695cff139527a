/// How long each phase may last.
package struct ProxyTimeouts: Sendable, Equatable {
    /// From the first byte of a request head to its end; then 408.
    package var requestHead = Duration.seconds(10)
    /// Without a byte of the request body; then 408.
    package var requestBody = Duration.seconds(30)
    /// A client connection without a request; then it is closed.
    package var idle = Duration.seconds(60)
    /// Establishing a connection to the backend, TLS included; then 502.
    package var connect = Duration.seconds(5)
    /// Waiting for a place when a backend's connections are all in use; then 503.
    package var queue = Duration.seconds(5)
    /// From the request sent to the head of the response; then 504.
    package var responseHead = Duration.seconds(30)
    /// Without a byte of the response's body; then the connection is reset.
    package var responseBody = Duration.seconds(300)
    /// A client that takes nothing of its response.
    package var write = Duration.seconds(60)
    /// A tunnel without a byte in either direction.
    package var tunnel = Duration.seconds(3_600)
    /// How long what a client still sends is thrown away after a response that closes its connection.
    package var linger = Duration.seconds(2)
    /// How long a client that has closed its sending side is kept for the head of its response: whether it has left
    /// cannot be seen before something is sent to it.
    package var halfClosed = Duration.milliseconds(800)
    /// A tunnel that one side has ended, without a byte in the other direction.
    package var tunnelEnd = Duration.seconds(60)

    package init() {}

    /// The shortest of them, which decides how often they are looked at.
    ///
    /// Read by reflection, once for each event loop, so that a timeout is listed nowhere but above.
    package var shortest: Duration {
        Mirror(reflecting: self).children.compactMap { $0.value as? Duration }.min() ?? .seconds(1)
    }
}
