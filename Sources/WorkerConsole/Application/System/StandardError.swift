import Glibc
import TerminalCanvas
import TextSafety
import WorkerDomain

/// Messages for people on standard error, and the log: nothing in them gives access or steers a terminal.
enum StandardError {
    private static let output = OutputQueue(STDERR_FILENO)

    /// Says one sentence in the language of this process, behind the program's name.
    static func say(_ english: String) {
        // Redacted first: names and values are known by the signs between them, which a language may change.
        self.write("worker-console: " + LanguageOption.current.text(Redaction.standard.message(english)))
    }

    /// Prints a line as it is.
    static func print(_ line: String) { self.write(Redaction.standard.message(line)) }

    /// Writes one line; when nobody can take it, it is lost, and nothing else is. A reader that does not read costs the
    /// program a second, once.
    private static func write(_ line: String) { self.output.say(Sanitizer.line(line) + "\n") }
}
