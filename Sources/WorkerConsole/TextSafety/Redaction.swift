/// Hides values that give access: the one rule for every screen, line, copy, export and message.
///
/// A value is hidden by the name before it (``SecretNames``: names are taken apart at `-`, `_`, `.` and changes of case,
/// so that `X-Api-Key`, `api_key` and `apiKey` are one, and `tokenizer` is none of them) or by its own shape
/// (``SecretShapes``: JSON Web Tokens, well-known keys, `Bearer …`, passwords in URLs). Names that may mean something
/// harmless (`key`, `code`, `session`) hide only what looks like a credential; in a query `code` and its like are
/// always hidden, because there they are one-time grants.
///
/// Nothing is hidden when an exchange is recorded: this is asked when somebody looks, copies or exports.
package struct Redaction: Sendable, Equatable {
    /// What stands for a hidden value.
    package static let mask = "••••••••"
    /// The rules without anything added.
    package static let standard = Redaction()
    /// Hides nothing: what stands in its place when a person has asked to see everything.
    package static let off = Redaction(isOff: true)

    private let extraHeaders: Set<String>
    private let extraQuery: Set<String>
    package let isOff: Bool

    /// - Parameters:
    ///   - extraHeaders: Further header fields to hide.
    ///   - extraQuery: Further query parameters, form fields, JSON members and columns to hide.
    package init(extraHeaders: [String] = [], extraQuery: [String] = []) {
        self.extraHeaders = Set(extraHeaders.map(Self.plain))
        self.extraQuery = Set(extraQuery.map(Self.plain))
        self.isOff = false
    }

    private init(isOff: Bool) {
        self.extraHeaders = []
        self.extraQuery = []
        self.isOff = isOff
    }

    // MARK: - Names

    func verdict(field name: String) -> SecretNames.Verdict {
        if !self.extraHeaders.isEmpty, self.extraHeaders.contains(Self.plain(name)) { return .secret }
        return SecretNames.verdict(of: name)
    }

    func verdict(parameter name: String) -> SecretNames.Verdict {
        if !self.extraQuery.isEmpty, self.extraQuery.contains(Self.plain(name)) { return .secret }
        return SecretNames.verdict(of: name)
    }

    /// A name in lower case without what only separates its words.
    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." && $0 != " " })
    }

    /// True when the value of a member, a variable or a column of this name is secret as a whole.
    package func hides(member name: String, text value: String) -> Bool {
        guard !self.isOff, !value.isEmpty else { return false }
        return switch self.verdict(parameter: name) {
        case .plain: false
        case .weak, .grant: SecretShapes.looksLikeCredential(Array(value.utf8)[...])
        case .counted, .secret: true
        }
    }

    /// The same for a number: one behind `max_tokens` is a count.
    package func hidesNumber(member name: String) -> Bool { !self.isOff && self.verdict(parameter: name) == .secret }

    /// True when everything below a member of this name is secret, whatever it is.
    package func hidesAll(member name: String) -> Bool {
        let verdict = self.verdict(parameter: name)
        return !self.isOff && (verdict == .secret || verdict == .counted)
    }

    /// True for a name whose secret is a number by its nature: a PIN, a one-time password, a card.
    package static func isNumeric(secret name: String) -> Bool {
        let parts = Set(SecretNames.parts(of: name))
        return !parts.isDisjoint(with: ["pin", "otp", "totp", "cvv", "cvc", "csc", "ssn", "card", "code", "passcode"])
            && SecretNames.verdict(of: name) == .secret
    }

    // MARK: - Texts

    /// The value of a field as it may be shown.
    package func value(_ value: String, of name: String) -> String {
        self.shown(value) { FieldScanner(rules: self).scan($0, of: name) }
    }

    /// The target of a request as it may be shown: origin form, absolute form, or the authority of a CONNECT.
    package func target(_ target: String) -> String {
        self.shown(target) { TextScanner(rules: self, style: .data).scan($0) }
    }

    /// Text from outside, of any kind.
    package func text(_ text: String) -> String {
        self.shown(text) { BodyScanner(rules: self).scan($0, type: "") }
    }

    /// A message for a person: sentences of this program around texts from outside.
    package func message(_ text: String) -> String {
        self.shown(text) { TextScanner(rules: self, style: .prose).scan($0) }
    }

    /// Source text: names of variables stay, literals behind telling ones go.
    package func source(_ text: String) -> String {
        self.shown(text) { TextScanner(rules: self, style: .code).scan($0) }
    }

    /// A text that was meant as a URL or an address and was refused: all of its user information goes, whatever the
    /// characters in it.
    package func refusedURL(_ text: String) -> String {
        let text = self.text(text)
        guard !self.isOff, let sign = text.lastIndex(of: "@") else { return text }
        let before = text[..<sign]
        let start: String.Index? =
            before.firstRange(of: "://")?.upperBound ?? before.firstIndex(of: "=").map { text.index(after: $0) }
        guard before.contains(":") || start != nil else { return text }
        // Behind a host and its port an `@` belongs to the path.
        let rest = before[(start ?? text.startIndex)...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.endIndex < rest.endIndex, !authority.contains("@") {
            let port = authority.lastIndex(of: ":").map { authority[authority.index(after: $0)...] } ?? ""
            if port.utf8.allSatisfy(\.isDigit) { return text }
        }
        return "\(text[..<(start ?? text.startIndex)])\(Self.mask)\(text[sign...])"
    }

    // MARK: - Bodies

    /// Hides the secret values of a body: JSON in any framing (lines, events, behind a prefix), forms, multipart, XML and
    /// text, also when the capture cut them. Compressed ones stay as they are, ``isSearchable(_:encoding:)`` says which.
    /// - Parameters:
    ///   - bytes: What was kept of the body.
    ///   - type: Its `Content-Type`.
    ///   - encoding: Its `Content-Encoding`.
    /// - Returns: The body as it may be shown, and how many values in it were hidden.
    package func body(_ bytes: [UInt8], type: String?, encoding: String?) -> (bytes: [UInt8], hidden: Int) {
        guard !self.isOff, !bytes.isEmpty, Self.isSearchable(bytes, encoding: encoding) else { return (bytes, 0) }
        return BodyScanner(rules: self).scan(bytes, type: type ?? "").applied(to: bytes)
    }

    /// A part of a body that is to be hidden.
    package struct Place: Sendable, Equatable {
        package var range: Range<Int>
        /// A bare number of JSON: what stands for it needs quotation marks.
        package var needsQuotes: Bool

        package init(range: Range<Int>, needsQuotes: Bool) {
            self.range = range
            self.needsQuotes = needsQuotes
        }
    }

    /// Where the secret values of a body are, in order, without overlap; for who shows the body in parts.
    ///
    /// `bytes` are the body without compression, `type` its `Content-Type`. A window of a body (`isWhole` is false) may begin
    /// within a string of JSON, so that only what stands around a value is judged, and not its place in the whole.
    package func places(in bytes: [UInt8], type: String?, isWhole: Bool) -> [Place] {
        guard !self.isOff, !bytes.isEmpty else { return [] }
        let scanner = BodyScanner(rules: self)
        let found = isWhole ? scanner.scan(bytes, type: type ?? "") : scanner.scanWindow(bytes, type: type ?? "")
        return found.merged.map { Place(range: $0.range, needsQuotes: $0.needsQuotes) }
    }

    /// False for a body that is compressed, by what its `Content-Encoding` says and by its bytes: a name alone, which
    /// whoever sends it chooses, hides nothing from the search.
    package static func isSearchable(_ bytes: [UInt8], encoding: String?) -> Bool {
        let compressions = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz"]
        let codings = (encoding?.lowercased() ?? "").split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
        guard codings.contains(where: { coding in compressions.contains { coding.hasPrefix($0) } }) else { return true }
        // The capture may have cut the last character.
        return (0..<min(4, bytes.count)).contains { cut in
            String(validating: bytes.dropLast(cut), as: UTF8.self) != nil
        }
    }

    private func shown(_ text: String, _ scan: ([UInt8]) -> SecretRanges) -> String {
        guard !self.isOff, text.utf8.count >= 1 else { return text }
        let bytes = Array(text.utf8)
        let found = scan(bytes)
        guard !found.isEmpty else { return text }
        return String(decoding: found.applied(to: bytes).bytes, as: UTF8.self)
    }
}
