import WorkerDomain

/// Writes an exchange's request as a curl command that a shell can take as it stands.
enum CurlCommand {
    /// Fields that curl makes itself or that concern one connection only.
    private static let left: Set<String> = [
        "host", "content-length", "connection", "transfer-encoding", "keep-alive", "upgrade", "te", "trailer",
        "expect", "proxy-connection", "accept-encoding",
    ]

    /// - Parameters:
    ///   - exchange: Its request.
    ///   - authority: Address and port that the proxy listens on.
    ///   - redaction: What is secret: a mask stands for it.
    /// - Returns: One command, a field a line.
    static func text(for exchange: Exchange, authority: String, redaction: Redaction) -> String {
        let target = redaction.target(exchange.target)
        let path = target.hasPrefix("/") ? target : "/" + target
        var parts = ["curl -i " + self.quoted("http://\(authority)\(path)")]
        if exchange.method != "GET" { parts.append("-X " + self.quoted(exchange.method)) }
        let head = MessageHead(exchange.requestHead)
        for field in head.fields where !self.left.contains(field.name.lowercased()) {
            let value = redaction.value(field.value, of: field.name)
            parts.append("-H " + self.quoted("\(field.name): \(value)"))
        }
        let body = exchange.requestBody
        if body.totalBytes > 0 {
            if body.omittedBytes == 0,
                let text = String(validating: redaction.body(body.bytes, head: head).bytes, as: UTF8.self),
                !text.contains("\0")
            {
                parts.append("--data-binary " + self.quoted(text))
            } else {
                parts.append("--data-binary @body.bin")
            }
        }
        return parts.joined(separator: " \\\n  ")
    }

    /// A word for a POSIX shell; control characters, which a terminal that gets it pasted would act on, are written
    /// as escapes in `$'…'`.
    static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        if isPlain {
            return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        var result = "$'"
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x27, 0x5C: result += "\\" + String(scalar)
            case 0x0A: result += "\\n"
            case 0x00..<0x20, 0x7F...0x9F:
                for byte in String(scalar).utf8 {
                    let hex = String(byte, radix: 16)
                    result += "\\x" + (hex.count < 2 ? "0" + hex : hex)
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}
