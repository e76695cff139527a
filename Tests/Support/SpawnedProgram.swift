package import Glibc
import Synchronization

/// A program in a process group of its own, with all signals as a shell would give them to it.
///
/// Tasks run on threads that block signals, and Foundation's `Process` hands that on: what is started so cannot be ended
/// by SIGTERM, and neither can what it starts.
package final class SpawnedProgram: Sendable {
    /// What a program that has ended said.
    package struct Outcome: Sendable {
        /// The exit code, or the signal that ended it as a negative number.
        package let status: CInt
        package let output: [UInt8]
        package let errors: [UInt8]

        package var text: String { String(decoding: self.output, as: UTF8.self) }
        package var errorText: String { String(decoding: self.errors, as: UTF8.self) }
    }

    /// It did not say within its time what was waited for.
    package struct Silent: Error {
        package let output: String

        package init(output: String) { self.output = output }
    }

    package let identifier: pid_t
    private let input: CInt
    private let output: CInt
    private let errors: CInt
    private let hasEnded = Mutex(false)

    /// Starts a program that is found in PATH.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - environment: Takes the place of this process's; `nil` for the same.
    /// - Throws: ``SystemFailure`` when it cannot be started.
    package init(_ command: [String], environment: [String: String]? = nil) throws {
        let (childInput, input) = try Self.pipe()
        let (output, childOutput) = try Self.pipe()
        let (errors, childErrors) = try Self.pipe()
        defer { for end in [childInput, childOutput, childErrors] { close(end) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (end, number) in [(childInput, 0), (childOutput, 1), (childErrors, 2)] {
            posix_spawn_file_actions_adddup2(&actions, end, CInt(number))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = command.map { strdup($0) } + [nil]
        var settings = (environment ?? [:]).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var identifier = pid_t()
        let name = command.first ?? ""
        let failure =
            environment == nil
            ? posix_spawnp(&identifier, name, &actions, &attributes, &words, environ)
            : posix_spawnp(&identifier, name, &actions, &attributes, &words, &settings)
        self.identifier = identifier
        (self.input, self.output, self.errors) = (input, output, errors)
        guard failure == 0 else {
            self.hasEnded.withLock { $0 = true }
            throw SystemFailure(operation: "start \(name)", number: failure)
        }
    }

    deinit {
        if !self.hasEnded.withLock({ $0 }) { self.kill() }
        for end in [self.input, self.output, self.errors] { close(end) }
    }

    /// Runs a program to its end; what has not ended by itself after `limit` is killed.
    package static func run(
        _ command: [String], input: [UInt8] = [], environment: [String: String]? = nil, limit: Duration = .seconds(20)
    ) async throws -> Outcome {
        try await SmallThread.run {
            let program = try SpawnedProgram(command, environment: environment)
            let end = ContinuousClock.now + limit
            let (output, errors) = program.exchange(input, until: end)
            return Outcome(status: program.end(waitingUntil: end), output: output, errors: errors)
        }
    }

    /// Waits until its output has a whole line that begins so; its input stays open.
    package func line(beginning text: String, within limit: Duration = .seconds(20)) async throws -> String {
        try await SmallThread.run {
            let end = ContinuousClock.now + limit
            var output: [UInt8] = []
            while self.wait([pollfd(fd: self.output, events: Int16(POLLIN), revents: 0)], until: end) != nil {
                guard Self.read(self.output, into: &output) else { break }
                let lines = String(decoding: output, as: UTF8.self).split(
                    separator: "\n", omittingEmptySubsequences: false)
                if let line = lines.dropLast().first(where: { $0.hasPrefix(text) }) { return String(line) }
            }
            throw Silent(output: String(decoding: output, as: UTF8.self))
        }
    }

    /// Waits for it to end by itself, and kills it when it has not by then.
    ///
    /// - Returns: The exit code, or the signal that ended it as a negative number: -9 when it was killed.
    package func status(within limit: Duration) async -> CInt {
        let status = try? await SmallThread.run { self.end(waitingUntil: .now + limit) }
        return status ?? -SIGKILL
    }

    /// Ends it and what it started in its group; returns when it has ended.
    package func kill() { _ = self.end(waitingUntil: .now) }

    /// Waits for it to end by itself, and then kills what is left.
    ///
    /// - Returns: The exit code, or the signal that ended it as a negative number; 0 when it had ended before.
    private func end(waitingUntil deadline: ContinuousClock.Instant) -> CInt {
        self.hasEnded.withLock { hasEnded in
            guard !hasEnded else { return 0 }
            hasEnded = true
            var status: CInt = 0
            // The system has no wait for a child with a limit.
            while waitpid(self.identifier, &status, WNOHANG) == 0 {
                if deadline <= .now {
                    _ = Glibc.kill(-self.identifier, SIGKILL)
                    while waitpid(self.identifier, &status, 0) < 0, errno == EINTR {}
                    break
                }
                usleep(1_000)
            }
            return Self.code(status)
        }
    }

    private static func code(_ status: CInt) -> CInt { status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F) }

    /// Writes all of the input and ends it, and reads both outputs to their ends.
    private func exchange(_ input: [UInt8], until end: ContinuousClock.Instant) -> (output: [UInt8], errors: [UInt8]) {
        var rest = input[...]
        var texts: [[UInt8]] = [[], []]
        var entries = [
            pollfd(fd: self.output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: self.errors, events: Int16(POLLIN), revents: 0),
            pollfd(fd: self.input, events: Int16(POLLOUT), revents: 0),
        ]
        while entries[0].fd >= 0 || entries[1].fd >= 0, let ready = self.wait(entries, until: end) {
            for index in 0..<2 where ready[index].revents != 0 {
                if !Self.read(ready[index].fd, into: &texts[index]) { entries[index].fd = -1 }
            }
            if ready[2].revents != 0 {
                let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
                let count = rest.withUnsafeBytes { send(ready[2].fd, $0.baseAddress, $0.count, flags) }
                let isRefused = count < 0 && errno != EAGAIN
                rest = rest.dropFirst(max(count, 0))
                if rest.isEmpty || isRefused {
                    shutdown(self.input, CInt(SHUT_WR))
                    entries[2].fd = -1
                }
            }
        }
        return (texts[0], texts[1])
    }

    /// - Returns: `nil` when the time is up.
    private func wait(_ entries: [pollfd], until end: ContinuousClock.Instant) -> [pollfd]? {
        var entries = entries
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return nil }
            let (seconds, attoseconds) = left.components
            let count = poll(
                &entries, nfds_t(entries.count), CInt(seconds * 1_000 + attoseconds / 1_000_000_000_000_000) + 1)
            if count > 0 { return entries }
        }
    }

    /// - Returns: False at the end.
    private static func read(_ descriptor: CInt, into bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { bytes += buffer[..<count] }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// A pair of connected sockets, which unlike a pipe can be written to without a signal when nobody reads.
    private static func pipe() throws -> (CInt, CInt) {
        var ends: [CInt] = [0, 0]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw SystemFailure(operation: "socketpair", number: errno)
        }
        return (ends[0], ends[1])
    }
}
