import TerminalCanvas
import WorkerDomain

/// The program's log: constant texts with fields, one line each, on standard error.
///
/// While the screen is up standard error is the log file (``LogDestination``), which is when this is used.
enum MessageLog {
    /// Writes `2026-01-02T03:04:05.678Z message name=value`.
    /// - Parameters:
    ///   - message: The same text for the same event, so that it can be searched for.
    ///   - fields: What differs; nothing secret. Values are quoted where they are more than one word.
    static func note(_ message: StaticString, _ fields: KeyValuePairs<String, String> = [:]) {
        StandardError.print(self.line(message, fields, at: .now()))
    }

    static func line(_ message: StaticString, _ fields: KeyValuePairs<String, String>, at time: WallTime) -> String {
        fields.reduce("\(time.rfc3339) \(message)") { line, field in
            let isWord =
                !field.value.isEmpty
                && field.value.unicodeScalars.allSatisfy {
                    !$0.properties.isWhitespace && $0 != "\"" && $0 != "="
                }
            let value = isWord ? field.value : "\"\(Self.escaped(field.value))\""
            return line + " \(field.key)=\(value)"
        }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing(bytes: [UInt8(ascii: "\""): "\\\"", UInt8(ascii: "\\"): "\\\\"])
    }
}
