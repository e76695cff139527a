/// The credentials of HTTP authentication (RFC 9110 section 11.4): a scheme and what follows it.
enum Credentials {
    /// Registered schemes, and those in use that are not; in lower case.
    private static let schemes: Set<String> = [
        "basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth",
        "privatetoken",
        "scram-sha-1", "scram-sha-256", "vapid", "token", "apikey", "api-key", "hawk", "ntlm", "signature", "sharedkey",
        "sharedkeylite", "sharedaccesssignature", "aws4-hmac-sha256", "aws4-ecdsa-p256-sha256", "aws", "key", "jwt",
        "googlelogin", "webpush", "acquia-http-hmac", "splunk", "snowflake", "client-cert", "bot",
    ]
    /// Those of them that announce a token in any text.
    private static let told: Set<String> = ["basic", "bearer", "dpop", "negotiate", "apikey"]

    /// Where the secret part of a field's value begins: behind the scheme, if it has one that is known.
    static func secretStart(of value: ArraySlice<UInt8>) -> Int? {
        guard let blank = value.firstIndex(where: { $0 == 0x20 || $0 == 0x09 }), self.isScheme(value[..<blank]) else {
            return nil
        }
        return value[blank...].firstIndex { !$0.isBlank }
    }

    static func isScheme(_ word: ArraySlice<UInt8>) -> Bool {
        word.count <= 24 && self.schemes.contains(String(decoding: word, as: UTF8.self).lowercased())
    }

    /// True for the name of a scheme that announces a token.
    static func isTold(_ word: ArraySlice<UInt8>) -> Bool {
        (5...9).contains(word.count) && self.told.contains(String(decoding: word, as: UTF8.self).lowercased())
    }

    /// The token behind a word such as `Bearer`; `nil` where the next word is one of a sentence.
    static func token(behind word: Range<Int>, in bytes: [UInt8]) -> Range<Int>? {
        // The word may have a name before it, `q=Bearer`, and a form writes its blank as a plus.
        let plus = bytes[word].prefix(64).firstIndex(of: UInt8(ascii: "+"))
        let end = plus ?? word.upperBound
        let scheme =
            (bytes[word.lowerBound..<end].lastIndex(of: UInt8(ascii: "=")).map { $0 + 1 } ?? word.lowerBound)..<end
        guard self.isTold(bytes[scheme]) else { return nil }
        var start = end
        while start < bytes.count, bytes[start].isBlank || start == plus { start += 1 }
        guard start > end else { return nil }
        return self.token(bytes, start, isFirst: scheme.lowerBound == 0)
    }

    private static func token(_ bytes: [UInt8], _ start: Int, isFirst: Bool) -> Range<Int>? {
        var end = start
        while end < bytes.count, TextScanner.isWordByte(bytes[end]) || bytes[end] == UInt8(ascii: ":") { end += 1 }
        let token = bytes[start..<end]
        // `realm=…` is a parameter of a challenge.
        guard !token.isEmpty, token.drop(while: { $0 != 0x3D }).allSatisfy({ $0 == 0x3D }) else { return nil }
        let isAlone = isFirst && end == bytes.count
        let isNoWord = token.contains(where: \.isDigit) || token.dropFirst().contains(where: \.isUpper)
        return isAlone || (token.count >= 8 && isNoWord) ? start..<end : nil
    }
}
