import Foundation
import TerminalCanvas

/// Talk for people on standard error; everything in it goes through the sanitiser.
enum StandardError {
    /// Writes one line.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((Sanitizer.line(text) + "\n").utf8))
    }

    /// Writes several lines, each sanitised by itself.
    static func say(lines: [String]) {
        for line in lines { self.say(line) }
    }
}
