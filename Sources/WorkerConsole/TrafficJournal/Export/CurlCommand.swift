package import WorkerDomain

/// Writes an exchange's request as a curl command that a POSIX shell runs as it stands.
package enum CurlCommand {
    /// Puts masks where secrets are, so that a command can be shown to others.
    package struct Mask: Sendable {
        package var target: @Sendable (String) -> String
        package var field: @Sendable (MessageHead.Field) -> String
        package var body: @Sendable ([UInt8], MessageHead) -> [UInt8]

        /// - Parameters:
        ///   - target: Path and query.
        ///   - field: The value of a field.
        ///   - body: The bytes of a body, with the head that says what they are.
        package init(
            target: @escaping @Sendable (String) -> String = { $0 },
            field: @escaping @Sendable (MessageHead.Field) -> String = { $0.value },
            body: @escaping @Sendable ([UInt8], MessageHead) -> [UInt8] = { bytes, _ in bytes }
        ) {
            self.target = target
            self.field = field
            self.body = body
        }
    }

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
    ///   - mask: Hides what is secret.
    /// - Returns: The command, without a line end behind it.
    package static func render(_ exchange: Exchange, authority: String, mask: Mask = Mask()) -> String {
        let head = MessageHead(exchange.requestHead)
        var options: [String] = []
        if exchange.method == "HEAD" {
            options.append("--head")
        } else if exchange.method != "GET", !exchange.method.isEmpty {
            options.append("--request \(Self.quoted(exchange.method))")
        }
        if let host = head.value(of: "host"), !host.isEmpty, host != authority {
            options.append("--header \(Self.quoted("Host: \(host)"))")
        }
        for field in head.fields where !Self.ownFields.contains(field.name.lowercased()) {
            // A field without a value is written with a semicolon (curl's manual, --header).
            let text = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(mask.field(field))"
            // curl reads a header that begins with @ as the name of a file, and no argument holds a zero byte.
            guard !text.hasPrefix("@"), text.unicodeScalars.allSatisfy(Self.isSafe) else { continue }
            options.append("--header \(Self.quoted(text))")
        }
        var source = ""
        let body = exchange.requestBody
        if body.totalBytes > 0 {
            if body.omittedBytes > 0 {
                source = "# body left out: \(body.bytes.count) of \(body.totalBytes) bytes were kept\n"
            } else {
                let bytes = mask.body(body.bytes, head)
                if let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.allSatisfy(Self.isSafe) {
                    options.append("--data-raw \(Self.quoted(text))")
                } else {
                    source = "printf '\(bytes.map(Self.octal).joined())' | "
                    options.append("--data-binary @-")
                }
            }
        }
        let target = exchange.target.hasPrefix("/") ? mask.target(exchange.target) : "/"
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
        return "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// False for what a terminal would act on when the command is pasted.
    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: true
        case 0x00..<0x20, 0x7F...0x9F: false
        default: true
        }
    }

    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
