import WorkerDomain

/// Hosts in a text that may be a URL, and what the name of a variable says of it.
enum HostsInText {
    /// Origins that CORS allows are compared with, and asked by nobody.
    static func isAllowList(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["cors", "allow", "origins", "referer", "referrer", "trusted", "whitelist", "host_header"].contains {
            name.contains($0)
        } || name == "origin"
    }

    /// True when a text of that name may be a host without a scheme: `BACKEND_HOST`, `upstream`.
    static func meansHost(_ name: String) -> Bool {
        let name = name.lowercased()
        return [
            "host", "url", "uri", "addr", "server", "backend", "upstream", "endpoint", "target", "api", "proxy", "dsn",
        ]
        .contains { name.contains($0) }
    }

    /// The hosts that only a local network knows. In a piece of a formatted text (`isWhole` is false) more may follow;
    /// with `mayBeBare` a host without a scheme and a port counts too.
    static func find(
        in text: String, isWhole: Bool, mayBeBare: Bool
    ) -> [(host: String, kind: LocalHost)] {
        let bytes = Array(text.utf8)
        var found: [(host: String, kind: LocalHost)] = []
        var index = 0
        var hasScheme = false
        while let mark = Self.scheme(in: bytes, from: index), found.count < 16 {
            hasScheme = true
            let end = bytes[mark...].firstIndex { Self.endsAuthority($0) } ?? bytes.count
            if let item = Self.host(bytes[mark..<end], isComplete: isWhole || end < bytes.count) { found.append(item) }
            index = end
        }
        guard !hasScheme, isWhole, !bytes.contains(where: { $0 <= 32 }) else { return found }
        let end = bytes.firstIndex { Self.endsAuthority($0) } ?? bytes.count
        let hasPort = bytes[..<end].lastIndex(of: 0x3A).map { colon in
            let port = bytes[(colon + 1)..<end]
            return !port.isEmpty && port.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard hasPort == true || mayBeBare, let item = Self.host(bytes[..<end], isComplete: true) else { return found }
        // A number alone is a number.
        if !bytes[..<end].contains(0x2E), !bytes[..<end].contains(where: { (0x61...0x7A).contains($0 | 0x20) }) {
            return found
        }
        return found + [item]
    }

    /// The place behind the next `scheme://`.
    private static func scheme(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 2 < bytes.count {
            if bytes[index] == 0x3A, bytes[index + 1] == 0x2F, bytes[index + 2] == 0x2F, index > 0,
                (0x61...0x7A).contains(bytes[index - 1] | 0x20)
            {
                return index + 3
            }
            index += 1
        }
        return nil
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"), UInt8(ascii: ","),
            UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ">"), 0...32:
            true
        default: false
        }
    }

    /// The host of `user:password@host:port`, as it is shown: with its port and nothing else of what stands around it.
    private static func host(
        _ authority: ArraySlice<UInt8>, isComplete: Bool
    ) -> (host: String, kind: LocalHost)? {
        var rest = authority
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[(at + 1)...] }
        var host = rest
        var port = rest[rest.endIndex...]
        var isEnded = isComplete
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            // Without the zone, which may be any text.
            host = rest[..<end].prefix { $0 != UInt8(ascii: "%") } + [UInt8(ascii: "]")]
            port = rest[(end + 1)...]
            isEnded = true
        } else if let colon = rest.firstIndex(of: 0x3A) {
            // More than one colon is an IPv6 address without its brackets, or no address.
            guard !rest[(colon + 1)...].contains(0x3A) else { return nil }
            host = rest[..<colon]
            guard host.allSatisfy(Self.isOfName) else { return nil }
            port = rest[colon...]
            isEnded = true
        } else {
            guard host.allSatisfy(Self.isOfName) else { return nil }
        }
        guard isEnded, !host.isEmpty, host.count <= 253 else { return nil }
        let name = String(decoding: host, as: UTF8.self)
        return LocalHost(name).map { (name + Self.shown(port: port), $0) }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// The colon and up to five digits; a colon alone where a formatted text goes on with the port.
    private static func shown(port: ArraySlice<UInt8>) -> String {
        guard port.first == 0x3A else { return "" }
        let digits = port.dropFirst().prefix(while: Self.isDigit)
        let isWanted = digits.isEmpty ? port.count == 1 : digits.count <= 5
        return isWanted ? ":" + String(decoding: digits, as: UTF8.self) : ""
    }
}
