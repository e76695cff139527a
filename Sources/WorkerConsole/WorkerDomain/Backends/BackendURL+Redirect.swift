extension BackendURL {
    /// True when a redirect names this backend itself: who follows it leaves the proxy.
    package func isNamed(byRedirect location: some Collection<UInt8>) -> Bool {
        self.rest(ofRedirect: Array(location)) != nil
    }

    /// Where a redirect to this backend leads through the proxy, which puts ``basePath`` before it again.
    /// - Parameter location: The value of a Location field.
    /// - Returns: A path with its query and fragment; `nil` for a redirect to elsewhere or to above ``basePath``.
    package func path(ofRedirect location: some Collection<UInt8>) -> [UInt8]? {
        guard var rest = self.rest(ofRedirect: Array(location)) else { return nil }
        let base = Array(self.basePath.utf8)
        if !base.isEmpty {
            guard rest.starts(with: base) else { return nil }
            rest = Array(rest.dropFirst(base.count))
            guard rest.isEmpty || Self.endsPart(rest[0]) else { return nil }
        }
        // Browsers read a backslash as a slash.
        if rest.first == 0x5C { rest[0] = 0x2F }
        if rest.first != 0x2F { rest.insert(0x2F, at: 0) }
        // Two slashes would name another host.
        if rest.count > 1, rest[1] == 0x2F || rest[1] == 0x5C { rest.insert(contentsOf: [0x2F, 0x2E], at: 0) }
        return rest
    }

    /// What stands behind the authority of a URL that names this backend; `nil` for any other.
    private func rest(ofRedirect location: [UInt8]) -> [UInt8]? {
        guard self.socketPath == nil else { return nil }
        var rest = location[...]
        let scheme = Array("\(self.scheme.rawValue):".utf8)
        if rest.count >= scheme.count, zip(rest, scheme).allSatisfy({ Self.lower($0) == $1 }) {
            rest = rest.dropFirst(scheme.count)
        }
        guard rest.starts(with: [0x2F, 0x2F]) else { return nil }
        rest = rest.dropFirst(2)
        var authority = rest.prefix { !Self.endsPart($0) }
        rest = rest[authority.endIndex...]
        if let at = authority.lastIndex(of: 0x40) { authority = authority[(at + 1)...] }
        var host = authority
        var port = self.scheme == .https ? 443 : 80
        if let colon = authority.lastIndex(of: 0x3A), authority.last != 0x5D {
            host = authority[..<colon]
            let digits = authority[(colon + 1)...]
            guard digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            if !digits.isEmpty { port = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        }
        if host.first == 0x5B, host.last == 0x5D { host = host.dropFirst().dropLast() }
        let name = String(decoding: host.map(Self.lower), as: UTF8.self)
        guard port == self.port, name == self.host.lowercased() || Self.isThisMachine(name) && self.isThisMachine else {
            return nil
        }
        return Array(rest)
    }

    private var isThisMachine: Bool { Self.isThisMachine(self.host.lowercased()) }

    /// The names of this machine that all servers on it share; a name within `localhost` may be one of several sites.
    private static func isThisMachine(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0 < 0x3A })
    }

    private static func endsPart(_ byte: UInt8) -> Bool { [0x2F, 0x3F, 0x23, 0x5C].contains(byte) }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
