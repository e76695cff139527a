import CLinux
import Glibc

/// Owns the rings that a loop shares with the kernel, and the buffers that the kernel receives into.
struct Uring: ~Copyable {
    /// Why the kernel gives no ring.
    struct Unavailable: Error {
        let errno: Int32

        /// A few words for a person.
        var reason: String {
            switch self.errno {
            case ENOSYS: "the kernel has no io_uring"
            case EPERM, EACCES: "io_uring is not permitted here (sysctl kernel.io_uring_disabled, or a seccomp filter)"
            case EINVAL: "the kernel's io_uring is too old (6.1 is needed)"
            case ENOMEM: "there is not enough memory for io_uring, or not enough may be locked"
            default: "io_uring: \(TransportError.system(errno: self.errno))"
            }
        }
    }

    /// Operations that are prepared between two waits, at most; more wait for the next turn.
    private static let operations: UInt32 = 1_024
    private static let completions: UInt32 = 4_096
    private static let buffers: UInt32 = 128
    private static let buffersAtFirst: UInt32 = 32
    /// Large enough for a request with a body of 16 KiB.
    static let bufferSize = 32_768

    let handle: OpaquePointer
    /// The kernel has only as many as turned out to be needed at once: the fewer, the warmer they are in the caches.
    private var givenBuffers: UInt32

    init() throws(Unavailable) {
        var handle: OpaquePointer?
        let code = cl_uring_make(
            &handle, Self.operations, Self.completions, Self.buffers, UInt32(Self.bufferSize))
        guard code == 0, let handle else { throw Unavailable(errno: -code) }
        self.handle = handle
        self.givenBuffers = Self.buffersAtFirst
        Self.giveBuffers(0..<Self.buffersAtFirst, to: handle)
    }

    deinit {
        cl_uring_free(self.handle)
    }

    /// Gives the kernel more buffers after it had too few.
    mutating func addBuffers() {
        let count = min(self.givenBuffers * 2, Self.buffers)
        Self.giveBuffers(self.givenBuffers..<count, to: self.handle)
        self.givenBuffers = count
    }

    private static func giveBuffers(_ buffers: Range<UInt32>, to handle: OpaquePointer) {
        for buffer in buffers { cl_uring_give_buffer(handle, buffer) }
    }
}
