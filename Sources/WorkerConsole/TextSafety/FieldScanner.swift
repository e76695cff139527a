/// Finds the secrets of a header field's value by the field's name.
///
/// Schemes of credentials, names and attributes of cookies stay, and of a URL only what is secret in it goes.
struct FieldScanner {
    /// Attributes of `Set-Cookie` (RFC 6265 section 4.1, and drafts behind it) whose values are no secrets.
    private static let attributes: Set<String> = [
        "expires", "max-age", "domain", "path", "secure", "httponly", "samesite", "partitioned", "priority", "version",
        "comment", "port", "discard",
    ]
    /// Fields that list names of fields, features or directives: only shapes count there.
    private static let lists: Set<String> = [
        "permissions-policy", "feature-policy", "vary", "accept", "accept-encoding", "accept-language", "allow",
        "content-security-policy", "content-security-policy-report-only", "cache-control", "clear-site-data", "date",
        "signature-input", "host", "content-length", "content-type", "user-agent",
    ]

    let rules: Redaction

    func scan(_ bytes: [UInt8], of field: String) -> SecretRanges {
        var found = SecretRanges()
        guard !bytes.isEmpty else { return found }
        let name = field.lowercased()
        switch name {
        case "cookie", "cookie2":
            self.cookies(bytes, &found)
            return found
        case "set-cookie", "set-cookie2":
            self.setCookie(bytes, &found)
            return found
        case "sec-websocket-protocol": self.protocols(bytes, &found)
        default: break
        }
        if name.hasPrefix("access-control-") || Self.lists.contains(name) {
            found.hide(TextScanner(rules: self.rules, style: .code).scan(bytes))
            return found
        }
        switch self.rules.verdict(field: name) {
        case .plain: break
        case .weak, .grant: if SecretShapes.looksLikeCredential(bytes[...]) { found.hide(0..<bytes.count) }
        case .counted: if !bytes.allSatisfy(\.isDigit) { self.credentials(bytes, &found) }
        case .secret: self.credentials(bytes, &found)
        }
        if found.isEmpty { found.hide(TextScanner(rules: self.rules, style: .data).scan(bytes)) }
        return found
    }

    /// Everything, or what stands behind a known scheme: the first word of an odd value may be the secret itself.
    private func credentials(_ bytes: [UInt8], _ found: inout SecretRanges) {
        let word = String(decoding: bytes.prefix(6), as: UTF8.self).lowercased()
        if word == "true" || word == "false" || word == "null" { return }
        let start = Credentials.secretStart(of: bytes[...]) ?? 0
        if start < bytes.count { found.hide(start..<bytes.count) }
    }

    private func cookies(_ bytes: [UInt8], _ found: inout SecretRanges) {
        for pair in bytes.split(separator: UInt8(ascii: ";")) { self.cookie(pair, &found) }
    }

    /// The value of `name=value`, or all of a pair without a name.
    private func cookie(_ pair: ArraySlice<UInt8>, _ found: inout SecretRanges) {
        let trimmed = pair.drop(while: \.isBlank)
        let start = trimmed.firstIndex(of: UInt8(ascii: "=")).map { $0 + 1 } ?? trimmed.startIndex
        found.hide(start..<trimmed.endIndex)
    }

    private func setCookie(_ bytes: [UInt8], _ found: inout SecretRanges) {
        for (place, part) in bytes.split(separator: UInt8(ascii: ";")).enumerated() {
            guard place > 0 else {
                self.cookie(part, &found)
                continue
            }
            let trimmed = part.drop(while: \.isBlank)
            let equals = trimmed.firstIndex(of: UInt8(ascii: "="))
            let name = String(decoding: trimmed[..<(equals ?? trimmed.endIndex)], as: UTF8.self).lowercased()
            guard Self.attributes.contains(name) else {
                self.cookie(part, &found)
                continue
            }
            guard let equals else { continue }
            // A second cookie behind a comma, as some servers join them; otherwise a path or a date.
            let value = trimmed[(equals + 1)...]
            if let second = value.firstIndex(of: UInt8(ascii: "=")) {
                found.hide((second + 1)..<value.endIndex)
            } else {
                for part in TextScanner(rules: self.rules, style: .data).scan(Array(value)).merged {
                    found.hide(part.range.shifted(by: value.startIndex))
                }
            }
        }
    }

    /// Subprotocols of a WebSocket, which carry tokens because a browser can set no other field: `bearer, T`,
    /// `base64url.bearer.authorization.example.T`.
    private func protocols(_ bytes: [UInt8], _ found: inout SecretRanges) {
        var isBehindName = false
        for element in bytes.split(separator: UInt8(ascii: ",")) {
            var value = element.drop(while: \.isBlank)
            while let last = value.last, last.isBlank { value.removeLast() }
            guard !value.isEmpty else { continue }
            if isBehindName || SecretShapes.looksLikeCredential(value) {
                found.hide(value.startIndex..<value.endIndex)
                isBehindName = true
                continue
            }
            // The beginning up to the first telling name stays.
            for place in value.indices.dropFirst()
            where [0x2E, 0x2D, 0x5F, 0x3D, 0x3A, 0x20, 0x7C, 0x7E].contains(value[place]) {
                guard place + 1 < value.endIndex, self.isTelling(value[..<place]) else { continue }
                found.hide((place + 1)..<value.endIndex)
                isBehindName = true
                break
            }
            if self.isTelling(value) { isBehindName = true }
        }
    }

    private func isTelling(_ name: ArraySlice<UInt8>) -> Bool {
        let verdict = self.rules.verdict(parameter: String(decoding: name, as: UTF8.self))
        return verdict == .secret || verdict == .counted
    }
}
