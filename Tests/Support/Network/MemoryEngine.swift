package import NetworkIO

/// An event loop's engine without a system below it: connections are made to memory, and a test says what happens.
package final class MemoryEngine: Engine {
    package let name = "memory"
    package let waker = LoopWaker.forNobody()
    /// The wires of connections that were begun, oldest first, with where they go.
    package private(set) var connecting: [(wire: MemoryWire, address: SocketAddress)] = []

    package init() {}

    /// Takes the oldest connection that was begun.
    package func takeConnecting() -> MemoryWire? {
        self.connecting.isEmpty ? nil : self.connecting.removeFirst().wire
    }

    package func wait(atMost _: Int64?, for loop: EventLoop) { loop.tick() }

    package func makeWire(_ socket: consuming Socket, loop _: EventLoop) -> any Wire {
        preconditionFailure("there are no sockets in memory")
    }

    package func connect(to address: SocketAddress, loop: EventLoop) throws(TransportError) -> any Wire {
        let wire = MemoryWire()
        self.connecting.append((wire, address))
        return wire
    }

    package func accept(
        on _: ListeningSocket, loop _: EventLoop, _: @escaping (consuming Socket, SocketAddress?) -> Void
    ) -> any AcceptSource {
        preconditionFailure("nothing listens in memory")
    }

    package func shutDown(for _: EventLoop) {}
}
