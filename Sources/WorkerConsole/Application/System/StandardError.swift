import Glibc
import TerminalCanvas
import TextSafety

/// Messages for people on standard error, and the log: nothing in them gives access or steers a terminal.
enum StandardError {
    private static let output = OutputQueue(STDERR_FILENO)

    /// Writes one line; when nobody can take it, it is lost, and nothing else is. A reader that does not read costs the
    /// program a second, once.
    static func say(_ text: String) { self.output.say(Sanitizer.line(Redaction.standard.message(text)) + "\n") }

    /// Writes several lines, each sanitised by itself.
    static func say(lines: [String]) {
        for line in lines { self.say(line) }
    }
}
