import CLinux
import Glibc

/// Ends the wait of an event loop, from any thread.
package final class LoopWaker: Sendable {
    let descriptor: Int32

    package init() {
        self.descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(self.descriptor >= 0, "no descriptor is left for an event loop")
    }

    deinit {
        close(self.descriptor)
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
