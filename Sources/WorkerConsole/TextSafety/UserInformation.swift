/// The user information of a URL, `user:password@`, in any text.
enum UserInformation {
    /// Schemes whose `@` belongs to an address.
    private static let addresses: Set<String> = [
        "mailto", "sip", "sips", "acct", "xmpp", "im", "pres", "tel", "urn", "cid", "mid",
    ]

    /// What is secret before the `@` at `index`: the password, and the name where it is what gives access.
    /// - Parameters:
    ///   - index: Of the sign.
    ///   - runStart: Where what no URL can hold ends before it.
    ///   - bytes: The text.
    /// - Returns: In order, without overlap.
    static func secrets(before index: Int, from runStart: Int, in bytes: [UInt8]) -> [Range<Int>] {
        guard index + 1 < bytes.count else { return [] }
        var start = runStart
        var hasScheme = false
        if let scheme = self.lastScheme(bytes[start..<index]) {
            start = scheme
            hasScheme = true
        } else {
            // `url=user:password@host`, `//user:password@host`, `tcp(`, `key,user:password@host`.
            while let mark = bytes[start..<index].firstIndex(where: { [0x3D, 0x28, 0x2C, 0x5B, 0x7B].contains($0) }) {
                start = mark + 1
            }
            while start < index, bytes[start] == 0x2F { start += 1 }
        }
        let before = bytes[start..<index]
        guard !before.isEmpty else { return [] }
        let colon = before.firstIndex(of: UInt8(ascii: ":"))
        if let stop = before.firstIndex(where: { [0x2F, 0x3F, 0x23].contains($0) }) {
            // An unencoded slash in a password, where no port can stand.
            guard hasScheme, let colon, colon < stop, !before[(colon + 1)..<stop].allSatisfy(\.isDigit) else {
                return []
            }
            return [(colon + 1)..<index]
        }
        guard let colon else {
            guard hasScheme, !before.elementsEqual(Array("git".utf8)) else { return [] }
            return [start..<index]
        }
        let name = bytes[start..<colon]
        let password = bytes[(colon + 1)..<index]
        if !hasScheme {
            guard !name.isEmpty, !password.isEmpty, self.isHostStart(bytes[index + 1]),
                !self.addresses.contains(String(decoding: name, as: UTF8.self).lowercased())
            else { return [] }
        }
        var secrets: [Range<Int>] = []
        let isKey =
            password.isEmpty || password.elementsEqual(Array("x-oauth-basic".utf8))
            || SecretShapes.looksLikeCredential(name)
        if isKey, !name.isEmpty { secrets.append(start..<colon) }
        if !password.isEmpty { secrets.append((colon + 1)..<index) }
        return secrets
    }

    /// Behind the last `://`.
    private static func lastScheme(_ bytes: ArraySlice<UInt8>) -> Int? {
        var place = bytes.endIndex
        while place - 3 >= bytes.startIndex {
            if bytes[place - 1] == 0x2F, bytes[place - 2] == 0x2F, bytes[place - 3] == 0x3A { return place }
            place -= 1
        }
        return nil
    }

    private static func isHostStart(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "[") || byte >= 0x80
    }

    /// True for what no URL holds.
    static func isEnd(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [0x22, 0x27, 0x60, 0x3C, 0x3E, 0x7C, 0x5C].contains(byte)
    }
}
