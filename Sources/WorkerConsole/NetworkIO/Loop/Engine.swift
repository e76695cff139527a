/// How an event loop learns of events: by readiness (epoll) or by completion (io_uring).
package protocol Engine: AnyObject {
    /// `epoll` or `io_uring`.
    var name: String { get }
    /// Waits for events and tells those whom they concern; returns at once when there are some.
    /// - Parameters:
    ///   - nanoseconds: The longest wait; `nil` for as long as it takes, 0 for none.
    ///   - loop: Whose clock is looked at when the wait is over.
    func wait(atMost nanoseconds: Int64?, for loop: EventLoop)
    /// Takes an established socket that ``accept(on:loop:_:)`` gave.
    func makeWire(_ socket: consuming Socket, loop: EventLoop) -> any Wire
    /// Begins to connect; the wire tells when it stands or why not.
    /// - Throws: What the system says at once.
    func connect(to address: SocketAddress, loop: EventLoop) throws(TransportError) -> any Wire
    /// Accepts connections on a socket that listens, until the returned value is cancelled.
    func accept(
        on listener: ListeningSocket, loop: EventLoop, _ accepted: @escaping (consuming Socket, SocketAddress?) -> Void
    ) -> any AcceptSource
    /// Lets go of everything that is under way; nobody is told of anything afterwards.
    func shutDown(for loop: EventLoop)
    /// Ends a wait; from any thread.
    var waker: LoopWaker { get }
}

/// Accepts connections of one event loop.
package protocol AcceptSource: AnyObject {
    /// Accepts nothing more.
    func cancel()
}
