package import Glibc

/// Wakes a thread that waits in `poll`, from any other; a pipe to the process itself.
package struct WakePipe: ~Copyable, Sendable {
    private let reader: Int32
    private let writer: Int32

    /// Takes two descriptors, which no child inherits.
    /// - Throws: ``ThreadUnavailable`` when none are left.
    package init() throws(ThreadUnavailable) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ThreadUnavailable(code: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (self.reader, self.writer) = (ends[0], ends[1])
    }

    deinit {
        _ = close(self.reader)
        _ = close(self.writer)
    }

    /// What the thread gives to `poll`.
    package var place: pollfd { pollfd(fd: self.reader, events: Int16(POLLIN), revents: 0) }

    /// Ends the wait that goes on, or the next one.
    package func wake() {
        var byte: UInt8 = 0
        // A full pipe wakes as well as one more byte would.
        _ = write(self.writer, &byte, 1)
    }

    /// Takes what ``wake()`` has left, so that the next wait waits.
    package func drain() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { scratch in
            while read(self.reader, scratch.baseAddress, scratch.count) == scratch.count {}
        }
    }
}
