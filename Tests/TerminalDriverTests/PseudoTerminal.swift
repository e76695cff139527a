import Foundation
import Testing

/// Runs one test of this bundle as a process of its own behind a pseudo terminal, and tells what came out.
struct PseudoTerminal {
    /// What the process left behind.
    struct Outcome: Decodable {
        /// Everything that was written to the terminal.
        let output: String
        /// The signal that ended the process; 0 for none.
        let signal: Int
        /// The modes of the terminal are those from before the start.
        let isRestored: Bool
        /// What of what was sent nobody had read at the end, or when `left` asked.
        let rest: String
        /// A text that was waited for and did not come within the time.
        let missing: String?
    }

    /// One step: `expect` waits for a text, `send` types, `pause` lets seconds pass between pieces, `resize` takes
    /// "rows columns", `left` looks at what nobody has read, `hangup` closes the terminal.
    typealias Step = [String]

    var environment: [String: String] = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]

    func run(_ steps: [Step]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let arguments = try JSONEncoder().encode(["command": Self.command(), "steps": []] as [String: [String]])
        process.arguments = [
            "python3", "-c", Self.script, String(decoding: arguments, as: UTF8.self),
            String(decoding: try JSONEncoder().encode(steps), as: UTF8.self),
        ]
        var environment = ProcessInfo.processInfo.environment
        for name in ["LC_ALL", "LC_CTYPE", "NO_COLOR", "COLORFGBG", "LINES", "COLUMNS"] { environment[name] = nil }
        environment.merge(self.environment) { $1 }
        environment["WORKER_CONSOLE_PTY_CHILD"] = "1"
        // Python would give a child in the C locale another one (PEP 538).
        environment["PYTHONCOERCECLOCALE"] = "0"
        // A trace of every thread takes longer than the test.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(Outcome.self, from: data)
    }

    /// The command of this process, with the child's test as the only one.
    private static func command() -> [String] {
        let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/self/cmdline"))) ?? Data()
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        var kept: [String] = []
        var skips = false
        for word in words {
            if skips {
                skips = false
            } else if ["--filter", "--skip", "--xunit-output", "--event-stream-output-path"].contains(word) {
                skips = true
            } else {
                kept.append(word)
            }
        }
        return kept + ["--filter", "PseudoTerminalChild"]
    }

    private static let script = #"""
        import fcntl, json, os, pty, select, signal, struct, sys, termios, time
        command = json.loads(sys.argv[1])["command"]
        steps = json.loads(sys.argv[2])
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        before = termios.tcgetattr(slave)
        told, tell = os.pipe()
        until_looked, looked = os.pipe()
        leader = os.fork()
        if leader == 0:
            # The shell of this session: its child has a process group of its own, so that Ctrl-Z can stop it.
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for number in (signal.SIGTTOU, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                os.tcsetpgrp(slave, os.getpid())
                for number in (signal.SIGTTOU, signal.SIGHUP): signal.signal(number, signal.SIG_DFL)
                for end in range(3): os.dup2(slave, end)
                os.closerange(3, 256)
                os.execvp(command[0], command)
            os.close(slave); os.close(master); os.close(looked)
            os.write(tell, b"%d started 0\n" % child)
            while True:
                pid, how = os.waitpid(child, os.WUNTRACED)
                if os.WIFSTOPPED(how): os.write(tell, b"%d stopped 0\n" % child)
                else:
                    os.write(tell, b"%d ended %d\n" % (child, os.WTERMSIG(how) if os.WIFSIGNALED(how) else 0))
                    # The terminal goes with the leader of its session.
                    os.read(until_looked, 1)
                    os._exit(0)
        os.close(tell)
        os.set_blocking(told, False)
        news = b""
        end = time.monotonic() + 20
        seen = b""
        mark = 0
        missing = None
        status = None
        child = 0
        hung = False
        rest = b""
        def left():
            global rest
            # The other end of the terminal, as a shell would find it: without waiting for a line.
            modes = termios.tcgetattr(slave)
            raw = modes[:3] + [modes[3] & ~(termios.ICANON | termios.ECHO)] + modes[4:]
            termios.tcsetattr(slave, termios.TCSANOW, raw)
            while select.select([slave], [], [], 0.1)[0]:
                some = os.read(slave, 65536)
                rest += some
                if not some: break
            termios.tcsetattr(slave, termios.TCSANOW, modes)
        def pump(wait):
            global seen, news, status, child
            try: news += os.read(told, 4096)
            except BlockingIOError: pass
            for line in news.decode().splitlines():
                child = int(line.split()[0])
                if " ended " in line: status = int(line.split()[2])
            if not hung and select.select([master], [], [], wait)[0]:
                try: seen += os.read(master, 65536)
                except OSError: pass
            elif hung: time.sleep(0.01)
        for name, *values in steps:
            if name == "expect":
                text = values[0].encode()
                while text not in seen[mark:] and time.monotonic() < end:
                    over = status is not None
                    pump(0.05)
                    if over: break
                at = seen.find(text, mark)
                if at < 0:
                    missing = values[0]
                    break
                mark = at + len(text)
            elif name == "pause":
                until = time.monotonic() + float(values[0])
                while time.monotonic() < until: pump(0.01)
            elif name == "left": left()
            elif name == "send": os.write(master, values[0].encode())
            elif name == "resize":
                rows, columns = map(int, values[0].split())
                fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            elif name == "stopped":
                while b"stopped" not in news and time.monotonic() < end: pump(0.02)
                if b"stopped" not in news: missing = "stop"
            elif name == "continue": os.killpg(child, signal.SIGCONT)
            elif name == "hangup":
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
                os.close(slave); os.close(master)
                hung = True
        while status is None and time.monotonic() < end: pump(0.02)
        if status is None:
            os.kill(child, signal.SIGKILL)
            missing = missing or "exit"
            status = 0
        for _ in range(3): pump(0.02)
        restored = hung or termios.tcgetattr(slave) == before
        if not hung: left()
        print(json.dumps({"rest": rest.decode("utf-8", "replace"), "output": seen.decode("utf-8", "replace"), "signal": status,
            "isRestored": restored, "missing": missing}))
        """#
}
