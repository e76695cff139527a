import TerminalCanvas

/// Lays JSON out for reading: one member a line, indented, numbers exactly as they are spelt.
///
/// It reads the bytes once and never fails: what is no JSON is shown as it stands. Text inside strings is not changed.
package struct JSONPretty: Sendable, Equatable {
    package let lines: [[TextRun]]
    /// Not all bytes were shown: a limit was met.
    package let isTruncated: Bool
    /// The first byte that is against the rules of RFC 8259; `nil` when there was none in what was read.
    package let firstError: Int?

    /// - Parameters:
    ///   - bytes: UTF-8; other bytes are replaced.
    ///   - byteLimit: So many bytes are read at most.
    ///   - lineLimit: So many lines are made at most.
    ///   - indent: Blanks a level; nothing is indented deeper than 128 levels.
    package init(_ bytes: [UInt8], byteLimit: Int = 1_048_576, lineLimit: Int = 50_000, indent: Int = 2) {
        var scanner = JSONScanner(
            bytes: bytes, end: min(bytes.count, max(0, byteLimit)), lineLimit: lineLimit, indent: indent)
        scanner.run()
        self.lines = scanner.lines
        self.isTruncated = scanner.position < bytes.count
        self.firstError = scanner.firstError
    }
}
