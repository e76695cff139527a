import CLinux
import Glibc

/// Accepts connections on a listening socket that may belong to several loops: each new connection wakes one of them.
final class EpollAcceptSource: EpollSource, AcceptSource {
    private static let acceptsAtOnce = 64
    /// How long nothing is accepted when no descriptor is left: what is open must be able to end meanwhile.
    private static let pause: Int64 = 100_000_000

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

    override func handle(_: UInt32, for loop: EventLoop) {
        for _ in 0..<Self.acceptsAtOnce where self.isWatching {
            switch self.listener.accept() {
            case .accepted(let descriptor, let address):
                let socket = Socket(descriptor: descriptor)
                if address?.family != AF_UNIX { socket.setNoDelay() }
                self.accepted(socket, address)
            case .none: return
            case .exhausted:
                self.unwatch()
                loop.schedule(after: Self.pause) { [weak self] in
                    guard let self, !self.isCancelled else { return }
                    self.watch()
                }
                return
            }
        }
    }
}
