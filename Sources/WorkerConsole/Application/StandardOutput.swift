import Foundation
import TerminalCanvas

/// Data for programs on standard output.
enum StandardOutput {
    /// Writes a text and a line end.
    /// - Throws: When the reader has gone (`EPIPE`) or the disk is full.
    static func write(line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Text for a person: nothing in it can steer the terminal.
    static func plain(_ text: String) -> String { Sanitizer.line(text) }
}
