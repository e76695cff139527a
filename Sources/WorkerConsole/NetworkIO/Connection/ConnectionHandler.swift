/// Receives what happens to one connection, on its event loop.
///
/// No method is called from within a call of a method of the connection: what a call brings about is told later in the
/// same turn of the loop.
package protocol ConnectionHandler: AnyObject {
    /// The connection stands, TLS included.
    func opened()
    /// Bytes from the peer, valid during the call. What is not consumed now is copied by the handler.
    func received(_ bytes: RawSpan)
    /// So many bytes from the peer have been moved on by ``Connection/relay(_:to:)``.
    func relayed(_ count: Int)
    /// The peer will send no more.
    func inputEnded()
    /// Output is below its low-water mark again after it was above the high one, or all of it has left.
    func drained()
    /// Always the last call; `nil` is an orderly end, or one that the handler asked for.
    func closed(_ error: TransportError?)
}

extension ConnectionHandler {
    /// A handler that relays nothing.
    package func relayed(_: Int) {}
}
