import Foundation
import Glibc

/// The process's limit of open descriptors.
enum Descriptors {
    struct TooFew: Error {}

    /// Makes sure that so many can be open.
    static func allow(_ count: Int) throws {
        var limit = Self.limit
        guard limit.rlim_cur < count else { return }
        guard limit.rlim_max >= count else { throw TooFew() }
        limit.rlim_cur = rlim_t(count)
        Self.limit = limit
    }

    /// Calls `body` while no descriptor can be opened.
    static func withNoneLeft(_ body: () async throws -> Void) async rethrows {
        let before = Self.limit
        let lowest = dup(0)
        close(lowest)
        Self.limit = rlimit(rlim_cur: rlim_t(lowest), rlim_max: before.rlim_max)
        defer { Self.limit = before }
        try await body()
    }

    private static var limit: rlimit {
        get {
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            return limit
        }
        set {
            var limit = newValue
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
    }
}

/// A thread on which some system calls fail.
enum RestrictedThread {
    private struct Instruction {
        let code: UInt16
        var jumpTrue: UInt8 = 0
        var jumpFalse: UInt8 = 0
        let value: UInt32
    }

    /// Runs `body` on a thread of its own where io_uring is forbidden, as a container's seccomp filter forbids it.
    static func withoutUring<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: Self.forbid(systemCall: 425, with: EPERM) ? body() : nil)
            }
        }
    }

    /// Installs a filter (seccomp(2)) for the calling thread, which only ever lasts as long as that.
    private static func forbid(systemCall: UInt32, with errno: Int32) -> Bool {
        typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        // prctl is variadic, which Swift does not call; on Linux's platforms it takes its arguments like any function.
        guard let symbol = dlsym(nil, "prctl") else { return false }
        let control = unsafeBitCast(symbol, to: Control.self)
        let program = [
            Instruction(code: 0x20, value: 0),  // Load the system call's number.
            Instruction(code: 0x15, jumpFalse: 1, value: systemCall),
            Instruction(code: 0x06, value: 0x0005_0000 | UInt32(errno)),
            Instruction(code: 0x06, value: 0x7fff_0000),
        ]
        return program.withUnsafeBufferPointer { instructions in
            var filter = (count: UInt(instructions.count), start: instructions.baseAddress)
            return withUnsafePointer(to: &filter) { pointer in
                control(38, 1, 0, 0, 0) == 0 && control(22, 2, UInt(bitPattern: pointer), 0, 0) == 0
            }
        }
    }
}
