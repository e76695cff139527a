package import WorkerDomain

/// Hosts in a text that may be a URL, and what the name of a variable says of it.
package enum HostsInText {
    /// Origins that CORS allows are compared with, and asked by nobody.
    package static func isAllowList(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["cors", "allow", "origins", "referer", "referrer", "trusted", "whitelist", "host_header"].contains {
            name.contains($0)
        } || name == "origin"
    }

    /// True when a text of that name may be a host without a scheme: `BACKEND_HOST`, `upstream`; not of `API_VERSION`.
    package static func meansHost(_ name: String) -> Bool {
        let words = Self.words(of: name)
        guard let last = words.last(where: { !$0.utf8.allSatisfy(Self.isDigit) }), !Self.isOther(last) else {
            return false
        }
        let isAddress = Self.means(last, ["host", "url", "uri", "addr", "server", "endpoint"])
        if !isAddress, words.contains(where: { Self.means($0, ["version", "release", "build"]) }) { return false }
        return words.contains {
            Self.means(
                $0,
                [
                    "host", "url", "uri", "addr", "server", "backend", "upstream", "endpoint", "target", "api", "proxy",
                    "dsn",
                ])
        }
    }

    /// The word is one of these, or one that begins or ends with it: `hostname`, `baseurl`.
    private static func means(_ word: String, _ parts: [String]) -> Bool {
        !["ghost", "curl"].contains(word) && parts.contains { word.hasPrefix($0) || word.hasSuffix($0) }
    }

    /// The last word of a name says what the text is, and this one says that it is no host.
    private static func isOther(_ word: String) -> Bool {
        let single = word.hasSuffix("s") ? String(word.dropLast()) : word
        if ["id", "ttl", "ver", "rev", "env", "tag", "key", "user", "rate", "fee", "cert", "conf"].contains(single) {
            return true
        }
        return [
            "version", "release", "revision", "build", "timeout", "interval", "delay", "time", "duration", "price",
            "cost", "ratio", "weight", "threshold", "count", "limit", "size", "retrie", "level", "score", "mode",
            "environment", "file", "filename", "path", "folder", "directory", "module", "package", "class", "config",
            "configuration", "setting", "profile", "template", "script", "email", "mail", "username", "password",
            "token", "secret", "apikey", "certificate", "type", "format", "label", "title", "cidr", "subnet", "number",
        ].contains { single.hasSuffix($0) || word.hasSuffix($0) }
    }

    /// `BACKEND_URL`, `backend-url` and `backendUrl` are two words each, in small letters.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var wasSmall = false
        for byte in name.utf8.prefix(256) {
            let isLarge = (0x41...0x5A).contains(byte)
            let isPart = isLarge || (0x61...0x7A).contains(byte) || Self.isDigit(byte) || byte >= 0x80
            if !isPart || isLarge && wasSmall, !word.isEmpty {
                words.append(String(decoding: word, as: UTF8.self))
                word = []
            }
            if isPart { word.append(isLarge ? byte | 0x20 : byte) }
            wasSmall = isPart && !isLarge
        }
        return word.isEmpty ? words : words + [String(decoding: word, as: UTF8.self)]
    }

    /// The hosts that only a local network knows. In a piece of a formatted text (`isWhole` is false) more may follow;
    /// with `mayBeBare` a host without a scheme and a port counts too.
    package static func find(
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
        guard !hasScheme, isWhole, let item = Self.bare(bytes, mayBeBare: mayBeBare) else { return found }
        return [item]
    }

    /// The host of a text without a scheme: a name, or an address that is written out.
    private static func bare(_ bytes: [UInt8], mayBeBare: Bool) -> (host: String, kind: LocalHost)? {
        guard !bytes.contains(where: { $0 <= 32 }) else { return nil }
        let end = bytes.firstIndex { Self.endsAuthority($0) } ?? bytes.count
        let authority = bytes[..<end]
        let hasPort = authority.lastIndex(of: 0x3A).map { colon in
            let port = authority[(colon + 1)...]
            return (1...5).contains(port.count) && port.allSatisfy(Self.isDigit)
        }
        guard hasPort == true || mayBeBare else { return nil }
        // Without a password and a port it is an e-mail address.
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            guard hasPort == true, authority[..<at].contains(0x3A) else { return nil }
        }
        guard let item = Self.host(authority, isComplete: true) else { return nil }
        if item.host.hasPrefix("[") { return item }
        var labels = item.host.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
        if labels.last?.isEmpty == true { labels.removeLast() }
        // `.env.local` is the name of a file.
        guard let last = labels.last?.utf8.first, !labels.contains(where: \.isEmpty) else { return nil }
        if (0x61...0x7A).contains(last | 0x20) {
            return hasPort == true || !Self.isFileOrModule(labels) ? item : nil
        }
        // A number is a number, and `10.0.0.0/8` a range: the short forms of addresses count behind a scheme alone.
        let isRange =
            bytes[end...].first == 0x2F && bytes[end...].count > 1 && bytes[(end + 1)...].allSatisfy(Self.isDigit)
        return Self.isWrittenOut(labels) && (hasPort == true || !isRange) ? item : nil
    }

    /// `settings.local`, `my_app.internal`: no host, unless a port stands behind it.
    private static func isFileOrModule(_ labels: [Substring]) -> Bool {
        let files = [
            "settings", "config", "configuration", "env", "environment", "secrets", "application", "appsettings",
            "compose", "docker-compose", "wrangler", "package", "vars", "dev",
        ]
        return labels.contains { $0.utf8.contains(UInt8(ascii: "_")) }
            || labels.count == 2 && files.contains(labels[0].lowercased()) && labels[1].lowercased() == "local"
    }

    /// Four numbers up to 255, without zeros before them.
    private static func isWrittenOut(_ labels: [Substring]) -> Bool {
        labels.count == 4
            && labels.allSatisfy { label in
                label.utf8.count <= 3 && label.utf8.allSatisfy(Self.isDigit) && UInt8(label) != nil
                    && (label == "0" || label.first != "0")
            }
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
