import Foundation
import TerminalCanvas

/// Talk for people on standard error; everything in it goes through the sanitiser.
enum StandardError {
    /// Writes one line; when nobody can take it, it is lost, and nothing else is.
    static func say(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((Sanitizer.line(text) + "\n").utf8))
    }

    /// Writes several lines, each sanitised by itself.
    static func say(lines: [String]) {
        for line in lines { self.say(line) }
    }
}
