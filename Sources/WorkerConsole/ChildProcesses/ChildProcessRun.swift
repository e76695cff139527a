import Glibc
import Synchronization

/// This side's end of the socket to a program.
///
/// The thread that waits for the program closes it; a task may be cancelled at any time, also after that.
final class ChildProcessSocket: Sendable {
    private struct State {
        var isOpen = true
        var isCancelled = false
    }

    let descriptor: Int32
    private let state = Mutex(State())

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    var isCancelled: Bool { self.state.withLock { $0.isCancelled } }

    /// Wakes the thread that waits at the socket.
    func cancel() {
        self.state.withLock { state in
            state.isCancelled = true
            if state.isOpen { shutdown(self.descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func close() {
        self.state.withLock { state in
            if state.isOpen { Glibc.close(self.descriptor) }
            state.isOpen = false
        }
    }
}

/// One program that runs, seen from the thread that waits for it.
struct ChildProcessRun {
    let process: pid_t
    let socket: ChildProcessSocket
    let outputLimit: Int
    let deadline: ContinuousClock.Instant

    private var output: [UInt8] = []
    private var isCut = false

    init(process: pid_t, socket: ChildProcessSocket, outputLimit: Int, deadline: ContinuousClock.Instant) {
        self.process = process
        self.socket = socket
        self.outputLimit = outputLimit
        self.deadline = deadline
    }

    /// Feeds the program, reads what it writes, and reaps it.
    mutating func finish(input: [UInt8]) throws(ChildProcess.Failure) -> ChildProcess.Output {
        do throws(ChildProcess.Failure) {
            try self.exchange(input)
            try self.awaitExit()
        } catch {
            _ = self.reap()
            throw error
        }
        return ChildProcess.Output(ending: self.reap(), bytes: self.output, isCut: self.isCut)
    }

    /// Milliseconds to wait at most.
    private func remaining() throws(ChildProcess.Failure) -> Int32 {
        if self.socket.isCancelled { throw .cancelled }
        let left = ContinuousClock.now.duration(to: self.deadline)
        guard left > .zero else { throw .timedOut }
        return Int32(min(left / .milliseconds(1), 60_000).rounded(.up))
    }

    /// Until the program has closed its output.
    private mutating func exchange(_ input: [UInt8]) throws(ChildProcess.Failure) {
        var rest = input[...]
        if rest.isEmpty { shutdown(self.socket.descriptor, Int32(SHUT_WR)) }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            var descriptor = pollfd(
                fd: self.socket.descriptor, events: Int16(rest.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0)
            let ready = poll(&descriptor, 1, try self.remaining())
            guard ready > 0 else { continue }
            if !rest.isEmpty, descriptor.revents & Int16(POLLIN) == 0 || descriptor.revents & Int16(POLLOUT) != 0 {
                self.send(&rest)
                if rest.isEmpty { shutdown(self.socket.descriptor, Int32(SHUT_WR)) }
            }
            guard descriptor.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { continue }
            let count = recv(self.socket.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            // A cancelled task closes the socket too.
            if count == 0 {
                _ = try self.remaining()
                return
            }
            guard count > 0 else { continue }
            let kept = min(count, self.outputLimit - self.output.count)
            self.output += buffer[..<kept]
            self.isCut = self.isCut || kept < count
        }
    }

    private func send(_ rest: inout ArraySlice<UInt8>) {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let count = rest.withUnsafeBytes { Glibc.send(self.socket.descriptor, $0.baseAddress, $0.count, flags) }
        if count > 0 {
            rest = rest.dropFirst(count)
        } else if count < 0, errno != EAGAIN, errno != EINTR {
            // The program has ended or closed its input.
            rest = []
        }
    }

    /// Until the program, which has closed its output, has ended; it is left to be reaped.
    private func awaitExit() throws(ChildProcess.Failure) {
        var pause: Int32 = 1
        while true {
            var information = siginfo_t()
            let result = waitid(P_PID, id_t(self.process), &information, WEXITED | WNOWAIT | WNOHANG)
            if result == 0, information.si_signo != 0 { return }
            if result != 0, errno != EINTR { return }
            // Most programs end with their output, so this hardly ever waits twice.
            _ = poll(nil, 0, min(pause, try self.remaining()))
            pause = min(pause * 2, 16)
        }
    }

    /// Kills what is left of the group while the program's own identifier still belongs to it, and reaps the program.
    private func reap() -> ChildProcess.Ending {
        kill(-self.process, SIGKILL)
        var status: Int32 = 0
        while waitpid(self.process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited(code: (status >> 8) & 0xFF) : .signalled(signal)
    }
}
