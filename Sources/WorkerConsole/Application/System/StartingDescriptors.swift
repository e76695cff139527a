import CommandLineArguments
import Glibc
import NetworkIO

/// What a process must be able to open before it begins: some parts of the system's libraries end the process when they
/// find no descriptor later.
enum StartingDescriptors {
    /// For the threads, files and timers of the console; clients and backends come on top.
    private static let needed = 32

    /// Sees that there are enough, and lets the timers that every sleep shares take theirs.
    ///
    /// - Throws: `CommandFailure` with exit code 2: the limit of open files is too low.
    static func secure() async throws(CommandFailure) {
        let free = Self.countFree()
        guard free >= Self.needed else {
            throw .cannotRun(
                "only \(free) more files may be opened (limit \(DescriptorReserve.process.limit)), and \(Self.needed) are "
                    + "needed; raise the limit: ulimit -n 1024")
        }
        // Dispatch opens a timer of the kernel with the first sleep and ends the process where it cannot.
        try? await Task.sleep(for: .nanoseconds(1))
    }

    /// Descriptors that can be opened now; no more than what is needed are tried.
    private static func countFree() -> Int {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < Self.needed {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                // Without such a file nothing can be found out this way.
                return errno == EMFILE || errno == ENFILE ? opened.count : Self.needed
            }
            opened.append(descriptor)
        }
        return opened.count
    }
}
