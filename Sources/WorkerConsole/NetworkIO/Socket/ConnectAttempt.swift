/// A connection that is being made.
package final class ConnectAttempt {
    private unowned let loop: EventLoop
    private let tls: () -> TLSSession?
    private let deadline: Int64
    private var addresses: AddressRace?
    private var running: [Int: Connection] = [:]
    /// Keeps the attempt until it has come to its end.
    private var timer: (due: Int64, timer: LoopTimer)?
    /// `nil` at the end, whatever it was.
    private var done: ((Result<Connection, TransportError>) -> Void)?

    init(
        loop: EventLoop, timeout: Int64, tls: @escaping () -> TLSSession?,
        _ done: @escaping (Result<Connection, TransportError>) -> Void
    ) {
        self.loop = loop
        self.tls = tls
        let (deadline, overflow) = loop.clock.now().addingReportingOverflow(max(1, timeout))
        self.deadline = overflow ? .max : deadline
        self.done = done
        self.wait(until: self.deadline)
    }

    /// Ends it without a result: nothing is called any more.
    package func cancel() {
        guard self.done != nil else { return }
        self.end()
    }

    // MARK: - What the connector tells

    func race(_ address: SocketAddress) {
        self.addresses = AddressRace(address, deadline: self.deadline)
        // The deadline is ahead, so this begins to connect and fails nothing yet.
        self.advance(now: self.loop.clock.now())
    }

    func race(_ name: String, _ answer: HostResolver.Answer) {
        guard self.done != nil else { return }
        switch answer {
        case .success(let addresses):
            self.addresses = AddressRace(name, addresses, deadline: self.deadline)
            self.advance(now: self.loop.clock.now())
        case .failure(let error): self.finish(.failure(error))
        }
    }

    // MARK: - Race

    private func advance(now: Int64) {
        while self.done != nil {
            // While the name is looked up, only the deadline is waited for.
            switch self.addresses?.step(now: now)
                ?? (now < self.deadline ? .wait(until: self.deadline) : .fail(.timedOut))
            {
            case .attempt(let number, let address): self.begin(number, address)
            case .wait(let time): return self.wait(until: time)
            case .fail(let error): self.finish(.failure(error))
            }
        }
    }

    private func begin(_ number: Int, _ address: SocketAddress) {
        let connection = self.loop.connect(to: address)
        self.running[number] = connection
        connection.establish { [weak self] error in self?.settled(number, error) }
    }

    private func settled(_ number: Int, _ error: TransportError?) {
        guard self.done != nil, let connection = self.running.removeValue(forKey: number) else { return }
        if let error {
            self.addresses?.attemptFailed(error)
            self.advance(now: self.loop.clock.now())
        } else {
            connection.secure(with: self.tls())
            self.finish(.success(connection))
        }
    }

    private func wait(until time: Int64) {
        guard self.timer?.due != time else { return }
        if let timer = self.timer { self.loop.cancel(timer.timer) }
        let timer = self.loop.schedule(after: time - self.loop.clock.now()) {
            self.timer = nil
            self.advance(now: max(time, self.loop.clock.now()))
        }
        self.timer = (time, timer)
    }

    private func finish(_ result: Result<Connection, TransportError>) {
        let done = self.done
        self.end()
        done?(result)
    }

    private func end() {
        self.done = nil
        if let timer = self.timer { self.loop.cancel(timer.timer) }
        self.timer = nil
        for connection in self.running.values { connection.abandon() }
        self.running = [:]
    }
}
