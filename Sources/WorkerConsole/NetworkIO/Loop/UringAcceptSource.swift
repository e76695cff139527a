import CLinux
import Glibc

/// Accepts connections on a listening socket that may belong to several loops.
///
/// It waits for one connection after the other instead of accepting by a repeated operation: that one would keep its
/// place before the other loops', which would get nothing.
final class UringAcceptSource: UringSource, AcceptSource {
    private let listener: ListeningSocket
    private unowned let engine: UringEngine
    private let accepted: (consuming Socket, SocketAddress?) -> Void
    private var isWatching = false
    private var isCancelled = false

    init(
        _ listener: ListeningSocket, engine: UringEngine,
        _ accepted: @escaping (consuming Socket, SocketAddress?) -> Void
    ) {
        self.listener = listener
        self.engine = engine
        self.accepted = accepted
    }

    func watch() {
        guard !self.isCancelled, !self.isWatching else { return }
        self.isWatching = self.engine.poll(
            self, self.listener.descriptor, .readable, events: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue,
            repeats: false)
        if !self.isWatching { self.engine.proceedLater(self) }
    }

    func cancel() {
        self.isCancelled = true
        self.cancelWatch()
    }

    private func cancelWatch() {
        guard self.isWatching else { return }
        if !self.engine.cancel(self, .readable) { self.engine.proceedLater(self) }
    }

    override func proceed(for _: EventLoop) {
        if self.isCancelled { self.cancelWatch() } else { self.watch() }
    }

    override func completed(_: Operation, result: Int32, buffer _: UInt32?, hasMore _: Bool, for loop: EventLoop) {
        self.isWatching = false
        // A listener that refuses connections says so for ever.
        if result > 0, UInt32(bitPattern: result) & EPOLLHUP.rawValue != 0 { self.isCancelled = true }
        guard !self.isCancelled else { return }
        let hasDescriptors = self.listener.acceptAll(blocking: true, while: { !self.isCancelled }, self.accepted)
        guard !hasDescriptors else { return self.watch() }
        loop.schedule(after: ListeningSocket.pause) { self.watch() }
    }
}
