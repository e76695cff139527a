package import TextSafety
package import WorkerDomain

/// Writes an exchange's request as a curl command that a POSIX shell runs as it stands.
package enum CurlCommand {
    /// Fields that curl makes itself, or that belong to the connection and not to the request.
    private static let ownFields: Set<String> = [
        "host", "connection", "content-length", "transfer-encoding", "keep-alive", "proxy-connection", "te", "upgrade",
        "expect",
    ]

    /// Renders the command, one option a line.
    ///
    /// A body that was not kept whole is left out and said so in a comment; one with a zero byte is given to curl
    /// through printf, because no argument can hold it.
    /// - Parameters:
    ///   - exchange: As it was recorded; its head need not be valid.
    ///   - authority: Where to send it, `127.0.0.1:8787`; another Host is given as a field.
    ///   - redaction: Hides what is secret.
    /// - Returns: The command, without a line end behind it.
    package static func render(_ exchange: Exchange, authority: String, redaction: Redaction = .off) -> String {
        let head = MessageHead(exchange.requestHead)
        var options: [String] = []
        if exchange.method == "HEAD" {
            options.append("--head")
        } else if exchange.method != "GET", !exchange.method.isEmpty {
            options.append("--request \(Self.quoted(redaction.target(exchange.method)))")
        }
        if let host = head.value(of: "host"), !host.isEmpty, host != authority {
            options.append("--header \(Self.quoted("Host: \(host)"))")
        }
        for field in redaction.fields(of: head) where !Self.ownFields.contains(field.name.lowercased()) {
            // A field without a value is written with a semicolon (curl's manual, --header).
            let text = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
            // curl reads a header that begins with @ as the name of a file, and no argument holds a zero byte.
            guard !text.hasPrefix("@"), !text.utf8.contains(0) else { continue }
            options.append("--header \(Self.quoted(text))")
        }
        var source = ""
        let body = exchange.requestBody
        if body.totalBytes > 0 {
            if body.omittedBytes > 0 {
                source = "# body left out: \(body.bytes.count) of \(body.totalBytes) bytes were kept\n"
            } else {
                let bytes = redaction.body(body.bytes, head: head).bytes
                if let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.allSatisfy(Self.isSafe) {
                    options.append("--data-raw \(Self.quoted(text))")
                } else {
                    source = "printf '\(bytes.map(Self.octal).joined())' | "
                    options.append("--data-binary @-")
                }
            }
        }
        let target = exchange.target.hasPrefix("/") ? redaction.target(exchange.target) : "/"
        // --globoff and --path-as-is: the target goes out as it came in.
        let start = "curl --globoff --path-as-is \(Self.quoted("http://\(authority)\(target)"))"
        return source + ([start] + options).joined(separator: " \\\n  ")
    }

    /// The text as one word of a POSIX shell: nothing is special between single quotes but the quote itself.
    package static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-_./:=,@%+".utf8.contains(byte)
        }
        if isPlain, !text.isEmpty, !text.hasPrefix("-") { return text }
        if !text.unicodeScalars.allSatisfy(Self.isSafe) {
            // Nothing that steers a terminal stands in the command: printf makes the exact bytes when it is run.
            return "\"$(printf '\(text.utf8.map(Self.octal).joined())')\""
        }
        return "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// False for what a terminal would act on, or not show, when the command is pasted.
    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\t" || scalar == "\n" || !ControlCharacters.isUnsafe(scalar)
    }

    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
