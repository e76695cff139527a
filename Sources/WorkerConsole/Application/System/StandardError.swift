import Glibc
import TerminalCanvas
import TextSafety

/// Messages for people on standard error, and the log: nothing in them gives access or steers a terminal.
enum StandardError {
    /// Writes one line; when nobody can take it, it is lost, and nothing else is.
    static func say(_ text: String) {
        _ = DescriptorOutput.write(Sanitizer.line(Redaction.standard.message(text)) + "\n", to: STDERR_FILENO)
    }

    /// Writes several lines, each sanitised by itself.
    static func say(lines: [String]) {
        for line in lines { self.say(line) }
    }
}
