import TrafficJournal
import WorkerDomain

/// Hides values that give access: credentials in header fields, in queries and in bodies.
///
/// Names are compared without case and without `-`, `_`, `.` and blanks: `X-Api-Key`, `api_key` and `apiKey` are one.
/// A value is hidden when
/// - its name is one of ``strong``, or holds one of ``words`` (`token`, `secret`, `password`, `apikey`, `accesskey`,
///   `signature`, `credential` …), or stands in one of the lists that the configuration adds;
/// - its name is one of ``weak`` (`key`, `code`, `session` …) and it looks like a credential
///   (``looksLikeCredential(_:)``): a plain `key` names an object far more often. In a query `code` and its like are
///   always hidden, because there they are one-time grants (RFC 6749 section 4.1.2); plain `key` is not.
package struct Redaction: Sendable, Equatable {
    /// What stands for a hidden value.
    package static let mask = "••••••••"
    /// The rules without anything added.
    package static let standard = Redaction()
    /// Hides nothing: what stands in its place when a person has asked to see everything.
    static let off = Redaction(isOff: true)

    private static let fields: Set<String> = [
        "authorization", "proxyauthorization", "cookie", "setcookie", "xcsrftoken", "cfaccessclientsecret",
        "cfaccessjwtassertion", "xgoogapikey",
    ]
    private static let words = [
        "token", "secret", "password", "passwd", "passphrase", "apikey", "accesskey", "privatekey", "signature",
        "credential",
    ]
    private static let strong: Set<String> = [
        "authorization", "auth", "bearer", "jwt", "sig", "pwd", "pass", "cookie", "setcookie", "otp",
    ]
    /// Hidden in queries whatever they hold, in bodies only when they look like a credential.
    private static let grants: Set<String> = ["code", "session", "sessionid", "sid"]
    private static let weak: Set<String> = ["key"]

    private let extraHeaders: Set<String>
    private let extraQuery: Set<String>
    let isOff: Bool

    /// - Parameters:
    ///   - extraHeaders: Further header fields to hide.
    ///   - extraQuery: Further query parameters, form fields and JSON members to hide.
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

    // MARK: Names

    func isSecret(field name: String) -> Bool {
        let name = Self.plain(name)
        return Self.fields.contains(name) || self.extraHeaders.contains(name) || Self.hasSecretWord(name)
    }

    func isSecret(parameter name: some StringProtocol, value: some StringProtocol) -> Bool {
        let name = Self.plain(Self.decoded(name))
        if self.isSecret(plainName: name) || Self.grants.contains(name) { return true }
        return Self.weak.contains(name) && Self.looksLikeCredential(Self.decoded(value))
    }

    /// The same for a member of a body: a number behind `max_tokens` is a count, not a token.
    func isSecret(member name: String, text value: String) -> Bool {
        let name = Self.plain(name)
        if self.isSecret(plainName: name) { return true }
        return (Self.grants.contains(name) || Self.weak.contains(name)) && Self.looksLikeCredential(value)
    }

    /// True when everything below a member of this name is secret.
    func isSecret(member name: String) -> Bool { self.isSecret(plainName: Self.plain(name)) }

    /// Numbers are hidden only where the name says nothing but secret.
    func isSecret(member name: String, number _: String) -> Bool {
        let name = Self.plain(name)
        return self.extraQuery.contains(name) || Self.strong.contains(name) || Self.words.contains(name)
    }

    private func isSecret(plainName name: String) -> Bool {
        self.extraQuery.contains(name) || Self.strong.contains(name) || Self.hasSecretWord(name)
    }

    private static func hasSecretWord(_ name: String) -> Bool { self.words.contains { name.contains($0) } }

    /// The start that well-known services give their keys, or at least 20 letters, digits, `-`, `_`, `+`, `=` with
    /// letters and digits among them; a name with a dot or a slash is a path or a file's name.
    static func looksLikeCredential(_ value: String) -> Bool {
        let starts = ["sk-", "sk_", "pk_", "rk_", "ghp_", "gho_", "github_pat_", "xox", "AKIA", "ASIA", "AIza", "eyJ"]
        if value.utf8.count >= 12, starts.contains(where: { value.hasPrefix($0) }) { return true }
        guard value.utf8.count >= 20 else { return false }
        var letters = 0
        var digits = 0
        for byte in value.utf8 {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A, 0x61...0x7A: letters += 1
            case 0x2D, 0x5F, 0x2B, 0x3D: break
            default: return false
            }
        }
        return letters > 0 && digits > 0
    }

    // MARK: Values

    /// The value of a field as it may be shown: the scheme of credentials, names and attributes of cookies stay, and
    /// of a link only what is secret in its query goes.
    func value(_ value: String, of name: String) -> String {
        guard !self.isOff else { return value }
        let lower = name.lowercased()
        if lower == "location" || lower == "referer" || lower == "content-location" { return self.target(value) }
        guard self.isSecret(field: name), !value.isEmpty else { return value }
        switch lower {
        case "authorization", "proxy-authorization":
            guard let blank = value.firstIndex(of: " ") else { return Self.mask }
            return value[..<blank] + " " + Self.mask
        case "cookie":
            return value.split(separator: ";").map { Self.pair($0) }.joined(separator: ";")
        case "set-cookie":
            let parts = value.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            return Self.pair(parts[0]) + (parts.count > 1 ? ";" + parts[1] : "")
        default: return Self.mask
        }
    }

    /// The target with the values of secret query parameters hidden.
    package func target(_ target: String) -> String {
        guard !self.isOff, let mark = target.firstIndex(of: "?") else { return target }
        return target[...mark] + self.query(target[target.index(after: mark)...]).text
    }

    /// `name=value` pairs between `&`, as a query or a form has them, and how many values were hidden.
    func query(_ text: some StringProtocol) -> (text: String, hidden: Int) {
        var hidden = 0
        let parts = text.split(separator: "&", omittingEmptySubsequences: false).map { part -> String in
            guard let equals = part.firstIndex(of: "="), part.index(after: equals) < part.endIndex,
                self.isSecret(parameter: part[..<equals], value: part[part.index(after: equals)...])
            else { return String(part) }
            hidden += 1
            return part[...equals] + Self.mask
        }
        return (parts.joined(separator: "&"), hidden)
    }

    /// How many values of an exchange are hidden.
    func count(in exchange: Exchange) -> Int {
        let heads = [MessageHead(exchange.requestHead), MessageHead(exchange.responseHead)]
        let fields = heads.reduce(0) { sum, head in
            sum + head.fields.count { self.value($0.value, of: $0.name) != $0.value }
        }
        let bodies =
            self.body(exchange.requestBody.bytes, head: heads[0]).hidden
            + self.body(exchange.responseBody.bytes, head: heads[1]).hidden
        return fields + bodies + (self.target(exchange.target) == exchange.target ? 0 : 1)
    }

    private static func pair(_ text: some StringProtocol) -> String {
        guard let equals = text.firstIndex(of: "=") else { return self.mask }
        return text[...equals] + self.mask
    }

    /// A name in lower case without what only separates its words.
    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." && $0 != " " })
    }

    /// Percent-encoded letters must not hide a name from the rule.
    private static func decoded(_ text: some StringProtocol) -> String {
        guard text.contains("%") else { return String(text) }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(value)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Redaction {
    /// The same rules for a copied command.
    var curlMask: CurlCommand.Mask {
        CurlCommand.Mask(
            target: { self.target($0) }, field: { self.value($0.value, of: $0.name) },
            body: { self.body($0, head: $1).bytes })
    }
}
