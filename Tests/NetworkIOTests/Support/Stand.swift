import NetworkIO

/// One event loop with what it listens on and has accepted.
final class Stand {
    let loop: EventLoop
    let listener: ListeningSocket
    private(set) var source: (any AcceptSource)?
    private(set) var accepted: [Recorder] = []
    private(set) var connected: [Recorder] = []
    private var waiting: [(count: Int, resume: () -> Void)] = []

    init(_ loop: EventLoop, _ listener: ListeningSocket, _ reaction: @escaping Recorder.Reaction) {
        self.loop = loop
        self.listener = listener
        self.source = loop.accept(on: listener) { [unowned self] connection in
            let recorder = Recorder(connection, reaction)
            connection.start(recorder)
            self.accepted.append(recorder)
            let ready = self.waiting.filter { $0.count <= self.accepted.count }
            self.waiting.removeAll { $0.count <= self.accepted.count }
            for entry in ready { entry.resume() }
        }
    }

    func connect(to address: SocketAddress, _ reaction: @escaping Recorder.Reaction) -> Recorder {
        let recorder = Recorder(self.loop.connect(to: address), reaction)
        recorder.connection.start(recorder)
        self.connected.append(recorder)
        return recorder
    }

    func whenAccepted(_ count: Int, _ resume: @escaping () -> Void) {
        if self.accepted.count >= count { resume() } else { self.waiting.append((count, resume)) }
    }

    func stopAccepting() { self.source?.cancel() }

    func endAll() {
        self.stopAccepting()
        for recorder in self.accepted + self.connected { recorder.connection.close() }
    }
}

/// A ``Stand`` on a thread of its own, as a test sees it.
struct StandThread: Sendable {
    let thread: LoopThread
    let stand: LoopBound<Stand>
    let address: SocketAddress

    /// Starts a loop that accepts; `reaction` is what an accepted connection does about its events.
    /// - Returns: The loop's thread.
    /// - Throws: `TransportError` — what the system says to listening.
    static func start(
        _ engine: EngineChoice, on listener: ListeningSocket? = nil,
        _ reaction: @escaping @Sendable (Recorder, Recorder.Event) -> Void = { _, _ in }
    ) async throws -> StandThread {
        let listener = try listener ?? ListeningSocket(.loopback(0))
        let (thread, stand) = try await LoopThread.start(name: "test", engine: engine) { loop in
            Stand(loop, listener, reaction)
        }
        return StandThread(thread: thread, stand: stand, address: listener.address)
    }

    func connect(
        to address: SocketAddress, _ reaction: @escaping @Sendable (Recorder, Recorder.Event) -> Void = { _, _ in }
    ) async throws -> LoopBound<Recorder> {
        let bound = await self.stand.submit { stand in
            LoopBound(stand.connect(to: address, reaction), on: stand.loop)
        }
        guard let bound else { throw TransportError.closed }
        return bound
    }

    /// Waits for the accepted connection of that number, from 0.
    func accepted(_ index: Int = 0) async throws -> LoopBound<Recorder> {
        await self.whenAccepted(index + 1)
        let bound = await self.stand.submit { LoopBound($0.accepted[index], on: $0.loop) }
        guard let bound else { throw TransportError.closed }
        return bound
    }

    func whenAccepted(_ count: Int) async {
        _ = await self.stand.submit(resuming: { (stand, continuation: CheckedContinuation<Bool?, Never>) in
            stand.whenAccepted(count) { continuation.resume(returning: true) }
        })
    }

    /// Ends every connection and the thread.
    /// - Returns: Connections that the loop still counted after that.
    @discardableResult
    func stop() async -> Int? {
        _ = await self.stand.submit { $0.endAll() }
        // The ends are told at the end of that turn.
        let count = await self.stand.submit { $0.loop.connectionCount }
        await self.thread.stop()
        return count
    }
}

/// The engines that this kernel allows.
let engines: [EngineChoice] = Engines.uringObstacle() == nil ? [.epoll, .uring] : [.epoll]

/// Bytes that tell where in the sequence they belong.
func pattern(_ count: Int, from start: Int = 0) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { place, initialized in
        for index in 0..<count {
            let position = start + index
            place[index] = UInt8(truncatingIfNeeded: position &* 31 ^ position >> 8)
        }
        initialized = count
    }
}
