import Foundation
import TestSupport

/// A program in a terminal that nobody reads any more once it has drawn its first screen.
struct DeafTerminal {
    struct Outcome: Decodable {
        /// The signal that ended it; 0 for none, 9 when it did not end and was killed.
        let signal: Int
        let code: Int
        /// From the signal to the end.
        let seconds: Double
        /// The modes of the terminal are those from before the start.
        let isRestored: Bool
        /// A thread hung in a write when the signal came.
        let wasBlocked: Bool
        /// What could be read from the terminal after the end.
        let rest: String
    }

    /// Runs a command, waits for `mark`, stops reading, has everything drawn anew until a write hangs, and sends the
    /// signals, or types the keys.
    static func run(_ command: [String], mark: String, signals: [Int32], keys: String = "") async throws -> Outcome {
        let words = try JSONEncoder().encode(command)
        let outcome = try await SpawnedProgram.run([
            "python3", "-c", self.script, String(decoding: words, as: UTF8.self), mark,
            signals.map(String.init).joined(separator: " "), keys,
        ])
        guard !outcome.output.isEmpty else { throw SpawnedProgram.Silent(output: outcome.errorText) }
        return try JSONDecoder().decode(Outcome.self, from: Data(outcome.output))
    }

    private static let script = #"""
        import fcntl, glob, json, os, pty, select, signal, struct, sys, termios, time
        command, mark = json.loads(sys.argv[1]), sys.argv[2].encode()
        master, slave = pty.openpty()
        def resize(columns): fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
        resize(160)
        before = termios.tcgetattr(slave)
        child = os.fork()
        if child == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for end in range(3): os.dup2(slave, end)
            os.closerange(3, 256)
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8", SWIFT_BACKTRACE="enable=no")
            os.execvp(command[0], command)
        seen, end = b"", time.monotonic() + 15
        while mark not in seen and time.monotonic() < end:
            if select.select([master], [], [], 0.1)[0]: seen += os.read(master, 65536)
        def blocked():
            for path in glob.glob(f"/proc/{child}/task/*/syscall"):
                try: call = open(path).read().split()
                except OSError: continue
                # write(1, …): 1 on x86-64, 64 on arm64.
                if call[:2] in (["1", "0x1"], ["64", "0x1"]): return True
            return False
        was_blocked, columns = False, 160
        while not was_blocked and time.monotonic() < end:
            columns = 319 - columns
            resize(columns)
            os.kill(child, signal.SIGWINCH)
            time.sleep(0.03)
            was_blocked = blocked() and (time.sleep(0.2) or blocked())
        begin = time.monotonic()
        os.write(master, sys.argv[4].encode())
        for number in sys.argv[3].split():
            os.kill(child, int(number))
            time.sleep(0.05)
        ended = status = 0
        while ended == 0 and time.monotonic() < begin + 12:
            ended, status = os.waitpid(child, os.WNOHANG)
            time.sleep(0.005)
        seconds = time.monotonic() - begin
        if ended == 0:
            os.kill(child, signal.SIGKILL)
            ended, status = os.waitpid(child, 0)
        restored, rest = termios.tcgetattr(slave) == before, b""
        while select.select([master], [], [], 0.1)[0]: rest += os.read(master, 65536)
        print(json.dumps({"signal": status & 0x7F, "code": status >> 8, "seconds": seconds, "isRestored": restored,
            "wasBlocked": was_blocked, "rest": rest.decode("utf-8", "replace")}))
        """#
}
