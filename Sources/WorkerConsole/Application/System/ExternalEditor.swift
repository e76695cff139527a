import Glibc
import WorkerDomain

/// The editor that the person has chosen: `VISUAL`, then `EDITOR`, then vi.
///
/// It is the terminal's foreground process group while it runs, so that its keys stop neither the console nor the shell.
struct ExternalEditor: Sendable {
    private let environment: [String: String]

    init(environment: [String: String]) { self.environment = environment }

    /// The command with its own arguments: `code --wait`.
    var command: String {
        for name in ["VISUAL", "EDITOR"] {
            if let value = self.environment[name], value.contains(where: { !$0.isWhitespace }) { return value }
        }
        return "vi"
    }

    /// How the editor is told the line: most take `+12 file`.
    func arguments(_ path: String, line: Int) -> [String] {
        // A path that begins with a hyphen is no option.
        let path = path.hasPrefix("/") ? path : "./" + path
        let word = self.command.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        switch word.split(separator: "/").last ?? "" {
        case "code", "codium", "code-insiders": return ["-g", "\(path):\(line)"]
        case "subl", "zed", "hx", "helix", "micro": return ["\(path):\(line)"]
        default: return ["+\(line)", path]
        }
    }

    /// Opens a file and waits until the editor has ended.
    /// - Returns: Why that failed; `nil` when it did not.
    func open(_ path: String, line: Int) -> String? {
        // The shell splits the command as every program does that reads EDITOR.
        let words = ["/bin/sh", "-c", "exec \(self.command) \"$@\"", "sh"] + self.arguments(path, line: line)
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // Messages of the console go to its log meanwhile; those of the editor to the terminal.
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let hasTerminal = isatty(STDIN_FILENO) == 1
        var process: pid_t = 0
        let own = getpgrp()
        // This process is in the background then, and takes the terminal back all the same.
        var (stops, before) = (sigset_t(), sigset_t())
        sigemptyset(&stops)
        sigaddset(&stops, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &stops, &before)
        defer {
            if hasTerminal { tcsetpgrp(STDIN_FILENO, own) }
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        let variables = self.environment.map { "\($0.key)=\($0.value)" }
        let code = Self.withPointers(words) { arguments in
            Self.withPointers(variables) { posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else { return "the editor could not be started: \(SystemReason.text(code))" }
        // An editor that asks the terminal before this is stopped by the system, and goes on below.
        if hasTerminal { tcsetpgrp(STDIN_FILENO, process) }
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WUNTRACED)
            if ended < 0, errno == EINTR { continue }
            guard ended == process else { return nil }
            // There is no shell that would let it go on later.
            guard status & 0xFF == 0x7F else { break }
            if hasTerminal { tcsetpgrp(STDIN_FILENO, process) }
            kill(-process, SIGCONT)
        }
        let exit = status >> 8 & 0xFF
        return status & 0x7F == 0 && exit == 127 ? "the editor \(self.command) was not found; set EDITOR" : nil
    }

    private static func withPointers<Result>(
        _ words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = words.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
