/// A host that only this machine or a private network knows.
package enum LocalHost: String, Sendable, Hashable, CaseIterable {
    case loopback = "the machine itself (loopback)"
    case unspecified = "the unspecified address"
    case privateNetwork = "a private network (RFC 1918)"
    case linkLocal = "the local link"
    case sharedNetwork = "the shared network behind a provider (100.64.0.0/10)"
    case uniqueLocal = "a private network (IPv6 unique local)"
    case localName = "a name on the local network only"
    case container = "the host of a Docker container"

    /// `nil` for a public host, and for what is no host.
    ///
    /// - Parameter host: A name or an address as a URL has it, in any of the forms that URLs take (`127.1`, `0x7f000001`);
    ///   an IPv6 address with or without brackets.
    package init?(_ host: some StringProtocol) {
        var bytes = Array(host.lowercased().utf8)
        if bytes.first == 0x5B, bytes.last == 0x5D { bytes = Array(bytes.dropFirst().dropLast()) }
        if bytes.contains(0x3A) {
            guard let groups = IPAddressText.version6(bytes), let kind = Self.kind(of: groups) else { return nil }
            self = kind
            return
        }
        if bytes.last == 0x2E { bytes.removeLast() }
        if let number = IPAddressText.version4(bytes) {
            guard let kind = Self.kind(of: number) else { return nil }
            self = kind
            return
        }
        guard let kind = Self.kind(of: String(decoding: bytes, as: UTF8.self)) else { return nil }
        self = kind
    }

    /// True of the loopback's addresses, and of `localhost` and the names within it, which no DNS is asked for (RFC 6761,
    /// section 6.3).
    ///
    /// Other names of the loopback are what a file of this machine says; for them it is false.
    package static func isLoopback(_ host: some StringProtocol) -> Bool {
        var name = Array(host.lowercased().utf8)
        if name.last == 0x2E { name.removeLast() }
        if name.split(separator: 0x2E).last?.elementsEqual("localhost".utf8) == true { return true }
        // A name ends in a letter, an address in a number; the brackets of IPv6 are no part of a name.
        let isAddress = name.contains(0x3A) || name.last.map { (0x30...0x39).contains($0) } == true
        return isAddress && Self(host) == .loopback
    }

    private static func kind(of number: UInt32) -> LocalHost? {
        switch number >> 24 {
        case 0: return .unspecified
        case 10: return .privateNetwork
        case 127: return .loopback
        case 100 where number >> 22 == 0x6440_0000 >> 22: return .sharedNetwork
        case 169 where number >> 16 == 0xA9FE: return .linkLocal
        case 172 where number >> 20 == 0xAC1: return .privateNetwork
        case 192 where number >> 16 == 0xC0A8: return .privateNetwork
        default: return nil
        }
    }

    private static func kind(of groups: [UInt16]) -> LocalHost? {
        let number = UInt32(groups[6]) << 16 | UInt32(groups[7])
        let head = groups[..<5].allSatisfy { $0 == 0 }
        // `::ffff:10.0.0.1`, `::10.0.0.1` and `64:ff9b::10.0.0.1` are the IPv4 address that they hold.
        if head, groups[5] == 0xFFFF { return Self.kind(of: number) }
        if head, groups[5] == 0 { return number == 0 ? .unspecified : number == 1 ? .loopback : Self.kind(of: number) }
        if groups[0] == 0x64, groups[1] == 0xFF9B, groups[2..<6].allSatisfy({ $0 == 0 }) {
            return Self.kind(of: number)
        }
        switch groups[0] {
        case 0xFE80...0xFEBF: return .linkLocal
        case 0xFC00...0xFDFF: return .uniqueLocal
        // Site-local addresses, which unique local ones have replaced.
        case 0xFEC0...0xFEFF: return .uniqueLocal
        default: return nil
        }
    }

    private static func kind(of name: String) -> LocalHost? {
        func ends(_ suffix: String) -> Bool { name == suffix || name.hasSuffix("." + suffix) }
        if ["localhost", "localdomain"].contains(where: ends) || ["ip6-localhost", "ip6-loopback"].contains(name) {
            return .loopback
        }
        if name.hasSuffix(".docker.internal") || name == "host.containers.internal" { return .container }
        return ["local", "internal", "lan", "home.arpa", "intranet"].contains { name.hasSuffix("." + $0) }
            ? .localName : nil
    }
}

/// Addresses as text.
enum IPAddressText {
    /// One to four numbers, decimal, octal or hexadecimal, as URLs take them (url.spec.whatwg.org, "IPv4 parser").
    static func version4(_ bytes: [UInt8]) -> UInt32? {
        let parts = bytes.split(separator: 0x2E, maxSplits: 4, omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var numbers: [UInt64] = []
        for part in parts {
            guard let number = self.number(part) else { return nil }
            numbers.append(number)
        }
        guard let last = numbers.popLast(), numbers.allSatisfy({ $0 <= 255 }), last < 1 << (8 * (4 - numbers.count))
        else { return nil }
        return UInt32(numbers.enumerated().reduce(last) { $0 + $1.element << (8 * (3 - $1.offset)) })
    }

    private static func number(_ part: ArraySlice<UInt8>) -> UInt64? {
        guard let first = part.first, part.count <= 14 else { return nil }
        let text = String(decoding: part, as: UTF8.self)
        guard first == 0x30, part.count > 1 else { return part.allSatisfy(self.isDigit) ? UInt64(text) : nil }
        guard part.dropFirst().first != 0x78 else {
            return part.count == 2
                ? 0 : part[(part.startIndex + 2)] == 0x2B ? nil : UInt64(text.dropFirst(2), radix: 16)
        }
        return part.allSatisfy(self.isDigit) ? UInt64(text, radix: 8) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Eight groups; a zone behind `%` is left out.
    static func version6(_ bytes: [UInt8]) -> [UInt16]? {
        var text = String(decoding: bytes.prefix { $0 != 0x25 }, as: UTF8.self)
        if let colon = text.lastIndex(of: ":"), text[colon...].contains(".") {
            guard let number = self.version4(Array(text[text.index(after: colon)...].utf8)) else { return nil }
            text = text[...colon] + String(number >> 16, radix: 16) + ":" + String(number & 0xFFFF, radix: 16)
        }
        func groups(_ text: Substring) -> [UInt16]? {
            guard !text.isEmpty else { return [] }
            var result: [UInt16] = []
            for part in text.split(separator: ":", omittingEmptySubsequences: false) {
                guard (1...4).contains(part.utf8.count), let value = UInt16(part, radix: 16), part.first != "+" else {
                    return nil
                }
                result.append(value)
            }
            return result
        }
        guard let gap = text.firstRange(of: "::") else {
            guard let all = groups(text[...]), all.count == 8 else { return nil }
            return all
        }
        guard let left = groups(text[..<gap.lowerBound]), let right = groups(text[gap.upperBound...]),
            left.count + right.count <= 7
        else { return nil }
        return left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right
    }
}
