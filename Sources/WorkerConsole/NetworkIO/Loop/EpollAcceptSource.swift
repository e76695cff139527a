import CLinux
import Glibc

/// Accepts connections on a listening socket that may belong to several loops: each new connection wakes one of them.
final class EpollAcceptSource: EpollSource, AcceptSource {
    private let listener: ListeningSocket
    private let engine: EpollEngine
    private unowned let loop: EventLoop
    private let accepted: (consuming Socket, SocketAddress?) -> Void
    private var isWatching = false
    private var isCancelled = false

    init(
        _ listener: ListeningSocket, engine: EpollEngine, loop: EventLoop,
        _ accepted: @escaping (consuming Socket, SocketAddress?) -> Void
    ) {
        self.listener = listener
        self.engine = engine
        self.loop = loop
        self.accepted = accepted
        super.init()
        self.watch()
    }

    private func watch() {
        self.isWatching = true
        self.engine.add(self, self.listener.descriptor, events: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue)
    }

    private func unwatch() {
        guard self.isWatching else { return }
        self.isWatching = false
        self.engine.remove(self, self.listener.descriptor)
    }

    func cancel() {
        self.isCancelled = true
        self.unwatch()
    }

    override func loopEnded() {
        self.isCancelled = true
        self.isWatching = false
    }

    override func handle(_ events: UInt32, for loop: EventLoop) {
        // A listener that refuses connections says so for ever.
        guard events & EPOLLHUP.rawValue == 0 else { return self.cancel() }
        let hasDescriptors = self.listener.acceptAll(blocking: false, while: { self.isWatching }, self.accepted)
        guard !hasDescriptors else { return }
        self.unwatch()
        loop.schedule(after: ListeningSocket.pause) {
            if !self.isCancelled { self.watch() }
        }
    }
}
