import CommandLineArguments
import Glibc

/// Data for programs, and help, on standard output.
enum StandardOutput {
    /// Writes a text.
    /// - Throws: `CommandFailure` with exit code 2 when the disk is full.
    static func write(_ text: String) throws(CommandFailure) { try self.write(Array(text.utf8)) }

    /// As the other one, with bytes.
    static func write(_ bytes: [UInt8]) throws(CommandFailure) {
        guard let failure = DescriptorOutput.write(bytes[...], to: STDOUT_FILENO) else { return }
        if failure == EPIPE {
            // `worker-console config | head -1` ends as every program in a pipe does: by the signal, silently.
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        throw .cannotRun("cannot write to standard output: \(DescriptorOutput.reason(failure))")
    }

    /// The width that help is wrapped to: the terminal's where that is readable, else 80.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return min(max(Int(size.ws_col), 60), 120)
    }
}
