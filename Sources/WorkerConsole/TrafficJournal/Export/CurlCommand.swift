package import TextSafety
package import WorkerDomain

/// An exchange's request as a curl command that sends the same bytes: request line, fields in their order and spelling,
/// body. bash, zsh, dash and every other POSIX shell run it as it stands.
///
/// What curl cannot send as it was is said in comments before the command. They hold nothing that a shell would act on,
/// because zsh takes a comment that is typed for a command.
package struct CurlCommand: Sendable, Equatable {
    /// The command, one option a line, without a line end behind it.
    package let text: String
    /// What differs from the request, a sentence each, secrets left aside.
    package let differences: [String]
    /// Secrets are hidden in it: it is not the same request until they are revealed.
    package let isRedacted: Bool

    /// The largest body that stands in the command as an argument. A larger one goes through printf, which is the shell's
    /// own: no argument of it is bounded.
    private static let argumentLimit = 65_536

    /// - Parameters:
    ///   - exchange: As it was recorded; its head need not be valid.
    ///   - authority: Where to send it, `127.0.0.1:8787`; another Host is given as a field.
    ///   - redaction: Hides what is secret.
    package init(for exchange: Exchange, authority: String, redaction: Redaction = .off) {
        let request = CurlRequest(exchange, redaction: redaction)
        let fields = CurlFields(request.lines)
        self.isRedacted = request.isRedacted
        self.differences =
            request.differences
            + fields.leftOut.map { "field \($0) is omitted: curl cannot send it unchanged" }
        var comments = self.differences.map { "not the same request: \($0)" }
        if self.isRedacted { comments.append("not the same request: secrets are hidden") }
        if request.isUnsearched { comments.append("the body is compressed, secrets in it are not hidden") }
        if request.isChunked { comments.append("curl cuts the body into chunks of its own, trailers are not kept") }
        var words: [String] = []
        if request.isHTTP10 { words.append("--http1.0") }
        let isHead = request.method.elementsEqual("HEAD".utf8)
        if isHead, request.body == nil {
            words.append("--head")
        } else if !request.method.elementsEqual("GET".utf8) || request.body != nil {
            words.append("--request \(ShellWord.argument(request.method))")
        }
        if isHead, request.body != nil {
            comments.append("curl waits for the body that no response to HEAD has, --max-time ends that")
            words.append("--max-time 10")
        }
        var place = request.target
        if !Self.isKept(place) {
            words.append("--request-target \(ShellWord.argument(place))")
            place = [UInt8(ascii: "/")]
        }
        var unwanted = ["User-Agent", "Accept"]
        if let body = request.body {
            // Before a larger body curl asks for permission; from which size on depends on its version.
            unwanted += body.count > 1_024 ? ["Content-Type", "Expect"] : ["Content-Type"]
        }
        words += fields.words(authority: authority, unwanted: unwanted).map { "--header \($0)" }
        var input = ""
        if let body = request.body {
            if body.count <= Self.argumentLimit, let word = ShellWord.literal(body) {
                words.append("--data-raw \(word)")
            } else {
                input = "printf \(ShellWord.format(body)) | "
                words.append("--data-binary @-")
            }
        }
        // --disable: nothing of ~/.curlrc; --noproxy: nothing of http_proxy; the target goes out as it came in.
        let start = "curl --disable --noproxy '*' --globoff --path-as-is "
        let url = ShellWord.argument("http://\(authority)".utf8 + place)
        self.text =
            comments.map { "# \($0)\n" }.joined() + input + ([start + url] + words).joined(separator: " \\\n  ")
    }

    /// True for a target that curl takes out of a URL as it stands there.
    private static func isKept(_ target: [UInt8]) -> Bool {
        target.first == UInt8(ascii: "/")
            && target.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "/?%-._~!$&'()*+,;=:@[]".utf8.contains(byte)
            }
    }
}
