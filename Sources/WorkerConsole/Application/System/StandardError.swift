import Glibc
import TerminalCanvas

/// Messages for people on standard error; everything in them goes through the sanitiser.
enum StandardError {
    /// Writes one line; when nobody can take it, it is lost, and nothing else is.
    static func say(_ text: String) {
        _ = DescriptorOutput.write(Sanitizer.line(text) + "\n", to: STDERR_FILENO)
    }

    /// Writes several lines, each sanitised by itself.
    static func say(lines: [String]) {
        for line in lines { self.say(line) }
    }
}
