import NetworkIO

/// Sends the demo's requests, each on a connection of its own.
final class DemoClient {
    private let loop: EventLoop
    private let address: SocketAddress
    private var exchanges: [ObjectIdentifier: DemoExchange] = [:]

    init(loop: EventLoop, _ address: SocketAddress) {
        self.loop = loop
        self.address = address
    }

    /// Sends a request; `done` is called when its connection has ended.
    func send(_ request: DemoRequest, _ done: @escaping () -> Void) {
        let connection = self.loop.connect(to: self.address)
        let exchange = DemoExchange(connection, request) { [unowned self] exchange in
            self.exchanges[ObjectIdentifier(exchange)] = nil
            done()
        }
        self.exchanges[ObjectIdentifier(exchange)] = exchange
        connection.start(exchange)
    }

    func closeAll() {
        for exchange in self.exchanges.values { exchange.close() }
    }
}

/// One request and what follows; the response ends the connection, or the client's patience does.
final class DemoExchange: ConnectionHandler {
    private let connection: Connection
    private let request: DemoRequest
    private let ended: (DemoExchange) -> Void
    private var timer: LoopTimer?

    init(_ connection: Connection, _ request: DemoRequest, _ ended: @escaping (DemoExchange) -> Void) {
        self.connection = connection
        self.request = request
        self.ended = ended
        // A client that gives up ends it sooner.
        let patience: Int64 = request.isAborted ? 150_000_000 : 10_000_000_000
        self.timer = connection.loop.schedule(after: patience) { [weak self] in
            self?.timer = nil
            self?.close()
        }
    }

    func close() { self.connection.close() }

    func opened() { self.connection.send(self.request.bytes) }
    func received(_: RawSpan) {}
    func inputEnded() { self.connection.close() }
    func drained() {}

    func closed(_: TransportError?) {
        if let timer = self.timer.take() { self.connection.loop.cancel(timer) }
        self.ended(self)
    }
}
