import CLinux
import Glibc

/// Ends the wait of an event loop, from any thread.
package final class LoopWaker: Sendable {
    let descriptor: Int32

    /// - Throws: `.noDescriptors` above all.
    init() throws(TransportError) {
        self.descriptor = DescriptorReserve.process.open {
            let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
            return descriptor < 0 ? -errno : descriptor
        }
        guard self.descriptor >= 0 else { throw TransportError(errno: -self.descriptor) }
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// For an engine that never waits: it wakes nobody.
    package static func forNobody() -> LoopWaker { LoopWaker(descriptor: -1) }

    deinit {
        if self.descriptor >= 0 { close(self.descriptor) }
    }

    func wake() {
        var one: UInt64 = 1
        _ = write(self.descriptor, &one, 8)
    }

    /// Makes the descriptor quiet again.
    func clear() {
        var count: UInt64 = 0
        _ = read(self.descriptor, &count, 8)
    }
}
