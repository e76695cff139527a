/// An address and port to listen on, or that is listened on.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address, the latter without brackets; `localhost` for both of its addresses; `*` for every address
    /// of the machine; or a name for all of its addresses.
    package var host: String
    /// 0 lets the system choose one.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `127.0.0.1:8787`, `[::1]:8787`, `localhost:8787`, `*:8787`, and `:8787` or `8787`, where the host is
    /// `127.0.0.1`; `nil` for others.
    ///
    /// - Parameter text: As a person wrote it.
    package init?(parsing text: String) {
        var host = Substring("127.0.0.1")
        var port = Substring(text)
        if let colon = text.lastIndex(of: ":") {
            port = text[text.index(after: colon)...]
            let before = text[..<colon]
            if before.hasPrefix("["), before.hasSuffix("]") {
                host = before.dropFirst().dropLast()
            } else if before.contains(":") {
                return nil
            } else if !before.isEmpty {
                host = before
            }
        }
        guard !host.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            (0...65_535).contains(number), !HostText.isOddAddress(host)
        else { return nil }
        self.init(host: String(host), port: number)
    }

    /// True when only this machine can connect.
    package var isLoopback: Bool { LocalHost.isLoopback(self.host) }

    package var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
