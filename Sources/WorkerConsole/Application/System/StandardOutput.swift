import CommandLineArguments
import Glibc
import TerminalCanvas

/// Data for programs, and help, on standard output.
///
/// A pipe and a file get the bytes as they are. A terminal would obey them, and stored data is anybody's: there they are
/// shown as on a screen.
enum StandardOutput {
    /// Writes a text.
    /// - Throws: `CommandFailure` with exit code 2 when the disk is full.
    static func write(_ text: String) throws(CommandFailure) { try self.write(Array(text.utf8)) }

    /// As the other one, with bytes.
    static func write(_ bytes: [UInt8]) throws(CommandFailure) {
        let shown = self.isTerminal ? self.visible(bytes) : bytes
        guard let failure = DescriptorOutput.write(shown[...], to: STDOUT_FILENO) else { return }
        if failure == EPIPE {
            // `worker-console config | head -1` ends as every program in a pipe does: by the signal, silently.
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        throw .cannotRun("cannot write to standard output: \(DescriptorOutput.reason(failure))")
    }

    private static let isTerminal = isatty(STDOUT_FILENO) == 1

    /// Bytes as text that steers nothing: lines and tabs stay, what else a terminal obeys or hides is a symbol.
    static func visible(_ bytes: [UInt8]) -> [UInt8] {
        var shown: [UInt8] = []
        shown.reserveCapacity(bytes.count)
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x09 {
            var end = index
            if byte == 0x0A, end > start, bytes[end - 1] == 0x0D { end -= 1 }
            shown += Sanitizer.line(String(decoding: bytes[start..<end], as: UTF8.self)).utf8
            shown.append(byte)
            start = index + 1
        }
        return shown + Sanitizer.line(String(decoding: bytes[start...], as: UTF8.self)).utf8
    }

    /// The width that help is wrapped to: the terminal's where that is readable, else 80.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return min(max(Int(size.ws_col), 60), 120)
    }
}
