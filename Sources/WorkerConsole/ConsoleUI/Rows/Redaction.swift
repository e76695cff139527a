import WorkerDomain

/// Hides values that give access: credentials in header fields and in queries.
package enum Redaction {
    static let mask = "••••••••"

    private static let fields: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey",
        "x-auth-token", "x-access-token", "x-csrf-token", "x-amz-security-token", "cf-access-client-secret",
        "cf-access-jwt-assertion", "x-goog-api-key",
    ]
    private static let words = ["token", "secret", "password", "passwd", "apikey", "api-key", "api_key", "signature"]
    private static let exactParameters: Set<String> = ["key", "sig", "auth", "pwd", "pass", "code", "session", "sid"]

    static func isSecret(field name: String) -> Bool {
        let name = name.lowercased()
        return self.fields.contains(name) || self.words.contains { name.contains($0) }
    }

    static func isSecret(parameter name: some StringProtocol) -> Bool {
        let name = self.decoded(name).lowercased()
        return self.exactParameters.contains(name) || self.words.contains { name.contains($0) }
    }

    /// The value of a field as it may be shown: the scheme of credentials, names and attributes of cookies stay.
    static func value(_ value: String, of name: String) -> String {
        guard self.isSecret(field: name), !value.isEmpty else { return value }
        switch name.lowercased() {
        case "authorization", "proxy-authorization":
            guard let blank = value.firstIndex(of: " ") else { return self.mask }
            return value[..<blank] + " " + self.mask
        case "cookie":
            return value.split(separator: ";").map { self.pair($0) }.joined(separator: ";")
        case "set-cookie":
            let parts = value.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
            return self.pair(parts[0]) + (parts.count > 1 ? ";" + parts[1] : "")
        default: return self.mask
        }
    }

    /// The target with the values of secret query parameters hidden.
    package static func target(_ target: String) -> String {
        guard let mark = target.firstIndex(of: "?") else { return target }
        let query = target[target.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let parts = query.map { part -> String in
            guard let equals = part.firstIndex(of: "="), part.index(after: equals) < part.endIndex,
                self.isSecret(parameter: part[..<equals])
            else { return String(part) }
            return part[...equals] + self.mask
        }
        return target[...mark] + parts.joined(separator: "&")
    }

    /// How many values of an exchange are hidden.
    static func count(in exchange: Exchange) -> Int {
        let heads = [MessageHead(exchange.requestHead), MessageHead(exchange.responseHead)]
        let fields = heads.reduce(0) { sum, head in
            sum + head.fields.count { self.isSecret(field: $0.name) && !$0.value.isEmpty }
        }
        return fields + (self.target(exchange.target) == exchange.target ? 0 : 1)
    }

    private static func pair(_ text: some StringProtocol) -> String {
        guard let equals = text.firstIndex(of: "=") else { return self.mask }
        return text[...equals] + self.mask
    }

    /// Percent-encoded letters in a name must not hide it from the rule.
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
