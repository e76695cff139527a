import Dispatch
import Glibc

/// Runs a program beside this one, with bytes as its input and bounds on its output and its time.
///
/// The program has a process group of its own, default signals and `/dev/null` as standard error; its standard input
/// and output are one socket. It gets no other descriptor of this process that is closed on exec. Whichever way a run
/// ends, the whole group is killed and the program is reaped.
package struct ChildProcess: Sendable {
    /// How the program ended.
    package enum Ending: Sendable, Equatable {
        case exited(code: Int32)
        case signalled(Int32)
    }

    package struct Output: Sendable, Equatable {
        package let ending: Ending
        /// The beginning of the standard output, up to the limit.
        package let bytes: [UInt8]
        /// The program wrote more than the limit.
        package let isCut: Bool
    }

    package enum Failure: Error, Sendable, Equatable {
        /// The system's error number: ENOENT for a missing program, EACCES or ENOEXEC for one that cannot be run.
        case cannotStart(code: Int32)
        case timedOut
        case cancelled
    }

    /// Threads that may wait, so that the cooperative ones stay free.
    private static let queue = DispatchQueue(label: "child-process", attributes: .concurrent)

    /// Absolute path; no search path is used.
    private let executable: String
    /// Without the program's own name.
    private let arguments: [String]
    private let environment: [String: String]

    package init(executable: String, arguments: [String], environment: [String: String]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts the program and waits for its end.
    /// - Parameters:
    ///   - input: What it reads, then the end of the file. A program that ends without reading it is no failure.
    ///   - outputLimit: Bytes that are kept; the program may write more.
    ///   - timeLimit: How long it may run.
    /// - Returns: What it wrote, and how it ended.
    /// - Throws: ``Failure``; `.cancelled` when the task is cancelled.
    package func run(
        input: [UInt8] = [], outputLimit: Int, timeLimit: Duration
    ) async throws(Failure) -> Output {
        let deadline = ContinuousClock.now.advanced(by: timeLimit)
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw .cannotStart(code: errno) }
        let socket = ChildProcessSocket(pair[0])
        let other = pair[1]
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Output, Failure>, Never>) in
                Self.queue.async {
                    let result = Result { () throws(Failure) -> Output in
                        defer { socket.close() }
                        let started = Result { () throws(Failure) -> pid_t in try self.spawn(on: other) }
                        // The program has its copy; with this one open its end would not be seen.
                        close(other)
                        var run = ChildProcessRun(
                            process: try started.get(), socket: socket, outputLimit: outputLimit, deadline: deadline)
                        return try run.finish(input: input)
                    }
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            socket.cancel()
        }
        return try result.get()
    }

    private func spawn(on descriptor: Int32) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([self.executable] + self.arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = self.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, self.executable, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw .cannotStart(code: code) }
        return process
    }
}
