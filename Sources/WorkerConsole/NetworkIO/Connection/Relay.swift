import CLinux
import Glibc

/// Moves a part of what arrives on one connection to another one within the kernel, so that it is never copied to us.
///
/// Between the two sockets lies a pipe. Whoever takes from the one also knows how much is to be moved; whoever gives to the
/// other one says when nothing is held any more.
package final class Relay {
    /// What came of taking from a socket.
    enum Pull {
        /// So many bytes, at least one.
        case moved(Int)
        /// Nothing waits.
        case empty
        /// The pipe takes nothing more before some of it has left; something may wait.
        case full
        case ended
        case failed(errno: Int32)
    }

    /// Fewer bytes are not worth the calls that a pipe costs more than copying.
    static let leastBytes = 131_072
    private static let pipeSize = 262_144

    private let input: Int32
    private let output: Int32
    /// Bytes in the pipe.
    private(set) var held = 0
    /// Bytes that are still to be taken.
    private(set) var left = 0

    /// - Returns: `nil` when the system gives no pipe.
    init?() {
        var ends: (Int32, Int32) = (-1, -1)
        let code = withUnsafeMutableBytes(of: &ends) {
            cl_make_pipe($0.bindMemory(to: Int32.self).baseAddress, Int32(Self.pipeSize))
        }
        guard code == 0 else { return nil }
        self.output = ends.0
        self.input = ends.1
    }

    deinit {
        close(self.input)
        close(self.output)
    }

    /// Nothing is held and nothing is to come.
    var isDone: Bool { self.held == 0 && self.left == 0 }

    func begin(_ count: Int) {
        precondition(self.isDone, "a relay moves one thing at a time")
        self.left = count
    }

    /// Takes no more.
    func stop() { self.left = 0 }

    func pull(from descriptor: Int32) -> Pull {
        let count = cl_splice(descriptor, self.input, min(self.left, Self.pipeSize))
        if count > 0 {
            self.held += count
            self.left -= count
            return .moved(count)
        }
        switch Int32(truncatingIfNeeded: -count) {
        case 0: return .ended
        // The system does not say which of the two it was.
        case EAGAIN: return self.held > 0 ? .full : .empty
        case EINTR: return .moved(0)
        case let code: return .failed(errno: code)
        }
    }

    func push(to descriptor: Int32) -> WireOutcome {
        while true {
            let count = cl_splice(self.output, descriptor, self.held)
            if count > 0 { self.held -= count }
            if count != -Int(EINTR) { return WireOutcome(result: count) }
        }
    }
}
